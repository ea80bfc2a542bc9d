import DataLoader from 'dataloader';
import { groupBy } from '../shared/group-by';

/** How many keys one statement may be asked for: the embedded database takes 32,766 values. */
const OPTIONS = { maxBatchSize: 30_000 };

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

/** A loader of all rows that each key has, in the order in which they were read. */
export function loadMany<Row>(
  read: (keys: readonly string[]) => Promise<readonly Row[]>,
  keyOf: (row: Row) => string,
): DataLoader<string, readonly Row[]> {
  return new DataLoader(async (keys) => {
    const rows = groupBy(await read(keys), keyOf);
    return keys.map((key) => rows.get(key) ?? []);
  }, OPTIONS);
}
