import type { Change } from '../../audit/change';
import type { AuditAction } from '../../audit/audit-event';
import type { UserPrincipal } from '../../auth/principal';
import { policyOf } from '../../policies/policy-repository';
import type { ResourceNode } from '../../resources/resource-node';
import { depthOf, type Grant, type Scope } from '../../scopes';
import { foldName } from '../../shared/folded-name';
import { groupBy } from '../../shared/group-by';
import { newId } from '../../shared/ids';
import { Rejection, rejected, userError, type UserError } from '../../shared/user-errors';
import { ApiKeyEntity } from '../api-key-entity';
import { ApiKeyGrantEntity } from '../api-key-grant-entity';
import { ApiKeySecretEntity } from '../secrets/api-key-secret-entity';
import { grantChecker, type CheckGrants } from './check-grants';
import { checkMaker, checkPolicy, checkRoom } from './check-policy';
import { MAX_DESCRIPTION_LENGTH, checkExpiry, checkMetadata, checkName, checkText } from './key-fields';
import { keyState } from './key-state';
import { checkLimits, type SaidOfLimits } from '../limits/check-limits';
import type { StoredSecret } from '../secrets/secret-key';

/** What a new key shall be. */
export interface NewKey extends SaidOfLimits {
  readonly name: string;
  readonly description: string;
  readonly grants: readonly Grant[];
  /** Where the key belongs. It can be left out where the grants tell it, or the caller has but one organization. */
  readonly organizationId: string | null;
  readonly expiresAt: Date | null;
  readonly metadata: unknown;
  readonly secret: StoredSecret;
  /** Where the key stands in the input, for errors. */
  readonly at: readonly string[];
}

export interface InsertedKey {
  readonly key: ApiKeyEntity;
  readonly scope: Scope;
  /** The granted resources, with their ancestors. */
  readonly resources: readonly ResourceNode[];
}

/**
 * Makes keys, in a number of statements that does not depend on theirs, and records each.
 *
 * @throws Rejection for what the caller can mend, of all the keys; then none is made
 */
export async function insertKeys(
  change: Change,
  action: AuditAction,
  newKeys: readonly NewKey[],
): Promise<readonly InsertedKey[]> {
  const maker = change.permissions.requireUser();
  const check = await grantChecker(
    change.transaction,
    change.permissions,
    newKeys.flatMap(({ grants }) => grants),
  );
  const checked = collectRejections(newKeys, (newKey) => checkKey(newKey, check, maker, change.now));
  await checkOrganizations(change, checked);
  await insertRows(change, checked);
  await change.record(
    checked.map(({ key, scope }) => ({
      organizationId: key.organizationId,
      action,
      subject: { kind: 'API_KEY', id: key.id },
      before: null,
      after: keyState(key, scope),
    })),
  );
  return checked;
}

interface CheckedKey extends InsertedKey {
  readonly at: readonly string[];
  readonly secret: NewKey['secret'];
}

function checkKey(newKey: NewKey, check: CheckGrants, maker: UserPrincipal, now: number): CheckedKey {
  const { scope, resources } = check(newKey.grants);
  const name = checkName(newKey.name);
  const key: ApiKeyEntity = {
    id: newId(),
    organizationId: organizationOf(newKey, resources, maker),
    name,
    nameFolded: foldName(name),
    description: checkText(newKey.description, 'description', MAX_DESCRIPTION_LENGTH),
    creatorId: maker.id,
    creatorEmail: maker.email ?? '',
    modifiedBy: maker.id,
    createdAt: now,
    modifiedAt: now,
    expiresAt: checkExpiry(newKey.expiresAt, now),
    disabledAt: null,
    revokedAt: null,
    revocationReason: null,
    metadata: checkMetadata(newKey.metadata),
    expiringToldFor: null,
    expiredToldFor: null,
    lastUsedAt: null,
    limits: checkLimits(newKey, null),
    version: 1,
  };
  return { key, scope, resources, at: newKey.at, secret: newKey.secret };
}

function organizationOf(
  { organizationId }: NewKey,
  [resource]: readonly ResourceNode[],
  { memberships }: UserPrincipal,
): string {
  const granted = resource?.organizationId;
  if (organizationId !== null && granted !== undefined && granted !== organizationId) {
    throw rejected('INVALID', 'All grants of a key lie in its organization.', ['organizationId']);
  }
  const [only, ...others] = memberships;
  const told = organizationId ?? granted ?? (others.length === 0 ? only?.organizationId : undefined);
  if (told !== undefined) return told;
  throw rejected('INVALID', 'Expected the organization of the key, since its scope is empty.', [
    'organizationId',
  ]);
}

/** Checks what concerns the keys of an organization together. */
async function checkOrganizations(change: Change, checked: readonly CheckedKey[]): Promise<void> {
  for (const [organizationId, keys] of groupBy(checked, ({ key }) => key.organizationId)) {
    const policy = await policyOf(change.transaction, organizationId);
    checkMaker(change, policy);
    collectRejections(keys, ({ key, scope }) => {
      const { createdAt, expiresAt } = key;
      checkPolicy({ breadth: scope.breadth, createdAt, expiresAt }, policy);
    });
    await checkRoom(change, policy, keys.length);
  }
}

async function insertRows({ transaction, now }: Change, checked: readonly CheckedKey[]): Promise<void> {
  await transaction.insert(
    ApiKeyEntity,
    checked.map(({ key }) => key),
  );
  await transaction.insert(
    ApiKeyGrantEntity,
    checked.flatMap(({ key, scope }) => grantRows(key.organizationId, key.id, scope)),
  );
  await transaction.insert(
    ApiKeySecretEntity,
    checked.map(({ key, secret }) => ({
      ...secret,
      organizationId: key.organizationId,
      apiKeyId: key.id,
      createdAt: now,
      expiresAt: null,
    })),
  );
}

/** The rows of a key's scope. */
export function grantRows(organizationId: string, apiKeyId: string, scope: Scope): ApiKeyGrantEntity[] {
  return scope.grants.map(({ level, id }) => ({
    organizationId,
    apiKeyId,
    resourceId: id,
    level: depthOf(level),
  }));
}

/** Does the work for each key, and rejects them all if one is rejected, with the errors of all. */
function collectRejections<Item extends { at: readonly string[] }, Result>(
  items: readonly Item[],
  work: (item: Item) => Result,
): Result[] {
  const errors: UserError[] = [];
  const results: Result[] = [];
  for (const item of items) {
    try {
      results.push(work(item));
    } catch (error) {
      if (!(error instanceof Rejection)) throw error;
      errors.push(
        ...error.userErrors.map(({ code, message, field, ids }) =>
          userError(code, message, [...item.at, ...(field ?? [])], ids),
        ),
      );
    }
  }
  if (errors.length > 0) throw new Rejection(errors);
  return results;
}
