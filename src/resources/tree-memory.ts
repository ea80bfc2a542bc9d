import type { AuditAction } from '../audit/audit-event';
import type { ChangeFeed } from '../change-feed/change-feed';
import { FeedMemory, type KnownAsOf } from '../change-feed/feed-memory';
import type { ResourceNode } from './resource-node';

/** The resource tree as far as it is remembered, each resource with its ancestors. */
export type TreeMemory = FeedMemory<ResourceNode>;
export type KnownTree = KnownAsOf<ResourceNode>;

/** A change of a resource is one of all that hang from it. A new resource has no other below it yet. */
export const ALTERS_TREE: ReadonlySet<AuditAction> = new Set<AuditAction>([
  'ORGANIZATION_DELETED',
  'RESOURCE_RENAMED',
  'RESOURCE_MOVED',
  'RESOURCE_DELETED',
  'RESOURCES_SYNCED',
]);

/** @param size how many resources are remembered */
export function createTreeMemory(feed: Pick<ChangeFeed, 'position' | 'wake'>, size: number): TreeMemory {
  return new FeedMemory(feed, {
    size,
    sizeOf: () => 1,
    altersSubject: new Set(),
    altersOrganization: ALTERS_TREE,
  });
}

/** Resources, and all above them, each once. */
export function withAncestors(resources: Iterable<ResourceNode>): Set<ResourceNode> {
  const all = new Set<ResourceNode>();
  for (const resource of resources) {
    let above: ResourceNode | null = resource;
    for (; above !== null && !all.has(above); above = above.parent) all.add(above);
  }
  return all;
}
