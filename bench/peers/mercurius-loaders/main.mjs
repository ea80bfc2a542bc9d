import fastify from 'fastify';
import { GraphQLDateTimeISO } from 'graphql-scalars';
import mercurius from 'mercurius';
import { subjectOf } from '../shared/caller.mjs';
import { grantsOf, idsAt, keysOf, organizationsOf, resourcesOf } from '../shared/key-queries.mjs';
import { typeDefs } from '../shared/key-types.mjs';

const resolvers = {
  DateTimeISO: GraphQLDateTimeISO,
  Query: {
    apiKeys: async (_root, { first }, { userId }) => {
      const keys = await keysOf(await organizationsOf(userId), first + 1);
      return { nodes: keys.slice(0, first), pageInfo: { hasNextPage: keys.length > first } };
    },
  },
};

const scopes = async (queries) => {
  const grants = await grantsOf(queries.map(({ obj }) => obj.id));
  return grants.map((granted) => ({
    granted,
    organizationId: idsAt(granted, 0)[0] ?? null,
    accountIds: idsAt(granted, 1),
    widgetIds: idsAt(granted, 2),
    environmentIds: idsAt(granted, 3),
  }));
};

const granted = (level) => async (queries) => {
  const ids = queries.map(({ obj }) => idsAt(obj.granted, level));
  const wanted = [...new Set(ids.flat())];
  const found = wanted.length === 0 ? [] : await resourcesOf(wanted);
  const byId = new Map(found.map((resource) => [resource.id, resource]));
  return ids.map((list) => list.map((id) => byId.get(id)));
};

const parents = async (queries) => {
  const ids = queries.map(({ obj }) => obj.parentId);
  const found = await resourcesOf([...new Set(ids)]);
  const byId = new Map(found.map((resource) => [resource.id, resource]));
  return ids.map((id) => byId.get(id));
};

const loaders = {
  ApiKey: { scope: scopes },
  Scope: {
    organization: async (queries) =>
      (await granted(0)(queries)).map(([organization]) => organization ?? null),
    accounts: granted(1),
    widgets: granted(2),
    environments: granted(3),
  },
  Account: { organization: parents },
  Widget: { account: parents },
  Environment: { widget: parents },
};

const app = fastify();
app.register(mercurius, {
  schema: typeDefs,
  resolvers,
  loaders,
  jit: 1,
  context: async (request) => ({ userId: await subjectOf(request.headers.authorization) }),
});
await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
