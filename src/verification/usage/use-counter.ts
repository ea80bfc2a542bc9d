import type { ResourceRef } from '../../scopes';
import type { Decision } from '../decide';
import type { KeyFacts } from '../facts';
import type { VerificationCode } from '../verification-code';
import type { UseObserver } from '../verifier';
import { dayNumber } from './usage-day';

/** How often a key was verified on a day, for a resource, with one outcome. */
export interface UseCount {
  readonly day: number;
  /** Empty: no resource was asked about, or none was found. */
  readonly resourceId: string;
  readonly code: VerificationCode;
  readonly uses: number;
}

/** What was counted of a key. */
export interface UsesOfKey {
  readonly keyId: string;
  readonly organizationId: string;
  /** When the key was last found valid; null: it was not. */
  readonly lastUsedAt: number | null;
  readonly counts: readonly UseCount[];
}

export interface UseCounterLimits {
  /** How many counts are held at most. What would need one more is dropped. */
  readonly most: number;
  /** Told when there are half as many, so that they are written before it comes to that. */
  readonly onHalfFull: () => void;
}

interface Counter extends UseCount {
  uses: number;
}

interface CountersOfKey {
  readonly organizationId: string;
  lastUsedAt: number | null;
  readonly byResource: Map<string, Counter[]>;
  /** The count that was added to last: mostly it is the next one, too. */
  last: Counter | null;
}

/** The outcomes that are about a resource which was found. The state of a key is looked at before any resource is. */
const ABOUT_RESOURCE: Readonly<Partial<Record<VerificationCode, true>>> = {
  VALID: true,
  OUT_OF_SCOPE: true,
  RATE_LIMITED: true,
  USAGE_EXCEEDED: true,
};

/** Counts the uses of keys in memory, in a bounded space. It is on the path of every verification. */
export class UseCounter implements UseObserver {
  private keys = new Map<string, CountersOfKey>();
  private size = 0;
  private dropped = 0;

  constructor(private readonly limits: UseCounterLimits) {}

  used(key: KeyFacts, resource: ResourceRef | null, { code, missingGrant }: Decision, now: number): void {
    // Those who read the counts may know of no resource of another organization: there is none, for them.
    const isForeign = code === 'OUT_OF_SCOPE' && missingGrant === null;
    const told = isForeign ? 'RESOURCE_NOT_FOUND' : code;
    const resourceId = resource !== null && ABOUT_RESOURCE[told] ? resource.id : '';
    const counters = this.countersOf(key.id, key.organizationId);
    this.add(counters, dayNumber(now), resourceId, told, 1);
    if (code === 'VALID') moveForward(counters, now);
  }

  /** Takes out what was counted since the last time, by the ids of keys. */
  take(): UsesOfKey[] {
    const taken = Array.from(this.keys, ([keyId, { organizationId, lastUsedAt, byResource }]) => ({
      keyId,
      organizationId,
      lastUsedAt,
      counts: Array.from(byResource.values()).flat(),
    }));
    this.keys = new Map();
    this.size = 0;
    return taken.sort((a, b) => (a.keyId < b.keyId ? -1 : 1));
  }

  /** Puts back what was taken out and could not be written, as far as there is room beside what came since. */
  putBack(taken: Iterable<UsesOfKey>): void {
    for (const { keyId, organizationId, lastUsedAt, counts } of taken) {
      const counters = this.countersOf(keyId, organizationId);
      for (const { day, resourceId, code, uses } of counts) this.add(counters, day, resourceId, code, uses);
      if (lastUsedAt !== null) moveForward(counters, lastUsedAt);
    }
  }

  /** How many uses found no room since this was last asked. */
  takeDropped(): number {
    const { dropped } = this;
    this.dropped = 0;
    return dropped;
  }

  private countersOf(keyId: string, organizationId: string): CountersOfKey {
    const known = this.keys.get(keyId);
    if (known !== undefined) return known;
    const counters = {
      organizationId,
      lastUsedAt: null,
      byResource: new Map<string, Counter[]>(),
      last: null,
    };
    // A key without a count would take room that nobody counts.
    if (this.size < this.limits.most) this.keys.set(keyId, counters);
    return counters;
  }

  private add(
    ofKey: CountersOfKey,
    day: number,
    resourceId: string,
    code: VerificationCode,
    uses: number,
  ): void {
    const counter = find(ofKey, day, resourceId, code);
    if (counter !== undefined) {
      counter.uses += uses;
      ofKey.last = counter;
      return;
    }
    if (this.size >= this.limits.most) {
      this.dropped += uses;
      return;
    }
    const added = { day, resourceId, code, uses };
    const { byResource } = ofKey;
    const counters = byResource.get(resourceId);
    if (counters === undefined) byResource.set(resourceId, [added]);
    else counters.push(added);
    this.size++;
    if (this.size === Math.ceil(this.limits.most / 2)) this.limits.onHalfFull();
  }
}

function find(
  { last, byResource }: CountersOfKey,
  day: number,
  resourceId: string,
  code: VerificationCode,
): Counter | undefined {
  const isIt = (one: Counter) => one.resourceId === resourceId && one.code === code && one.day === day;
  // Of a resource there are few: each code once, and twice around midnight.
  return last !== null && isIt(last) ? last : byResource.get(resourceId)?.find(isIt);
}

function moveForward(counters: CountersOfKey, now: number): void {
  if (counters.lastUsedAt === null || counters.lastUsedAt < now) counters.lastUsedAt = now;
}

/** How many uses were counted in all. */
export function totalOf(taken: Iterable<UsesOfKey>): number {
  let total = 0;
  for (const { counts } of taken) for (const { uses } of counts) total += uses;
  return total;
}
