import type { Change } from '../audit/change';
import { depthOf } from '../scopes';
import { rejected } from '../shared/user-errors';
import { lockChangeable } from './changeable-resources';
import type { ResourceNode } from './resource-node';
import { resourceOccurrence, resourceState } from './resource-state';

export interface MoveResource {
  readonly id: string;
  readonly parentId: string;
}

/**
 * Moves a resource, with all below it, to another parent of the same organization. Grants stay where they are: a key
 * reaches what its grants cover in the tree as it is then.
 */
export async function moveResource(change: Change, { id, parentId }: MoveResource): Promise<ResourceNode> {
  const find = await lockChangeable(change, [id, parentId]);
  const resource = find(id, 'id');
  refuseImmovable(resource);
  const parent = find(parentId, 'parentId');
  checkParent(resource, parent);
  if (resource.parent?.id === parent.id) return resource;
  await change.transaction.execute('UPDATE resources SET parent_id = ?, modified_at = ? WHERE id = ?', [
    parent.id,
    change.now,
    resource.id,
  ]);
  const moved = { ...resource, parent, modifiedAt: change.now };
  const [before, after] = [resourceState(resource), resourceState(moved)];
  await change.record([resourceOccurrence('RESOURCE_MOVED', resource, before, after)]);
  return moved;
}

function refuseImmovable({ level }: ResourceNode): void {
  if (level !== 'ORGANIZATION' && level !== 'ACCOUNT') return;
  const message = 'Only widgets and environments can move: an account stays in its organization.';
  throw rejected('INVALID', message, ['id']);
}

// Levels only go down from a parent to its children, so that a parent of the right level never lies below.
function checkParent(resource: ResourceNode, parent: ResourceNode): void {
  if (depthOf(parent.level) !== depthOf(resource.level) - 1) {
    const message = 'A widget moves to an account, an environment to a widget.';
    throw rejected('INVALID', message, ['parentId'], [parent.id]);
  }
  if (parent.organizationId !== resource.organizationId) {
    const message = 'A resource stays in its organization.';
    throw rejected('INVALID', message, ['parentId'], [parent.id]);
  }
}
