import type { Database } from '../database/database';
import { allOf, isIn, sql } from '../database/sql';
import { groupBy } from '../shared/group-by';
import type { WebhookMessage } from './post-webhook';
import type { DeliveryStatus } from './webhook-delivery';

/** A delivery that is to be tried now. */
export interface DueDelivery {
  readonly id: string;
  readonly endpointId: string;
}

/** A delivery that the claimant, and nobody else, tries now. */
export interface ClaimedDelivery extends DueDelivery, WebhookMessage {
  /** The number of this attempt; 1 is the first. */
  readonly attempt: number;
}

/** What is written of a delivery once it has been tried. */
export interface DeliveryResult {
  readonly status: DeliveryStatus;
  readonly nextAttemptAt: number;
  readonly lastResponseStatus: number | null;
  readonly lastError: string | null;
  readonly deliveredAt: number | null;
}

/** Deliveries that are due, the longest waiting first, but for those to some endpoints. */
export async function findDue(
  database: Database,
  now: number,
  busyEndpoints: readonly string[],
  limit: number,
): Promise<DueDelivery[]> {
  const busy = isIn('d.endpoint_id', busyEndpoints);
  return database.rows<DueDelivery>(
    'SELECT d.id AS id, d.endpoint_id AS endpointId FROM webhook_deliveries d ' +
      `WHERE d.status = 'PENDING' AND d.next_attempt_at <= ? AND NOT (${busy.text}) ` +
      `ORDER BY d.next_attempt_at LIMIT ${limit}`,
    [now, ...busy.values],
  );
}

/**
 * Claims those of the deliveries that nobody else has claimed meanwhile. A claim is a lease: when it ends without a
 * result, since the claimant was killed, the delivery is due again.
 */
export async function claim(
  database: Database,
  due: readonly DueDelivery[],
  now: number,
  leaseMs: number,
): Promise<ClaimedDelivery[]> {
  const which = allOf([
    isIn(
      'id',
      due.map(({ id }) => id),
    ),
    sql("status = 'PENDING' AND next_attempt_at <= ?", now),
  ]);
  return database.transaction(async (transaction) => {
    const locked = await transaction.lockedRows<DueDelivery & { payload: string; attempts: number }>(
      `SELECT id, endpoint_id AS endpointId, payload, attempts FROM webhook_deliveries WHERE ${which.text} ORDER BY id`,
      which.values,
    );
    const claimed = await transaction.execute(
      `UPDATE webhook_deliveries SET next_attempt_at = ?, attempts = attempts + 1 WHERE ${which.text}`,
      [now + leaseMs, ...which.values],
    );
    if (claimed !== locked.length) throw new Error('Locked deliveries were claimed by another transaction.');
    const endpoints = isIn('id', [...new Set(locked.map(({ endpointId }) => endpointId))]);
    const found = await transaction.rows<Pick<WebhookMessage, 'id' | 'url' | 'signingSecret'>>(
      `SELECT id, url, signing_secret AS signingSecret FROM webhook_endpoints WHERE ${endpoints.text}`,
      endpoints.values,
    );
    const byId = groupBy(found, ({ id }) => id);
    return locked.flatMap(({ id, endpointId, payload, attempts }) =>
      (byId.get(endpointId) ?? []).map(({ url, signingSecret }) => ({
        ...{ id, endpointId, payload, url, signingSecret },
        attempt: attempts + 1,
      })),
    );
  });
}

/** Writes what became of a claimed delivery, unless the lease has ended and somebody else tries it by now. */
export async function writeResult(
  database: Database,
  { id, attempt }: ClaimedDelivery,
  { status, nextAttemptAt, lastResponseStatus, lastError, deliveredAt }: DeliveryResult,
): Promise<void> {
  await database.transaction((transaction) =>
    transaction.execute(
      'UPDATE webhook_deliveries SET status = ?, next_attempt_at = ?, last_response_status = ?, last_error = ?, ' +
        "delivered_at = ? WHERE id = ? AND attempts = ? AND status = 'PENDING'",
      [status, nextAttemptAt, lastResponseStatus, lastError, deliveredAt, id, attempt],
    ),
  );
}
