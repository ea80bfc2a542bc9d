import type { Change } from '../audit/change';
import { LEVELS, depthOf } from '../scopes';
import { newId } from '../shared/ids';
import { rejected } from '../shared/user-errors';
import { lockChangeable } from './changeable-resources';
import { toNode, toRow } from './new-resource';
import { ResourceEntity } from './resource-entity';
import { checkResourceName } from './resource-fields';
import type { ResourceNode } from './resource-node';
import { resourceOccurrence, resourceState } from './resource-state';

export interface CreateResource {
  readonly parentId: string;
  readonly name: string;
}

/** Makes a resource of the level below its parent's. */
export async function createResource(change: Change, input: CreateResource): Promise<ResourceNode> {
  const { transaction, now } = change;
  const parent = (await lockChangeable(change, [input.parentId]))(input.parentId, 'parentId');
  const level = LEVELS[depthOf(parent.level) + 1];
  if (level === undefined) throw rejected('INVALID', 'An environment has nothing below it.', ['parentId']);
  const resource = {
    id: newId(),
    level,
    organizationId: parent.organizationId,
    parentId: parent.id,
    name: checkResourceName(input.name),
    slug: null,
  };
  await transaction.insert(ResourceEntity, [toRow(resource, now)]);
  const created = toNode(resource, parent, now);
  await change.record([resourceOccurrence('RESOURCE_CREATED', created, null, resourceState(created))]);
  return created;
}
