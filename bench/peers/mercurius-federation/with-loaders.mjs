// References are resolved by loaders, as the documentation of Mercurius strongly recommends.
import { mercuriusFederationPlugin } from '@mercuriusjs/federation';
import fastify from 'fastify';
import { GraphQLDateTimeISO } from 'graphql-scalars';
import { keysIn, readableOrganizations, resourcesIn } from './entity-queries.mjs';
import { RESOURCE_TYPES, typeDefs } from './entity-types.mjs';

const idsOf = (queries) => queries.map(({ obj }) => obj.id);

const resourceLoader = (level) => ({
  async __resolveReference(queries, { organizationIds }) {
    const resources = await resourcesIn(organizationIds, idsOf(queries));
    return resources.map((resource) => (resource?.level === level ? resource : null));
  },
});

const app = fastify();
app.register(mercuriusFederationPlugin, {
  schema: typeDefs,
  resolvers: { DateTimeISO: GraphQLDateTimeISO },
  loaders: {
    ...Object.fromEntries(RESOURCE_TYPES.map((type, level) => [type, resourceLoader(level)])),
    ApiKey: {
      __resolveReference: async (queries, { organizationIds }) => keysIn(organizationIds, idsOf(queries)),
    },
  },
  jit: 1,
  context: async (request) => ({
    organizationIds: await readableOrganizations(request.headers.authorization),
  }),
});
await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
