import type { Change } from '../audit/change';
import { foldName } from '../shared/folded-name';
import { lockChangeable } from './changeable-resources';
import { checkResourceName } from './resource-fields';
import type { ResourceNode } from './resource-node';
import { resourceOccurrence, resourceState } from './resource-state';

export interface RenameResource {
  readonly id: string;
  readonly name: string;
}

/** Gives a resource another name. One that has it already stays as it is. */
export async function renameResource(change: Change, input: RenameResource): Promise<ResourceNode> {
  const { transaction, now } = change;
  const resource = (await lockChangeable(change, [input.id]))(input.id, 'id');
  const name = checkResourceName(input.name);
  if (name === resource.name) return resource;
  await transaction.execute('UPDATE resources SET name = ?, name_folded = ?, modified_at = ? WHERE id = ?', [
    name,
    foldName(name),
    now,
    resource.id,
  ]);
  const renamed = { ...resource, name, modifiedAt: now };
  const [before, after] = [resourceState(resource), resourceState(renamed)];
  await change.record([resourceOccurrence('RESOURCE_RENAMED', resource, before, after)]);
  return renamed;
}
