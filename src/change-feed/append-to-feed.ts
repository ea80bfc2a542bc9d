import type { Transaction } from '../database/transaction';
import { ChangeFeedEntity } from './change-feed-entity';
import type { FeedEntry } from './feed-entry';

/**
 * Adds to the feed, as the last thing that a transaction does.
 *
 * Numbers that a server counts by itself become visible in whatever order their transactions commit, and those of a
 * transaction that was rolled back never do: a reader could not tell a row that is still to come from one that never
 * will. So the position is counted in a row that stays locked until the commit. Positions become visible one after
 * the other, without a gap, and whoever has read to one has seen all before it. The lock is the last that a transaction
 * takes, so that nobody who holds it waits for anything but the commit.
 */
export async function appendToFeed(
  transaction: Transaction,
  entries: readonly FeedEntry[],
  now: number,
): Promise<void> {
  if (entries.length === 0) return;
  await transaction.execute('UPDATE change_feed_head SET position = position + ?', [entries.length]);
  const [head] = await transaction.rows<{ position: number }>('SELECT position FROM change_feed_head');
  if (head === undefined) throw new Error('The change feed has no head: its migration has not been run.');
  const before = head.position - entries.length;
  await transaction.insert(
    ChangeFeedEntity,
    entries.map((entry, index) => ({ ...entry, position: before + 1 + index, changedAt: now })),
  );
}
