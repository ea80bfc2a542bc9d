import type { Change } from '../../audit/change';
import { rejected } from '../../shared/user-errors';
import type { ApiKey } from '../api-key';
import { ApiKeySecretEntity } from '../secrets/api-key-secret-entity';
import { lockKey, refuseRevoked } from './locked-key';
import type { SecretKeys } from '../secrets/secret-key';
import { checkReach, recordedUpdate, type KeyRef } from './switch-api-key';

export const MAX_GRACE_SECONDS = 7 * 24 * 60 * 60;

export interface RotatedKey {
  readonly apiKey: ApiKey;
  /** The new secret key, which exists only now. */
  readonly secretKey: string;
}

/**
 * Gives a key a new secret. The old one goes on for the grace period; older ones, of a rotation before, end now. The key
 * itself stays the same, with its id and everything that hangs on it.
 */
export async function rotateApiKey(
  change: Change,
  secretKeys: SecretKeys,
  { gracePeriodSeconds, ...ref }: KeyRef & { readonly gracePeriodSeconds: number },
): Promise<RotatedKey> {
  const locked = await lockKey(change, ref.id, ref.version);
  refuseRevoked(locked);
  if (gracePeriodSeconds < 0 || gracePeriodSeconds > MAX_GRACE_SECONDS) {
    const message = `Expected 0 to ${MAX_GRACE_SECONDS} seconds (7 days), got ${gracePeriodSeconds}.`;
    throw rejected('INVALID', message, ['gracePeriodSeconds']);
  }
  await checkReach(change, locked);
  const { key } = locked;
  await endSecrets(change, key.id, gracePeriodSeconds);
  const { secretKey, stored } = secretKeys.generate();
  await change.transaction.insert(ApiKeySecretEntity, [
    {
      ...stored,
      organizationId: key.organizationId,
      apiKeyId: key.id,
      createdAt: change.now,
      expiresAt: null,
    },
  ]);
  return { apiKey: await recordedUpdate(change, locked, 'API_KEY_ROTATED', {}), secretKey };
}

/** Ends the old secret of a rotation before its grace period does. Without a rotation under way nothing changes. */
export async function endApiKeyRotation(change: Change, { id, version }: KeyRef): Promise<ApiKey> {
  const locked = await lockKey(change, id, version);
  refuseRevoked(locked);
  const ended = await change.transaction.execute(
    'DELETE FROM api_key_secrets WHERE api_key_id = ? AND expires_at IS NOT NULL',
    [id],
  );
  return ended === 0 ? locked.key : recordedUpdate(change, locked, 'API_KEY_ROTATION_ENDED', {});
}

async function endSecrets(
  { transaction, now }: Change,
  apiKeyId: string,
  graceSeconds: number,
): Promise<void> {
  await transaction.execute('DELETE FROM api_key_secrets WHERE api_key_id = ? AND expires_at IS NOT NULL', [
    apiKeyId,
  ]);
  if (graceSeconds === 0) {
    await transaction.execute('DELETE FROM api_key_secrets WHERE api_key_id = ?', [apiKeyId]);
  } else {
    const end = now + graceSeconds * 1000;
    await transaction.execute('UPDATE api_key_secrets SET expires_at = ? WHERE api_key_id = ?', [
      end,
      apiKeyId,
    ]);
  }
}
