import type { Database } from '../database/database';

/** How long a change stays in the feed. */
const KEPT_MS = 60 * 60 * 1000;

/** Forgets changes that every reader has seen, or has been away from for so long that it starts anew. */
export async function pruneFeed(database: Database, now: number): Promise<void> {
  await database.transaction((transaction) =>
    transaction.execute('DELETE FROM change_feed WHERE changed_at < ?', [now - KEPT_MS]),
  );
}
