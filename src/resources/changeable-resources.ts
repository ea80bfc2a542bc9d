import type { Change } from '../audit/change';
import { rejected } from '../shared/user-errors';
import { findPaths } from './find-paths';
import { lockTrees } from './lock-trees';
import { pathOf, type ResourceNode } from './resource-node';

/** The resource if the caller may change it. */
export type FindChangeable = (id: string, field: string) => ResourceNode;

/**
 * Reads the resources that the caller may change of these ids, and keeps their trees from other changes. Ids of others, and
 * of none, are told alike.
 */
export async function lockChangeable(change: Change, ids: readonly string[]): Promise<FindChangeable> {
  change.permissions.requireUser();
  const seen = await findChangeable(change, ids);
  await lockTrees(
    change.transaction,
    seen.map(({ organizationId }) => organizationId),
  );
  // Only now do they stay as they are.
  const found = await findChangeable(change, ids);
  const byId = new Map(found.map((resource) => [resource.id, resource]));
  return (id, field) => {
    const resource = byId.get(id);
    if (resource !== undefined) return resource;
    throw rejected('NOT_FOUND', 'There is no resource of this id that you may change.', [field], [id]);
  };
}

async function findChangeable(
  { transaction, permissions }: Change,
  ids: readonly string[],
): Promise<ResourceNode[]> {
  const found = await findPaths(transaction, ids);
  return found.filter((resource) => permissions.mayChangeResource(pathOf(resource)));
}
