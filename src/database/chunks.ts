/**
 * How many ids one statement names at most. Beyond a thousand, MariaDB turns the list into a table of its own and may read
 * all rows to find those.
 */
const IDS_PER_STATEMENT = 900;

/** The items in parts of at most `size`, in their order. */
export function chunksOf<Item>(items: readonly Item[], size = IDS_PER_STATEMENT): (readonly Item[])[] {
  const starts = Array.from({ length: Math.ceil(items.length / size) }, (_, index) => index * size);
  return starts.map((start) => items.slice(start, start + size));
}

/** What a part may hold at most. */
export interface ChunkLimits<Item> {
  readonly items: number;
  readonly weight: number;
  readonly weigh: (item: Item) => number;
}

/** The items in parts that keep within the limits, in their order. An item that is too heavy has a part to itself. */
export function chunksWithin<Item>(items: readonly Item[], limits: ChunkLimits<Item>): Item[][] {
  const chunks: Item[][] = [];
  let weight = 0;
  for (const item of items) {
    const chunk = chunks.at(-1);
    const own = limits.weigh(item);
    weight += own;
    if (chunk !== undefined && chunk.length < limits.items && weight <= limits.weight) {
      chunk.push(item);
    } else {
      chunks.push([item]);
      weight = own;
    }
  }
  return chunks;
}
