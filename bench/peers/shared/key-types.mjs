/** The part of the schema that the page asks for. */
export const typeDefs = /* GraphQL */ `
  scalar DateTimeISO

  type Query {
    apiKeys(first: Int!): ApiKeyConnection!
  }
  type ApiKeyConnection {
    nodes: [ApiKey!]!
    pageInfo: PageInfo!
  }
  type PageInfo {
    hasNextPage: Boolean!
  }
  type ApiKey {
    id: ID!
    name: String!
    description: String!
    createdAt: DateTimeISO!
    modifiedAt: DateTimeISO!
    creatorId: String!
    creatorEmail: String!
    modifiedBy: String!
    organizationId: ID!
    scope: Scope!
  }
  type Scope {
    organizationId: ID
    accountIds: [ID!]!
    widgetIds: [ID!]!
    environmentIds: [ID!]!
    organization: Organization
    accounts: [Account!]!
    widgets: [Widget!]!
    environments: [Environment!]!
  }
  type Organization {
    id: ID!
    name: String!
    slug: String!
    createdAt: DateTimeISO!
    modifiedAt: DateTimeISO!
  }
  type Account {
    id: ID!
    name: String!
    createdAt: DateTimeISO!
    modifiedAt: DateTimeISO!
    organization: Organization!
  }
  type Widget {
    id: ID!
    name: String!
    createdAt: DateTimeISO!
    modifiedAt: DateTimeISO!
    account: Account!
  }
  type Environment {
    id: ID!
    name: String!
    createdAt: DateTimeISO!
    modifiedAt: DateTimeISO!
    widget: Widget!
  }
`;
