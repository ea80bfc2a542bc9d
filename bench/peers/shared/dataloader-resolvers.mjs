import DataLoader from 'dataloader';
import { GraphQLDateTimeISO } from 'graphql-scalars';
import { subjectOf } from './caller.mjs';
import { grantsOf, idsAt, keysOf, organizationsOf, resourcesOf } from './key-queries.mjs';

/** What a request needs: who calls, and loaders of its own, as DataLoader's documentation has it. */
export async function contextOf(authorization) {
  return {
    userId: await subjectOf(authorization),
    grants: new DataLoader(grantsOf),
    resources: new DataLoader(resourcesOf),
  };
}

const parent = (resource, _args, { resources }) => resources.load(resource.parentId);

const ids = (level) => async (key, _args, context) => idsAt(await context.grants.load(key.id), level);

const granted = (level) => async (key, _args, context) =>
  context.resources.loadMany(idsAt(await context.grants.load(key.id), level));

export const resolvers = {
  DateTimeISO: GraphQLDateTimeISO,
  Query: {
    apiKeys: async (_root, { first }, { userId }) => {
      const keys = await keysOf(await organizationsOf(userId), first + 1);
      return { nodes: keys.slice(0, first), pageInfo: { hasNextPage: keys.length > first } };
    },
  },
  ApiKey: { scope: (key) => key },
  Scope: {
    organizationId: async (key, args, context) => (await ids(0)(key, args, context))[0] ?? null,
    accountIds: ids(1),
    widgetIds: ids(2),
    environmentIds: ids(3),
    organization: async (key, args, context) => (await granted(0)(key, args, context))[0] ?? null,
    accounts: granted(1),
    widgets: granted(2),
    environments: granted(3),
  },
  Account: { organization: parent },
  Widget: { account: parent },
  Environment: { widget: parent },
};
