import type { Change } from '../../audit/change';
import type { AuditAction } from '../../audit/audit-event';
import { policyOf } from '../../policies/policy-repository';
import { someIds } from '../../shared/some-ids';
import { Rejection, rejected } from '../../shared/user-errors';
import type { ApiKey } from '../api-key';
import { grantChecker } from './check-grants';
import { checkRoom } from './check-policy';
import { stateOfSameScope } from './key-state';
import { lockKey, refuseRevoked, updateKey, type KeyUpdate, type LockedKey } from './locked-key';

/** Which key to change; a version, if the caller wants to change only what they have seen. */
export interface KeyRef {
  readonly id: string;
  readonly version: number | null;
}

/** Switches a key off. One that is off stays as it is. */
export async function disableApiKey(change: Change, { id, version }: KeyRef): Promise<ApiKey> {
  const locked = await lockKey(change, id, version);
  refuseRevoked(locked);
  if (locked.key.disabledAt !== null) return locked.key;
  return recordedUpdate(change, locked, 'API_KEY_DISABLED', { disabledAt: change.now });
}

/** Switches a key on again. It then counts as active, and its scope must lie within the caller's reach. */
export async function enableApiKey(change: Change, { id, version }: KeyRef): Promise<ApiKey> {
  const locked = await lockKey(change, id, version);
  refuseRevoked(locked);
  if (locked.key.disabledAt === null) return locked.key;
  await checkReach(change, locked);
  await checkRoom(change, await policyOf(change.transaction, locked.key.organizationId), 1);
  return recordedUpdate(change, locked, 'API_KEY_ENABLED', { disabledAt: null });
}

/** Checks that the scope of a key lies within the caller's own reach, which may have become narrower. */
export async function checkReach(change: Change, { scope }: LockedKey): Promise<void> {
  const check = await grantChecker(change.transaction, change.permissions, scope.grants);
  try {
    check(scope.grants);
  } catch (error) {
    if (!(error instanceof Rejection)) throw error;
    // What is told of a scope in an input would name a field that this input does not have.
    const ids = error.userErrors.flatMap((userError) => userError.ids);
    const message = `The key may touch what you may not touch yourself: ${someIds(ids)}.`;
    throw rejected('BEYOND_YOUR_SCOPE', message, ['id'], ids);
  }
}

export async function recordedUpdate(
  change: Change,
  locked: LockedKey,
  action: AuditAction,
  update: KeyUpdate,
): Promise<ApiKey> {
  const key = await updateKey(change, locked, update);
  await change.record([
    {
      organizationId: key.organizationId,
      action,
      subject: { kind: 'API_KEY', id: key.id },
      before: stateOfSameScope(locked.key, locked.scope),
      after: stateOfSameScope(key, locked.scope),
    },
  ]);
  return key;
}
