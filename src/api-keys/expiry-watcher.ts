import type { Database, RowSource } from '../database/database';
import type { Transaction } from '../database/transaction';
import { allOf, isIn, sql, type Fragment } from '../database/sql';
import { SYSTEM } from '../webhooks/api-key-event';
import { enqueue } from '../webhooks/outbox';
import { stateOfSameScope } from './changing/key-state';
import { lockAnyKeys } from './changing/locked-key';

/** How long before its expiry a key is told to be expiring. */
const NOTICE_MS = 7 * 24 * 60 * 60 * 1000;

const BATCH = 200;

/** Something about an expiry that is told once. */
interface Notice {
  readonly type: string;
  /** The column that holds the expiry that was told: another one is told anew. */
  readonly toldFor: 'expiring_told_for' | 'expired_told_for';
  /** The keys `k` that it is time for. */
  readonly isTime: (now: number) => Fragment;
}

const NOTICES: readonly Notice[] = [
  {
    type: 'api_key.expiring',
    toldFor: 'expiring_told_for',
    isTime: (now) => sql('k.expires_at > ? AND k.expires_at <= ?', now, now + NOTICE_MS),
  },
  {
    type: 'api_key.expired',
    toldFor: 'expired_told_for',
    isTime: (now) => sql('k.expires_at <= ?', now),
  },
];

/**
 * Puts an event into the outbox for each key that expires within 7 days, and for each that has expired: once for each
 * expiry, in the transaction that marks it as told. Keys that were revoked have no end to come.
 */
export async function tellExpiries(database: Database, now: number): Promise<void> {
  for (const notice of NOTICES) {
    let ids: string[];
    do {
      ids = await findUntold(database, notice, now, null);
      if (ids.length > 0) await database.transaction((transaction) => tell(transaction, notice, ids, now));
    } while (ids.length === BATCH);
  }
}

/** Tells of those that are still untold once they are locked: another process may have been faster. */
async function tell(
  transaction: Transaction,
  notice: Notice,
  candidates: readonly string[],
  now: number,
): Promise<void> {
  const locked = await lockAnyKeys(transaction, candidates);
  const ids = new Set(await findUntold(transaction, notice, now, candidates));
  const events = locked
    .filter(({ key }) => ids.has(key.id))
    .map(({ key, scope }) => ({
      type: notice.type,
      organizationId: key.organizationId,
      apiKeyId: key.id,
      occurredAt: now,
      state: stateOfSameScope(key, scope),
      actor: SYSTEM,
    }));
  await enqueue(transaction, events);
  const told = isIn('id', [...ids]);
  await transaction.execute(
    `UPDATE api_keys SET ${notice.toldFor} = expires_at WHERE ${told.text}`,
    told.values,
  );
}

async function findUntold(
  source: RowSource,
  { toldFor, isTime }: Notice,
  now: number,
  candidates: readonly string[] | null,
): Promise<string[]> {
  const where = allOf([
    ...(candidates === null ? [] : [isIn('k.id', candidates)]),
    isTime(now),
    sql('k.revoked_at IS NULL'),
    sql(`(k.${toldFor} IS NULL OR k.${toldFor} <> k.expires_at)`),
  ]);
  const rows = await source.rows<{ id: string }>(
    `SELECT k.id AS id FROM api_keys k WHERE ${where.text} ORDER BY k.expires_at LIMIT ${BATCH}`,
    where.values,
  );
  return rows.map(({ id }) => id);
}
