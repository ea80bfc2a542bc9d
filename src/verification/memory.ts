import { LRUCache } from 'lru-cache';
import { weightOf } from '../api-keys/scope-weight';
import type { AuditAction } from '../audit/audit-event';
import type { FeedListener } from '../change-feed/change-feed';
import { ChangedOrganizations } from '../change-feed/changed-organizations';
import type { FeedEntry } from '../change-feed/feed-entry';
import { MAX_AGE_MS } from '../change-feed/feed-memory';
import type { Path } from '../scopes';
import { followPath, type KeyFacts, type Knowledge, type Place } from './facts';

/** What is remembered of something: itself, null when it is known not to exist, undefined when nothing is known. */
type Known<Thing> = Thing | null | undefined;

/** What was remembered at a time. What was remembered before its organization was changed as a whole is not true any more. */
interface Remembered<Thing> {
  readonly thing: Thing;
  readonly age: number;
}

/** A place, with the way up from there, once that was followed. */
interface RememberedPlace extends Remembered<Place> {
  path: Path | null;
  /** How many changes there had been by then. After the next it is followed anew. */
  pathAge: number;
}

/** How a change makes untrue what is remembered. */
type Effect = 'KEY' | 'IMPORT' | 'PLACE' | 'ORGANIZATION' | 'NONE';

const EFFECTS: Readonly<Record<AuditAction, Effect>> = {
  API_KEY_CREATED: 'KEY',
  API_KEY_IMPORTED: 'IMPORT',
  API_KEY_UPDATED: 'KEY',
  API_KEY_DISABLED: 'KEY',
  API_KEY_ENABLED: 'KEY',
  API_KEY_ROTATED: 'KEY',
  API_KEY_ROTATION_ENDED: 'KEY',
  API_KEY_REVOKED: 'KEY',
  API_KEY_LEAKED: 'KEY',
  ORGANIZATION_CREATED: 'ORGANIZATION',
  ORGANIZATION_DELETED: 'ORGANIZATION',
  RESOURCE_CREATED: 'PLACE',
  RESOURCE_RENAMED: 'NONE',
  RESOURCE_MOVED: 'PLACE',
  // Grants go with what they grant, and what lies below goes too: more than one resource and its keys.
  RESOURCE_DELETED: 'ORGANIZATION',
  RESOURCES_SYNCED: 'ORGANIZATION',
  MEMBERSHIP_ADDED: 'NONE',
  MEMBERSHIP_CHANGED: 'NONE',
  MEMBERSHIP_REMOVED: 'NONE',
  // A policy holds for what is done to keys from then on, and leaves those that there are as they are.
  POLICY_UPDATED: 'NONE',
  WEBHOOK_ENDPOINT_ADDED: 'NONE',
  WEBHOOK_ENDPOINT_REMOVED: 'NONE',
};

/** Selectors and ids of nothing are remembered apart, so that a flood of them pushes out nothing that is worth keeping. */
const MAX_UNKNOWN = 10_000;

/** The clock is looked at some times a second: a timer that runs out each millisecond costs more than what it times. */
const AGING = { ttl: MAX_AGE_MS, ttlResolution: 100 };

/**
 * What a process remembers of keys and of the tree, in a bounded space. Of secrets it holds digests only. It forgets what
 * changes make untrue, as it is told of them; whether it has been told of all of them is for its user to ask the feed.
 */
export class Memory implements FeedListener, Knowledge {
  private readonly keys: LRUCache<string, Remembered<KeyFacts>>;
  private readonly places: LRUCache<string, RememberedPlace>;
  private readonly unknownKeys = new LRUCache<string, true>({ max: MAX_UNKNOWN, ...AGING });
  private readonly unknownPlaces = new LRUCache<string, true>({ max: MAX_UNKNOWN, ...AGING });
  private readonly selectorsOfKeys = new Map<string, Set<string>>();
  private readonly changedOrganizations = new ChangedOrganizations();
  private changes = 0;

  /** @param size about how many keys are remembered, and how many resources */
  constructor(size: number) {
    this.keys = new LRUCache({
      maxSize: size,
      sizeCalculation: ({ thing }) => weightOf(thing.scope.grants.length),
      ...AGING,
      dispose: ({ thing }) => this.dropSelector(thing),
    });
    this.places = new LRUCache({ max: size, ...AGING });
  }

  /** Counts the changes that it has been told of: while it stays the same, what was found remembered is still true. */
  get version(): number {
    return this.changes;
  }

  key(selector: string): Known<KeyFacts> {
    return this.current(this.keys.get(selector)) ?? (this.unknownKeys.get(selector) ? null : undefined);
  }

  path(id: string): Known<Path> {
    if (this.unknownPlaces.get(id)) return null;
    const remembered = this.places.get(id);
    if (remembered === undefined) return undefined;
    if (remembered.path === null || remembered.pathAge !== this.changes) {
      remembered.path = followPath(id, (next) => this.current(this.places.get(next)));
      remembered.pathAge = this.changes;
    }
    return remembered.path ?? undefined;
  }

  /** Remembers what was found for these selectors. Those for which nothing was found are remembered as unknown. */
  rememberKeys(selectors: readonly string[], found: readonly KeyFacts[]): void {
    const unknown = new Set(selectors);
    for (const key of found) {
      unknown.delete(key.selector);
      this.unknownKeys.delete(key.selector);
      this.keys.set(key.selector, { thing: key, age: this.changes });
      // A key that is larger than all that may be remembered is not.
      if (this.keys.has(key.selector)) this.addSelector(key);
    }
    for (const selector of unknown) this.unknownKeys.set(selector, true);
  }

  /** Remembers what was found for these ids, and above it. Those for which nothing was found are remembered as unknown. */
  rememberPlaces(ids: readonly string[], found: readonly Place[]): void {
    const unknown = new Set(ids);
    for (const place of found) {
      unknown.delete(place.id);
      this.unknownPlaces.delete(place.id);
      this.places.set(place.id, { thing: place, age: this.changes, path: null, pathAge: -1 });
    }
    for (const id of unknown) this.unknownPlaces.set(id, true);
  }

  changed(entries: readonly FeedEntry[]): void {
    for (const entry of entries) {
      this.changes++;
      this.forget(EFFECTS[entry.action], entry);
    }
  }

  reset(): void {
    this.changes++;
    this.keys.clear();
    this.places.clear();
    this.unknownKeys.clear();
    this.unknownPlaces.clear();
    this.changedOrganizations.clear();
  }

  private forget(effect: Effect, { subjectId, organizationId }: FeedEntry): void {
    switch (effect) {
      case 'IMPORT':
        this.unknownKeys.clear();
        return this.forgetKey(subjectId);
      case 'KEY':
        return this.forgetKey(subjectId);
      case 'PLACE':
        this.places.delete(subjectId);
        this.unknownPlaces.delete(subjectId);
        return;
      case 'ORGANIZATION':
        return this.forgetOrganization(organizationId);
      case 'NONE':
    }
  }

  private forgetKey(id: string): void {
    for (const selector of this.selectorsOfKeys.get(id) ?? []) this.keys.delete(selector);
  }

  private forgetOrganization(id: string): void {
    if (this.changedOrganizations.isFull) return this.reset();
    this.changedOrganizations.note(id, this.changes);
    this.unknownPlaces.clear();
  }

  private current<Thing extends { readonly organizationId: string }>(
    remembered: Remembered<Thing> | undefined,
  ): Thing | undefined {
    if (remembered === undefined) return undefined;
    const { thing, age } = remembered;
    return this.changedOrganizations.leftTrue(thing.organizationId, age) ? thing : undefined;
  }

  private addSelector({ id, selector }: KeyFacts): void {
    const selectors = this.selectorsOfKeys.get(id) ?? new Set();
    this.selectorsOfKeys.set(id, selectors.add(selector));
  }

  private dropSelector({ id, selector }: KeyFacts): void {
    const selectors = this.selectorsOfKeys.get(id);
    selectors?.delete(selector);
    if (selectors?.size === 0) this.selectorsOfKeys.delete(id);
  }
}
