// References are resolved by DataLoader, for all types of resources together.
import { mercuriusFederationPlugin } from '@mercuriusjs/federation';
import DataLoader from 'dataloader';
import fastify from 'fastify';
import { GraphQLDateTimeISO } from 'graphql-scalars';
import { keysIn, readableOrganizations, resourcesIn } from './entity-queries.mjs';
import { RESOURCE_TYPES, typeDefs } from './entity-types.mjs';

const resource = (level) => ({
  async __resolveReference({ id }, _args, { resources }) {
    const found = await resources.load(id);
    return found?.level === level ? found : null;
  },
});

const app = fastify();
app.register(mercuriusFederationPlugin, {
  schema: typeDefs,
  resolvers: {
    DateTimeISO: GraphQLDateTimeISO,
    ...Object.fromEntries(RESOURCE_TYPES.map((type, level) => [type, resource(level)])),
    ApiKey: { __resolveReference: ({ id }, _args, { keys }) => keys.load(id) },
  },
  jit: 1,
  context: async (request) => {
    const organizationIds = await readableOrganizations(request.headers.authorization);
    return {
      resources: new DataLoader((ids) => resourcesIn(organizationIds, ids)),
      keys: new DataLoader((ids) => keysIn(organizationIds, ids)),
    };
  },
});
await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
