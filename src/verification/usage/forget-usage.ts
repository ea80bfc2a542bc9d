import type { Database } from '../../database/database';
import { isIn } from '../../database/sql';
import { dayName, dayNumber } from './usage-day';

/** How many counts are looked for at once: a day of a large platform would be more than one transaction gets done in time. */
const AT_ONCE = 900;

/** Forgets the counts of days that are too long ago. */
export async function forgetUsage(database: Database, now: number, retentionDays: number): Promise<void> {
  const first = dayName(dayNumber(now) - retentionDays);
  for (let found = AT_ONCE; found === AT_ONCE;) found = await forgetSome(database, first);
}

async function forgetSome(database: Database, firstDay: string): Promise<number> {
  const rows = await database.rows<{ keyId: string }>(
    `SELECT u.api_key_id AS keyId FROM api_key_usage u WHERE u.day < ? ORDER BY u.day LIMIT ${AT_ONCE}`,
    [firstDay],
  );
  if (rows.length === 0) return 0;
  const keys = isIn(
    'api_key_id',
    rows.map(({ keyId }) => keyId),
  );
  await database.transaction((transaction) =>
    transaction.execute(`DELETE FROM api_key_usage WHERE ${keys.text} AND day < ?`, [
      ...keys.values,
      firstDay,
    ]),
  );
  return rows.length;
}
