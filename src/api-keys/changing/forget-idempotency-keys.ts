import type { Database } from '../../database/database';
import { IDEMPOTENCY_MS } from './create-api-key';

/** Clears away the idempotency keys that do not count any more. */
export async function forgetIdempotencyKeys(database: Database, now: number): Promise<void> {
  await database.transaction((transaction) =>
    transaction.execute('DELETE FROM idempotency_keys WHERE created_at <= ?', [now - IDEMPOTENCY_MS]),
  );
}
