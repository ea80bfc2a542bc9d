import type { Change } from '../../audit/change';
import type { OrganizationPolicy } from '../../policies/organization-policy';
import { policyViolations, type KeyUnderPolicy } from '../../policies/policy-violations';
import { Rejection, rejected, userError } from '../../shared/user-errors';
import { hasStatus } from '../api-key-status';

/** @throws Rejection AGAINST_POLICY for a key that the policy does not allow */
export function checkPolicy(key: KeyUnderPolicy, policy: OrganizationPolicy): void {
  const violations = policyViolations(key, policy);
  if (violations.length === 0) return;
  throw new Rejection(violations.map(({ field, message }) => userError('AGAINST_POLICY', message, [field])));
}

/** @throws Rejection when the caller may not make keys in the organization */
export function checkMaker({ permissions }: Change, { organizationId, keyMakers }: OrganizationPolicy): void {
  const action = keyMakers === 'MEMBERS' ? 'api-keys:create' : 'api-keys:create-despite-policy';
  if (permissions.may(action, organizationId)) return;
  if (!permissions.may('api-keys:create', organizationId)) {
    throw rejected('NOT_FOUND', 'There is no organization of this id in which you may make keys.', [
      'organizationId',
    ]);
  }
  throw rejected('AGAINST_POLICY', 'The policy of the organization lets only owners and admins make keys.');
}

/**
 * Checks that there is room for more active keys. Where a limit is set, makers of keys take turns on the organization's
 * row, so that two of them do not both take the last place.
 *
 * @throws Rejection LIMIT_REACHED
 */
export async function checkRoom(
  { transaction, now }: Change,
  { organizationId, maxActiveKeys }: OrganizationPolicy,
  more: number,
): Promise<void> {
  if (maxActiveKeys === null) return;
  await transaction.lockedRows('SELECT id FROM resources WHERE id = ?', [organizationId]);
  const active = hasStatus(['ACTIVE'], now);
  // Locked too, since a plain read would show the count as it was when the transaction began.
  const keys = await transaction.lockedRows(
    `SELECT k.id FROM api_keys k WHERE k.organization_id = ? AND ${active.text}`,
    [organizationId, ...active.values],
  );
  if (keys.length + more <= maxActiveKeys) return;
  const message = `The policy allows ${maxActiveKeys} active keys, and there are ${keys.length}. Revoke or disable some.`;
  throw rejected('LIMIT_REACHED', message);
}
