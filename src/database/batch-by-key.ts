import DataLoader from 'dataloader';

/** How many keys one statement may be asked for: the embedded database takes 32,766 values. */
export const MAX_BATCH = 30_000;

const OPTIONS = { maxBatchSize: MAX_BATCH };

/** A loader of the one row that each key has, or null. `read` is called once for all keys of a tick. */
export function loadOne<Row>(
  read: (keys: readonly string[]) => Promise<readonly Row[]>,
  keyOf: (row: Row) => string,
): DataLoader<string, Row | null> {
  return new DataLoader(async (keys) => {
    const rows = new Map((await read(keys)).map((row) => [keyOf(row), row]));
    return keys.map((key) => rows.get(key) ?? null);
  }, OPTIONS);
}
