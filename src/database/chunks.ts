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
