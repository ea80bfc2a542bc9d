// The subgraph of the team that keeps people: it knows keys by who made them.
import { serveSubgraph } from './serve-subgraph.mjs';

/** @param users each `{ id, displayName }` */
export function serveUsers(users) {
  const find = (id) => users.find((user) => user.id === id);
  return serveSubgraph('users', {
    Query: { user: (_, { id }) => find(id) },
    User: { __resolveReference: ({ id }) => find(id) },
    ApiKey: { creator: ({ creatorId }) => find(creatorId) },
  });
}
