import { LRUCache } from 'lru-cache';
import type { AuditAction } from '../audit/audit-event';
import type { ChangeFeed, FeedListener } from './change-feed';
import { ChangedOrganizations } from './changed-organizations';
import type { FeedEntry } from './feed-entry';

/** Something of an organization. */
interface Owned {
  readonly id: string;
  readonly organizationId: string;
}

export interface FeedMemoryRules<Thing> {
  /** How much is remembered. */
  readonly size: number;
  /** How much of that a thing takes. */
  readonly sizeOf: (thing: Thing) => number;
  /** What makes untrue what is remembered of its subject. */
  readonly altersSubject: ReadonlySet<AuditAction>;
  /** What makes untrue what is remembered of its whole organization. */
  readonly altersOrganization: ReadonlySet<AuditAction>;
}

/** Changes that were made by hand, past this program, are not told: after this time they are seen all the same. */
export const MAX_AGE_MS = 5 * 60 * 1000;

/** How often the clock is read for that: a page asks for a hundred things at once. */
const CLOCK_READ_MS = 1000;

interface Remembered<Thing> {
  readonly thing: Thing;
  /** How many changes of organizations had been told of by then. */
  readonly age: number;
}

/**
 * What a process remembers of things that any process may change, in a bounded space. A request is shown it only if all
 * changes have been told of up to when the request began. See docs/decisions/12-listings-as-of-a-position.md.
 */
export class FeedMemory<Thing extends Owned> implements FeedListener {
  private readonly things: LRUCache<string, Remembered<Thing>>;
  private readonly changedOrganizations = new ChangedOrganizations();
  private changes = 0;

  constructor(
    private readonly feed: Pick<ChangeFeed, 'position' | 'wake'>,
    private readonly rules: FeedMemoryRules<Thing>,
  ) {
    this.things = new LRUCache({
      maxSize: rules.size,
      sizeCalculation: ({ thing }) => rules.sizeOf(thing),
      // Things can be remembered together with others that were remembered before.
      ttl: MAX_AGE_MS / 2,
      ttlResolution: CLOCK_READ_MS,
    });
  }

  /**
   * What is remembered, for somebody who knows up to where the change feed went, and is shown nothing older than that.
   *
   * @param position null: who does not know it is shown nothing
   */
  asOf(position: number | null): KnownAsOf<Thing> {
    return new KnownAsOf(this, position);
  }

  /** Whether it has been told of all changes up to a position. */
  isAt(position: number): boolean {
    if (this.feed.position !== null && this.feed.position >= position) return true;
    this.feed.wake();
    return false;
  }

  find(id: string): Thing | undefined {
    const remembered = this.things.get(id);
    if (remembered === undefined) return undefined;
    const { thing, age } = remembered;
    return this.changedOrganizations.leftTrue(thing.organizationId, age) ? thing : undefined;
  }

  /** Remembers things that were so at a position or later. */
  remember(things: Iterable<Thing>, position: number): void {
    // What has been told of since may have altered them.
    if (this.feed.position === null || this.feed.position > position) return;
    for (const thing of things) this.things.set(thing.id, { thing, age: this.changes });
  }

  changed(entries: readonly FeedEntry[]): void {
    const { altersSubject, altersOrganization } = this.rules;
    for (const { action, organizationId, subjectId } of entries) {
      if (altersSubject.has(action)) this.things.delete(subjectId);
      if (altersOrganization.has(action)) this.forgetOrganization(organizationId);
    }
  }

  reset(): void {
    this.things.clear();
    this.changedOrganizations.clear();
  }

  private forgetOrganization(id: string): void {
    if (this.changedOrganizations.isFull) this.reset();
    this.changedOrganizations.note(id, ++this.changes);
  }
}

/** What is known of things as they were at a position of the change feed, or later. */
export class KnownAsOf<Thing extends Owned> {
  constructor(
    private readonly memory: FeedMemory<Thing>,
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

  find(id: string): Thing | undefined {
    return this.isKnown ? this.memory.find(id) : undefined;
  }

  /** All of these; null when one of them is not known. */
  findAll(wanted: readonly { readonly id: string }[]): readonly Thing[] | null {
    if (!this.isKnown) return null;
    const found: Thing[] = [];
    for (const { id } of wanted) {
      const thing = this.memory.find(id);
      if (thing === undefined) return null;
      found.push(thing);
    }
    return found;
  }

  /** Remembers what was read since that position was. */
  remember(things: Iterable<Thing>): void {
    if (this.position !== null) this.memory.remember(things, this.position);
  }
}
