/** Numbers that look random and are the same for the same seed: Tommy Ettinger's mulberry32. Not for secrets. */
export class Random {
  /** @param state the seed, a whole number below 2^32 */
  constructor(private state: number) {}

  /** At least 0, and below 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from `least` to `most`, both of them included. */
  between(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<Item>(items: readonly Item[]): Item {
    return at(items, Math.floor(this.next() * items.length));
  }

  /** Prefers the first items: the greater the bias above 1, the rarer the last ones. */
  pickEarly<Item>(items: readonly Item[], bias: number): Item {
    return at(items, Math.floor(this.next() ** bias * items.length));
  }

  /** Up to `count` different items. */
  sample<Item>(items: readonly Item[], count: number): Item[] {
    const picked = new Set<Item>();
    for (let tries = 0; tries < count; tries += 1) picked.add(this.pick(items));
    return Array.from(picked);
  }
}

function at<Item>(items: readonly Item[], index: number): Item {
  const item = items[index];
  if (item === undefined) throw new RangeError('There is nothing to pick from.');
  return item;
}
