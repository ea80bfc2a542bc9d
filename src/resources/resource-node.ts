import type { Level, ResourceRef } from '../scopes';

/** A resource as it is read from the database, with its ancestors. */
export interface ResourceNode extends ResourceRef {
  readonly id: string;
  readonly level: Level;
  readonly organizationId: string;
  readonly name: string;
  readonly slug: string | null;
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly parent: ResourceNode | null;
}

/** The path of a resource: itself first, its organization last. */
export function pathOf(resource: ResourceNode): readonly ResourceNode[] {
  const path: ResourceNode[] = [];
  for (let node: ResourceNode | null = resource; node !== null; node = node.parent) path.push(node);
  return path;
}
