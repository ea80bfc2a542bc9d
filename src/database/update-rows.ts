import { chunksOf } from './chunks';
import { isIn, join, sql, type Fragment, type SqlValue } from './sql';

/** Each statement compares each of its rows with each of its ids, so that more rows a statement would cost more in all. */
const ROWS_PER_STATEMENT = 200;

export interface RowUpdate {
  readonly id: string;
  /** The new values, by column: the same columns in every row. */
  readonly values: Readonly<Record<string, SqlValue>>;
}

/** The statements that give rows of a table values of their own, many rows at once. */
export function updatesOf(table: string, updates: readonly RowUpdate[]): Fragment[] {
  return chunksOf(updates, ROWS_PER_STATEMENT).map((part) => updateOf(table, part));
}

function updateOf(table: string, updates: readonly RowUpdate[]): Fragment {
  const columns = Object.keys(updates[0]?.values ?? {});
  const assignments = columns.map((column) => {
    const cases = updates.map(({ id, values }) => sql('WHEN ? THEN ?', id, values[column] ?? null));
    const { text, values } = join(cases, ' ');
    return sql(`${column} = CASE id ${text} END`, ...values);
  });
  const set = join(assignments, ', ');
  const where = isIn(
    'id',
    updates.map(({ id }) => id),
  );
  return sql(`UPDATE ${table} SET ${set.text} WHERE ${where.text}`, ...set.values, ...where.values);
}
