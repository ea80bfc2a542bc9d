import type { AuditAction } from '../../audit/audit-event';
import type { Change } from '../../audit/change';
import { isIn } from '../../database/sql';
import { rejected, userError, type UserError } from '../../shared/user-errors';
import type { ApiKey } from '../api-key';
import { MAX_REASON_LENGTH, checkText } from './key-fields';
import { stateOfSameScope } from './key-state';
import { lockKeys, type LockedKey } from './locked-key';
import type { KeyRef } from './switch-api-key';

export const MAX_BULK = 1000;

/** What became of one key of a bulk. */
export interface Revocation {
  readonly id: string;
  readonly apiKey: ApiKey | null;
  readonly error: UserError | null;
}

/** Ends a key for good. The row stays, for the record; a key that has been revoked stays as it is. */
export async function revokeApiKey(
  change: Change,
  { id }: Pick<KeyRef, 'id'>,
  reason: string | null,
): Promise<ApiKey> {
  const [revocation] = await revokeApiKeys(change, [id], reason);
  if (revocation?.apiKey) return revocation.apiKey;
  throw rejected('NOT_FOUND', 'There is no key of this id that you may change.', ['id']);
}

/** Ends many keys for good, and reports one by one; ids that the caller may not change do not stop the others. */
export async function revokeApiKeys(
  change: Change,
  ids: readonly string[],
  reason: string | null,
): Promise<readonly Revocation[]> {
  const revoker = change.permissions.requireUser().id;
  const asked = [...new Set(ids)];
  if (asked.length === 0 || asked.length > MAX_BULK) {
    throw rejected('INVALID', `Expected 1 to ${MAX_BULK} ids, got ${asked.length}.`, ['ids']);
  }
  const checkedReason = reason === null ? null : checkText(reason, 'reason', MAX_REASON_LENGTH);
  const locked = await lockKeys(change, asked);
  const revoked = await revokeLocked(change, locked, {
    reason: checkedReason,
    revoker,
    action: 'API_KEY_REVOKED',
  });
  const byId = new Map(revoked.map((key) => [key.id, key]));
  return asked.map((id) => {
    const apiKey = byId.get(id) ?? null;
    const error = userError('NOT_FOUND', 'There is no key of this id that you may change.', ['ids'], [id]);
    return { id, apiKey, error: apiKey === null ? error : null };
  });
}

export interface RevocationCause {
  readonly reason: string | null;
  readonly revoker: string;
  readonly action: AuditAction;
}

/** Ends locked keys for good in one statement, and records each. */
export async function revokeLocked(
  { transaction, record, now }: Change,
  locked: readonly LockedKey[],
  { reason, revoker, action }: RevocationCause,
): Promise<readonly ApiKey[]> {
  const ending = locked.filter(({ key }) => key.revokedAt === null);
  const where = isIn(
    'id',
    ending.map(({ key }) => key.id),
  );
  await transaction.execute(
    'UPDATE api_keys SET revoked_at = ?, revocation_reason = ?, modified_at = ?, modified_by = ?, ' +
      `version = version + 1 WHERE ${where.text}`,
    [now, reason, now, revoker, ...where.values],
  );
  const end = (key: ApiKey): ApiKey => ({
    ...key,
    revokedAt: now,
    revocationReason: reason,
    modifiedAt: now,
    modifiedBy: revoker,
    version: key.version + 1,
  });
  await record(
    ending.map(({ key, scope }) => ({
      organizationId: key.organizationId,
      action,
      subject: { kind: 'API_KEY', id: key.id },
      before: stateOfSameScope(key, scope),
      after: stateOfSameScope(end(key), scope),
    })),
  );
  return locked.map(({ key }) => (key.revokedAt === null ? end(key) : key));
}
