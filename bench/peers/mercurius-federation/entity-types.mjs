/** The entities, with the fields that are asked for. */
export const typeDefs = /* GraphQL */ `
  scalar DateTimeISO

  extend type Query {
    ready: Boolean!
  }
  type Organization @key(fields: "id") {
    id: ID!
    name: String!
    slug: String!
    createdAt: DateTimeISO!
    modifiedAt: DateTimeISO!
  }
  type Account @key(fields: "id") {
    id: ID!
    name: String!
    createdAt: DateTimeISO!
    modifiedAt: DateTimeISO!
  }
  type Widget @key(fields: "id") {
    id: ID!
    name: String!
    createdAt: DateTimeISO!
    modifiedAt: DateTimeISO!
  }
  type Environment @key(fields: "id") {
    id: ID!
    name: String!
    createdAt: DateTimeISO!
    modifiedAt: DateTimeISO!
  }
  type ApiKey @key(fields: "id") {
    id: ID!
    name: String!
    description: String!
    organizationId: ID!
    createdAt: DateTimeISO!
    modifiedAt: DateTimeISO!
  }
`;

/** The types of resources, by their level. */
export const RESOURCE_TYPES = ['Organization', 'Account', 'Widget', 'Environment'];
