import { LRUCache } from 'lru-cache';
import type { AuditAction } from '../audit/audit-event';
import type { ChangeFeed, FeedListener } from '../change-feed/change-feed';
import type { FeedEntry } from '../change-feed/feed-entry';
import type { ResourceNode } from './resource-node';

/** What makes untrue what is remembered of the tree of an organization. A new resource has no other below it yet. */
const ALTERS_TREE: ReadonlySet<AuditAction> = new Set<AuditAction>([
  'ORGANIZATION_DELETED',
  'RESOURCE_RENAMED',
  'RESOURCE_MOVED',
  'RESOURCE_DELETED',
  'RESOURCES_SYNCED',
]);

/** Changes that were made by hand, past this program, are not told: after this time they are seen all the same. */
const MAX_AGE_MS = 5 * 60 * 1000;

/** How often the clock is read for that: a page asks for a hundred resources at once. */
const CLOCK_READ_MS = 1000;

/** How many organizations are noted as changed before all is forgotten instead. */
const MAX_CHANGED_ORGANIZATIONS = 10_000;

interface Remembered {
  readonly resource: ResourceNode;
  /** How many changes had been told of by then. */
  readonly age: number;
}

/**
 * What a process remembers of the resource tree, with the ancestors of each resource, in a bounded space.
 *
 * It answers for a position of the change feed: whoever has read rows together with the position at which they were so
 * gets from here what was no older than that. Without an answer, the tree has to be read.
 */
export class TreeMemory implements FeedListener {
  private readonly resources: LRUCache<string, Remembered>;
  private readonly changedOrganizations = new Map<string, number>();
  private changes = 0;

  /** @param size how many resources are remembered */
  constructor(
    private readonly feed: Pick<ChangeFeed, 'position' | 'wake'>,
    size: number,
  ) {
    this.resources = new LRUCache({ max: size, ttl: MAX_AGE_MS, ttlResolution: CLOCK_READ_MS });
  }

  /** All of these resources as they were at a position of the feed, or later; null when one of them is not known. */
  recall(ids: Iterable<string>, position: number): ReadonlyMap<string, ResourceNode> | null {
    if (this.feed.position === null || this.feed.position < position) {
      this.feed.wake();
      return null;
    }
    const found = new Map<string, ResourceNode>();
    for (const id of ids) {
      const resource = this.current(id);
      if (resource === undefined) return null;
      found.set(id, resource);
    }
    return found;
  }

  /** Remembers resources as they were at a position of the feed. */
  remember(resources: Iterable<ResourceNode>, position: number): void {
    // What has been told of since may have altered them.
    if (this.feed.position === null || this.feed.position > position) return;
    for (const resource of resources) this.resources.set(resource.id, { resource, age: this.changes });
  }

  changed(entries: readonly FeedEntry[]): void {
    for (const { action, organizationId } of entries) {
      if (!ALTERS_TREE.has(action)) continue;
      if (this.changedOrganizations.size >= MAX_CHANGED_ORGANIZATIONS) this.reset();
      this.changedOrganizations.set(organizationId, ++this.changes);
    }
  }

  reset(): void {
    this.resources.clear();
    this.changedOrganizations.clear();
  }

  private current(id: string): ResourceNode | undefined {
    const remembered = this.resources.get(id);
    if (remembered === undefined) return undefined;
    const { resource, age } = remembered;
    return age >= (this.changedOrganizations.get(resource.organizationId) ?? 0) ? resource : undefined;
  }
}
