import { isIn } from '../../database/sql';
import type { Transaction } from '../../database/transaction';
import { updatesOf } from '../../database/update-rows';
import { ApiKeyUsageEntity } from './api-key-usage-entity';
import { dayName } from './usage-day';
import { usageId } from './usage-id';
import type { UsesOfKey } from './use-counter';

/**
 * Adds what was counted to what is there, in a number of statements that does not grow with the rows: at most 900 keys at once.
 *
 * The keys are locked in the order of their ids, as everybody locks them. So no key is deleted meanwhile, those that are gone
 * already are left out, and no other process moves the last use at the same time: it only ever moves forward.
 */
export async function writeUses(transaction: Transaction, uses: readonly UsesOfKey[]): Promise<void> {
  const which = isIn(
    'k.id',
    uses.map(({ keyId }) => keyId),
  );
  const keys = await transaction.lockedRows<{ id: string; lastUsedAt: number | null }>(
    `SELECT k.id AS id, k.last_used_at AS lastUsedAt FROM api_keys k WHERE ${which.text} ORDER BY k.id`,
    which.values,
  );
  const lastUses = new Map(keys.map(({ id, lastUsedAt }) => [id, lastUsedAt]));
  const ofKeysThatAre = uses.filter(({ keyId }) => lastUses.has(keyId));
  await transaction.insertOrAdd(ApiKeyUsageEntity, ofKeysThatAre.flatMap(toRows), 'uses');
  const later = ofKeysThatAre.filter(
    ({ keyId, lastUsedAt }) => lastUsedAt !== null && lastUsedAt > (lastUses.get(keyId) ?? -Infinity),
  );
  const updates = later.map(({ keyId, lastUsedAt }) => ({ id: keyId, values: { last_used_at: lastUsedAt } }));
  for (const { text, values } of updatesOf('api_keys', updates)) await transaction.execute(text, values);
}

/** In the order of the primary key, so that processes which add to the same rows take turns. */
function toRows({ keyId, organizationId, counts }: UsesOfKey): ApiKeyUsageEntity[] {
  const rows = counts.map(({ day, resourceId, code, uses }) => ({
    apiKeyId: keyId,
    day: dayName(day),
    id: usageId(resourceId, code),
    resourceId,
    code,
    organizationId,
    uses,
  }));
  return rows.sort((a, b) => (`${a.day}${a.id}` < `${b.day}${b.id}` ? -1 : 1));
}
