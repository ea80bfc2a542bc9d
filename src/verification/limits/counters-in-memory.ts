import { LRUCache } from 'lru-cache';
import type { Count, Taking, WindowCounters } from './window-counters';
import type { Window } from './windows';

/** Counts of this process, in a bounded space. A count that is pushed out begins anew. */
export class CountersInMemory implements WindowCounters {
  private readonly used: LRUCache<string, { value: number }>;

  /** @param max how many counts are kept: those that were used last */
  constructor(max: number) {
    this.used = new LRUCache({ max });
  }

  /** How many counts are kept. */
  get size(): number {
    return this.used.size;
  }

  take(windows: readonly Window[], cost: number): Taking {
    const fits = cost === 0 || windows.every(({ id, limit }) => this.usedOf(id) + cost <= limit);
    if (fits && cost > 0) for (const window of windows) this.add(window, cost);
    return { fits, counts: windows.map(({ id }) => this.countOf(id)) };
  }

  private add({ id, keptMs }: Window, cost: number): void {
    const used = this.used.get(id);
    if (used === undefined) this.used.set(id, { value: cost }, { ttl: keptMs });
    else used.value += cost;
  }

  private countOf(id: string): Count {
    const used = this.usedOf(id);
    return { used, leftMs: used === 0 ? 0 : this.used.getRemainingTTL(id) };
  }

  private usedOf(id: string): number {
    return this.used.get(id)?.value ?? 0;
  }
}
