import type { Change } from '../../audit/change';
import { policyOf } from '../../policies/policy-repository';
import type { Grant } from '../../scopes';
import type { ApiKey } from '../api-key';
import { statusOf } from '../api-key-status';
import { ApiKeyGrantEntity } from '../api-key-grant-entity';
import { grantChecker, type CheckedGrants } from './check-grants';
import { checkPolicy, checkRoom } from './check-policy';
import { grantRows } from './insert-keys';
import { MAX_DESCRIPTION_LENGTH, checkExpiry, checkMetadata, checkName, checkText } from './key-fields';
import { keyState, stateOfSameScope } from './key-state';
import { lockKey, refuseRevoked, updateKey, type KeyUpdate, type LockedKey } from './locked-key';
import { scopeWarnings } from './scope-warnings';
import { checkReach } from './switch-api-key';
import { rejected } from '../../shared/user-errors';
import { checkLimits, type SaidOfLimits } from '../limits/check-limits';

/** What of a key shall be changed. What is undefined stays as it is. */
export interface UpdateApiKey extends SaidOfLimits {
  readonly id: string;
  /** The version that the caller has seen; null: whatever it is. */
  readonly version: number | null;
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly grants?: readonly Grant[] | undefined;
  /** Null: never. */
  readonly expiresAt?: Date | null | undefined;
  readonly metadata?: unknown;
}

export interface UpdatedKey {
  readonly apiKey: ApiKey;
  readonly warnings: readonly string[];
}

/** Changes a key. A new scope may reach no further than the caller does, and a policy holds for what is changed. */
export async function updateApiKey(change: Change, input: UpdateApiKey): Promise<UpdatedKey> {
  const locked = await lockKey(change, input.id, input.version);
  refuseRevoked(locked);
  const checked = input.grants === undefined ? null : await checkNewScope(change, locked, input.grants);
  const update = toUpdate(input, locked.key, change.now);
  await checkAgainstPolicy(change, locked, update, checked);
  await checkProlonged(change, locked, update, checked);
  const scope = checked?.scope ?? locked.scope;
  if (checked !== null) await replaceGrants(change, locked.key, checked);
  const apiKey = await updateKey(change, locked, update);
  const stateOf = checked === null ? stateOfSameScope : keyState;
  await change.record([
    {
      organizationId: apiKey.organizationId,
      action: 'API_KEY_UPDATED',
      subject: { kind: 'API_KEY', id: apiKey.id },
      before: stateOf(locked.key, locked.scope),
      after: stateOf(apiKey, scope),
    },
  ]);
  return { apiKey, warnings: checked === null ? [] : scopeWarnings(checked.resources) };
}

function toUpdate(input: UpdateApiKey, { limits }: ApiKey, now: number): KeyUpdate {
  const { name, description, expiresAt, metadata, rateLimits, quota } = input;
  return {
    ...(name !== undefined && { name: checkName(name) }),
    ...(description !== undefined && {
      description: checkText(description, 'description', MAX_DESCRIPTION_LENGTH),
    }),
    ...(expiresAt !== undefined && { expiresAt: checkExpiry(expiresAt, now) }),
    ...(metadata !== undefined && { metadata: checkMetadata(metadata) }),
    ...((rateLimits !== undefined || quota !== undefined) && { limits: checkLimits(input, limits) }),
  };
}

async function checkNewScope(
  change: Change,
  { key }: LockedKey,
  grants: readonly Grant[],
): Promise<CheckedGrants> {
  const check = await grantChecker(change.transaction, change.permissions, grants);
  const checked = check(grants);
  const [resource] = checked.resources;
  if (resource === undefined || resource.organizationId === key.organizationId) return checked;
  throw rejected('INVALID', 'All grants of a key lie in its organization, which it keeps.', ['scope']);
}

async function checkAgainstPolicy(
  { transaction }: Change,
  { key, scope }: LockedKey,
  update: KeyUpdate,
  checked: CheckedGrants | null,
): Promise<void> {
  // A stricter policy leaves keys as they are: only what is changed now must fit it.
  if (checked === null && update.expiresAt === undefined) return;
  const policy = await policyOf(transaction, key.organizationId);
  const expiresAt = update.expiresAt === undefined ? key.expiresAt : update.expiresAt;
  checkPolicy({ breadth: (checked?.scope ?? scope).breadth, createdAt: key.createdAt, expiresAt }, policy);
}

/** A key that goes on for longer gives its scope away anew, and one that was over counts as active again. */
async function checkProlonged(
  change: Change,
  locked: LockedKey,
  { expiresAt: end }: KeyUpdate,
  checked: CheckedGrants | null,
): Promise<void> {
  const before = locked.key.expiresAt;
  if (end === undefined || before === null || (end !== null && end <= before)) return;
  if (checked === null) await checkReach(change, locked);
  if (statusOf(locked.key, change.now) === 'EXPIRED') {
    await checkRoom(change, await policyOf(change.transaction, locked.key.organizationId), 1);
  }
}

async function replaceGrants({ transaction }: Change, key: ApiKey, { scope }: CheckedGrants): Promise<void> {
  await transaction.execute('DELETE FROM api_key_grants WHERE api_key_id = ?', [key.id]);
  await transaction.insert(ApiKeyGrantEntity, grantRows(key.organizationId, key.id, scope));
}
