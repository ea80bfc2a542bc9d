import type { Change } from '../audit/change';
import { rejected } from '../shared/user-errors';
import { lockChangeable } from './changeable-resources';
import { deleteSubtrees } from './delete-subtrees';
import type { KeysOnTree } from './keys-on-tree';
import type { ResourceNode } from './resource-node';
import { resourceOccurrence, resourceState } from './resource-state';

/** Deletes a resource with all below it, and returns it as it was. */
export async function deleteResource(
  change: Change,
  keysOnTree: KeysOnTree,
  id: string,
): Promise<ResourceNode> {
  const resource = (await lockChangeable(change, [id]))(id, 'id');
  const whole = resource.level === 'ORGANIZATION';
  if (whole && !change.permissions.may('organization:delete', id)) {
    throw rejected('NOT_FOUND', 'There is no organization of this id that you may delete.', ['id'], [id]);
  }
  const { organizationId } = resource;
  const deleted = await deleteSubtrees(change.transaction, keysOnTree, [resource]);
  const before = {
    ...resourceState(resource),
    resources: deleted.resources.get(organizationId) ?? 0,
    keysThatLostGrants: deleted.keysThatLostGrants.get(organizationId) ?? 0,
    ...(whole && { deletedKeys: deleted.keys }),
  };
  const action = whole ? 'ORGANIZATION_DELETED' : 'RESOURCE_DELETED';
  await change.record([resourceOccurrence(action, resource, before, null)]);
  return resource;
}
