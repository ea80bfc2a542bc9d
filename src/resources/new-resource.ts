import { depthOf, type Level } from '../scopes';
import { foldName } from '../shared/folded-name';
import type { ResourceEntity } from './resource-entity';
import type { ResourceNode } from './resource-node';

/** What is said of a resource that is new here. */
export interface NewResource {
  readonly id: string;
  readonly level: Level;
  readonly organizationId: string;
  readonly parentId: string | null;
  readonly name: string;
  readonly slug: string | null;
}

/** The row of a new resource. */
export function toRow({ level, ...resource }: NewResource, now: number): ResourceEntity {
  const depth = depthOf(level);
  return {
    ...resource,
    level: depth,
    parentLevel: resource.parentId === null ? null : depth - 1,
    nameFolded: foldName(resource.name),
    createdAt: now,
    modifiedAt: now,
  };
}

/** A new resource as it would be read. */
export function toNode(
  { id, level, organizationId, name, slug }: NewResource,
  parent: ResourceNode | null,
  now: number,
): ResourceNode {
  return { id, level, organizationId, name, slug, createdAt: now, modifiedAt: now, parent };
}
