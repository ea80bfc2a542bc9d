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

/** What a process remembers of the resource tree, with the ancestors of each resource, in a bounded space. */
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

  /**
   * The tree for somebody who knows up to where the change feed went, and is shown nothing older than that.
   *
   * @param position null: who does not know it is shown nothing
   */
  asOf(position: number | null): KnownTree {
    return new KnownTree(this, position);
  }

  /** Whether it has been told of all changes up to a position. */
  isAt(position: number): boolean {
    if (this.feed.position !== null && this.feed.position >= position) return true;
    this.feed.wake();
    return false;
  }

  find(id: string): ResourceNode | undefined {
    const remembered = this.resources.get(id);
    if (remembered === undefined) return undefined;
    const { resource, age } = remembered;
    return age >= (this.changedOrganizations.get(resource.organizationId) ?? 0) ? resource : undefined;
  }

  /** Remembers resources, and all above them, that were so at a position or later. */
  remember(resources: Iterable<ResourceNode>, position: number): void {
    // What has been told of since may have altered them.
    if (this.feed.position === null || this.feed.position > position) return;
    const age = this.changes;
    for (let resource of resources) {
      this.resources.set(resource.id, { resource, age });
      while (resource.parent !== null) {
        resource = resource.parent;
        if (this.resources.peek(resource.id)?.resource === resource) break;
        this.resources.set(resource.id, { resource, age });
      }
    }
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
}

/** What is known of the tree as it was at a position of the change feed, or later. */
export class KnownTree {
  constructor(
    private readonly memory: TreeMemory,
    private position: number | null,
  ) {}

  /** Shows nothing any more, since it was changed by whom it is shown to: what others read before may be remembered yet. */
  forget(): void {
    this.position = null;
  }

  /** Whether anything may be known at all. */
  get isKnown(): boolean {
    return this.position !== null && this.memory.isAt(this.position);
  }

  find(id: string): ResourceNode | undefined {
    return this.isKnown ? this.memory.find(id) : undefined;
  }

  /** All of these; null when one of them is not known. */
  findAll(ids: readonly string[]): readonly ResourceNode[] | null {
    if (!this.isKnown) return null;
    const found: ResourceNode[] = [];
    for (const id of ids) {
      const resource = this.memory.find(id);
      if (resource === undefined) return null;
      found.push(resource);
    }
    return found;
  }

  /** Remembers what was read since that position was. */
  remember(resources: Iterable<ResourceNode>): void {
    if (this.position !== null) this.memory.remember(resources, this.position);
  }
}
