import { describe, expect, test } from '@jest/globals';
import { composeServices } from '@apollo/composition';
import { composeServices as composeByTheGuild } from '@theguild/federation-composition';
import { buildSchema, parse } from 'graphql';
import { buildSubgraph, type SubgraphParts } from '../../src/server/federation/build-subgraph';
import { createSubgraph } from '../../src/server/schema';

const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@override"])';
const OWNED = { ownsResources: true, authDirectives: false };

/** What both compositions say of our subgraph beside another: the supergraph, or what is against it. */
function composed(other: string, ours = createSubgraph(OWNED).sdl) {
  const services = [
    { name: 'scopegate', typeDefs: parse(ours), url: 'http://scopegate.example' },
    { name: 'platform', typeDefs: parse(`${LINK} ${other}`), url: 'http://platform.example' },
  ];
  return [composeServices(services), composeByTheGuild(services)].map(({ errors, supergraphSdl }) => ({
    errors: errors?.map(({ message }) => message) ?? [],
    supergraph: supergraphSdl ?? '',
  }));
}

function expectComposed(other: string, ours?: string): void {
  for (const { errors, supergraph } of composed(other, ours)) {
    expect(errors).toEqual([]);
    expect(supergraph).toContain('type Environment');
  }
}

/** What a platform has that owns its environments. */
const OWNER = `
  scalar DateTime
  type Widget @key(fields: "id") { id: ID! environments: [Environment!]! }
  type Environment @key(fields: "id") { id: ID! name: String! region: String! createdAt: DateTime! widget: Widget! }
  type Query { environment(id: ID!): Environment }`;

describe('the subgraph composes', () => {
  test('beside one that adds to environments and to people', () => {
    expectComposed(`
      type Environment @key(fields: "id") { id: ID! deployments: [Deployment!]! }
      type Deployment @key(fields: "id") { id: ID! environment: Environment! }
      type Query { deployments: [Deployment!]! }`);
  });

  test('beside one that has a node field, its interface and pages of its own', () => {
    expectComposed(`
      interface Node { id: ID! }
      type PageInfo @shareable { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }
      type Environment implements Node @key(fields: "id") { id: ID! deployments: DeploymentConnection! }
      type Deployment implements Node @key(fields: "id") { id: ID! }
      type DeploymentConnection { nodes: [Deployment!]! pageInfo: PageInfo! }
      type Query { node(id: ID!): Node nodes(ids: [ID!]!): [Node]! }`);
  });

  test('beside one that knows organizations by their slug', () => {
    expectComposed(`
      type Organization @key(fields: "slug") { slug: String! plan: String! }
      type Query { plans: [Organization!]! }`);
  });

  test('beside one that shares or overrides the names of environments', () => {
    expectComposed(
      'type Environment @key(fields: "id") { id: ID! name: String! @shareable } type Query { x: Environment }',
    );
    expectComposed(
      'type Environment @key(fields: "id") { id: ID! name: String! @override(from: "scopegate") } type Query { x: Environment }',
    );
  });

  test('beside one that owns environments without knowing of us, once it leaves their own fields out', () => {
    for (const { errors } of composed(OWNER)) expect(errors).not.toEqual([]);
    expectComposed(OWNER, createSubgraph({ ...OWNED, ownsResources: false }).sdl);
  });

  test('and tells routers which fields need a caller, when it is told to', () => {
    const { sdl } = createSubgraph({ ...OWNED, authDirectives: true });
    expect(sdl).toMatch(/\n {2}viewer: Viewer @authenticated\n/);
    expect(sdl).toContain('@authenticated @requiresScopes(scopes: [["resources:sync"]])');
    expect(createSubgraph(OWNED).sdl).not.toMatch(/authenticated|requiresScopes/);
    for (const { errors, supergraph } of composed('type Query { x: Int }', sdl)) {
      expect(errors).toEqual([]);
      expect(supergraph).toContain('@requiresScopes(scopes: [["resources:sync"]])');
    }
  });

  test('and adds what may be missing, so that the rest of an environment stays', () => {
    const [{ supergraph } = { supergraph: '' }] = composed('type Query { x: Int }');
    const [environment = ''] = /type Environment\b[^}]*\{[^}]*\}/.exec(supergraph) ?? [];
    expect(environment).toMatch(/\): ResourceApiKeyConnection\n/);
    expect(environment).toMatch(/ id: ID!\n/);
  });
});

describe('a schema that is made a subgraph', () => {
  const source = buildSchema(
    'interface Node { id: ID! } type Thing implements Node { id: ID! name: String! } type Query { thing: Thing node: Node }',
  );
  const PARTS: SubgraphParts<unknown> = {
    links: LINK,
    directives: { Thing: '@key(fields: "id")', 'Thing.name': '@shareable' },
    leftOut: ['Node', 'Query.node'],
    nullable: ['Thing.name'],
    references: new Map(),
    typeNameOf: () => 'Thing',
  };

  test('has the directives that it was given, and nothing of what is left out', () => {
    const { sdl, schema } = buildSubgraph(source, PARTS);
    expect(sdl.replace(/\s+/g, ' ')).toBe(
      `${LINK} type Thing @key(fields: "id") { id: ID! name: String @shareable } type Query { thing: Thing } `,
    );
    expect(Object.keys(schema.getQueryType()?.getFields() ?? {}).sort()).toEqual([
      '_entities',
      '_service',
      'thing',
    ]);
  });

  test.each<[string, Partial<SubgraphParts<unknown>>]>([
    ['directives', { directives: { ...PARTS.directives, 'Thing.title': '@shareable' } }],
    ['what is left out', { leftOut: ['Query.nodes'] }],
    ['what may be null', { nullable: ['Other'] }],
  ])('is refused when %s name something that it does not have', (_what, more) => {
    expect(() => buildSubgraph(source, { ...PARTS, ...more })).toThrow(/^The schema has no \S+\.$/);
  });
});
