import type { Change } from '../../audit/change';
import { selectList } from '../../database/sql';
import { rejected } from '../../shared/user-errors';
import { API_KEY_COLUMNS, type ApiKey } from '../api-key';
import { IdempotencyKeyEntity } from './idempotency-key-entity';
import { insertKeys, type NewKey } from './insert-keys';
import { scopeWarnings } from './scope-warnings';
import type { SecretKeys } from '../secrets/secret-key';

export interface CreateApiKey extends Omit<NewKey, 'secret' | 'at'> {
  /** Makes a repetition of the request harmless, for a day. */
  readonly idempotencyKey: string | null;
}

export interface CreatedKey {
  readonly apiKey: ApiKey;
  /** The secret key, which exists only now; null when a repeated request is answered with the key of the first. */
  readonly secretKey: string | null;
  readonly warnings: readonly string[];
}

/** How long an idempotency key is remembered. */
export const IDEMPOTENCY_MS = 24 * 60 * 60 * 1000;
const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,128}$/;

/**
 * Makes a key and shows its secret, this once.
 *
 * Of two requests at once with the same idempotency key the second fails with a duplicate; run again, it finds the key of
 * the first.
 */
export async function createApiKey(
  change: Change,
  secretKeys: SecretKeys,
  { idempotencyKey, ...newKey }: CreateApiKey,
): Promise<CreatedKey> {
  const earlier = idempotencyKey === null ? null : await findEarlier(change, idempotencyKey);
  if (earlier !== null) return earlier;
  const { secretKey, stored } = secretKeys.generate();
  const [inserted] = await insertKeys(change, 'API_KEY_CREATED', [{ ...newKey, secret: stored, at: [] }]);
  if (inserted === undefined) throw new Error('No key was made.');
  const { key, resources } = inserted;
  if (idempotencyKey !== null) await remember(change, idempotencyKey, key);
  return { apiKey: key, secretKey, warnings: scopeWarnings(resources) };
}

async function findEarlier(
  { transaction, permissions, now }: Change,
  idempotencyKey: string,
): Promise<CreatedKey | null> {
  const { id: principalId } = permissions.requireUser();
  if (!IDEMPOTENCY_KEY.test(idempotencyKey)) {
    throw rejected('INVALID', 'Expected 1 to 128 printable ASCII characters without spaces.', [
      'idempotencyKey',
    ]);
  }
  const [earlier] = await transaction.rows<ApiKey & { usedAt: number }>(
    `SELECT ${selectList(API_KEY_COLUMNS)}, i.created_at AS usedAt FROM idempotency_keys i JOIN api_keys k ON k.id = i.api_key_id ` +
      'WHERE i.principal_id = ? AND i.idempotency_key = ?',
    [principalId, idempotencyKey],
  );
  if (earlier === undefined) return null;
  const { usedAt, ...apiKey } = earlier;
  if (usedAt <= now - IDEMPOTENCY_MS) {
    const which = [principalId, idempotencyKey];
    await transaction.execute(
      'DELETE FROM idempotency_keys WHERE principal_id = ? AND idempotency_key = ?',
      which,
    );
    return null;
  }
  if (!permissions.may('api-keys:create', apiKey.organizationId)) {
    const message = 'You used this for a key of an organization that you have left since. Choose another.';
    throw rejected('TAKEN', message, ['idempotencyKey']);
  }
  const warning =
    'This request was made before: here is the key that it made. Its secret cannot be shown again.';
  return { apiKey, secretKey: null, warnings: [`${warning} Rotate the key to get another.`] };
}

async function remember(
  { transaction, permissions, now }: Change,
  idempotencyKey: string,
  { id: apiKeyId, organizationId }: ApiKey,
): Promise<void> {
  const { id: principalId } = permissions.requireUser();
  const row = { principalId, idempotencyKey, organizationId, apiKeyId, createdAt: now };
  await transaction.insert(IdempotencyKeyEntity, [row]);
}
