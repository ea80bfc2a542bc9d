import type { Change } from '../../audit/change';
import type { Transaction } from '../../database/transaction';
import { allOf, isIn, join, selectList, sql, type Fragment } from '../../database/sql';
import { Scope, levelAt } from '../../scopes';
import { foldName } from '../../shared/folded-name';
import { groupBy } from '../../shared/group-by';
import { rejected } from '../../shared/user-errors';
import { API_KEY_COLUMNS, type ApiKey } from '../api-key';
import { inRanges } from '../api-key-filter';

/** A key that nobody else can change until the transaction ends, with its scope. */
export interface LockedKey {
  readonly key: ApiKey;
  readonly scope: Scope;
}

/**
 * Reads and locks keys that the caller may change. Ids of others, and of none, are left out alike. Keys are locked in the
 * order of their ids, so that two callers with the same keys do not wait for each other.
 */
export async function lockKeys(
  { transaction, permissions }: Change,
  ids: readonly string[],
): Promise<LockedKey[]> {
  permissions.requireUser();
  const ranges = permissions.manageableKeys();
  return lockWhere(transaction, allOf([isIn('k.id', ids), inRanges(ranges)]));
}

/**
 * The same for keys of anybody: for what needs no right to the keys, since the secret itself has been shown, or since the
 * right is another.
 */
export async function lockAnyKeys(transaction: Transaction, ids: readonly string[]): Promise<LockedKey[]> {
  return lockWhere(transaction, isIn('k.id', ids));
}

async function lockWhere(transaction: Transaction, where: Fragment): Promise<LockedKey[]> {
  const keys = await transaction.lockedRows<ApiKey>(
    `SELECT ${selectList(API_KEY_COLUMNS)} FROM api_keys k WHERE ${where.text} ORDER BY k.id`,
    where.values,
  );
  return withScopes(transaction, keys);
}

/** @throws Rejection NOT_FOUND, or CONFLICT when the key is no longer of the version that the caller has seen */
export async function lockKey(change: Change, id: string, version?: number | null): Promise<LockedKey> {
  const [locked] = await lockKeys(change, [id]);
  if (locked === undefined)
    throw rejected('NOT_FOUND', 'There is no key of this id that you may change.', ['id']);
  if (version != null && version !== locked.key.version) {
    const message = `The key has been changed meanwhile: expected version ${version}, found ${locked.key.version}.`;
    throw rejected('CONFLICT', message, ['version']);
  }
  return locked;
}

/** @throws Rejection REVOKED: what has been revoked stays as it is */
export function refuseRevoked({ key }: LockedKey): void {
  if (key.revokedAt !== null)
    throw rejected('REVOKED', 'The key has been revoked, which is final. Make another.', ['id']);
}

async function withScopes(transaction: Transaction, keys: readonly ApiKey[]): Promise<LockedKey[]> {
  const where = isIn(
    'g.api_key_id',
    keys.map(({ id }) => id),
  );
  const grants = await transaction.rows<{ apiKeyId: string; level: number; resourceId: string }>(
    `SELECT g.api_key_id AS apiKeyId, g.level AS level, g.resource_id AS resourceId FROM api_key_grants g WHERE ${where.text} ORDER BY g.level, g.resource_id`,
    where.values,
  );
  const byKey = groupBy(grants, ({ apiKeyId }) => apiKeyId);
  return keys.map((key) => {
    const own = byKey.get(key.id) ?? [];
    return {
      key,
      scope: new Scope(own.map(({ level, resourceId }) => ({ level: levelAt(level), id: resourceId }))),
    };
  });
}

/** The columns of a key that changes write. */
const UPDATABLE = {
  name: 'name',
  description: 'description',
  expiresAt: 'expires_at',
  disabledAt: 'disabled_at',
  revokedAt: 'revoked_at',
  revocationReason: 'revocation_reason',
  metadata: 'metadata',
  limits: 'limits',
} as const;

export type KeyUpdate = Partial<Pick<ApiKey, keyof typeof UPDATABLE>>;

/** Writes what changed of a locked key, and returns the key as it is then. */
export async function updateKey(
  { transaction, permissions, now }: Change,
  { key }: LockedKey,
  update: KeyUpdate,
): Promise<ApiKey> {
  const { id: modifiedBy } = permissions.requireUser();
  const assignments = Object.entries(update).map(([property, value]) =>
    sql(`${UPDATABLE[property as keyof typeof UPDATABLE]} = ?`, value),
  );
  if (update.name !== undefined) assignments.push(sql('name_folded = ?', foldName(update.name)));
  const set = join([...assignments, sql('modified_at = ?', now), sql('modified_by = ?', modifiedBy)], ', ');
  const changed = await transaction.execute(
    `UPDATE api_keys SET ${set.text}, version = version + 1 WHERE id = ? AND version = ?`,
    [...set.values, key.id, key.version],
  );
  if (changed !== 1) throw new Error('A locked key was changed by another transaction.');
  return { ...key, ...update, modifiedAt: now, modifiedBy, version: key.version + 1 };
}
