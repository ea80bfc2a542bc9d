import type { Change } from '../audit/change';
import { findMembership } from '../auth/membership-repository';
import type { Membership, Role } from '../auth/principal';
import { lockTrees } from '../resources/lock-trees';
import { rejected } from '../shared/user-errors';

/**
 * Keeps the people of an organization from other changes until the transaction ends.
 *
 * @throws Rejection NOT_FOUND when the caller may not change them
 */
export async function lockPeople(
  { transaction, permissions }: Change,
  organizationId: string,
): Promise<void> {
  permissions.requireUser();
  if (!permissions.may('people:change', organizationId)) {
    const message = 'There is no organization of this id whose people you may change.';
    throw rejected('NOT_FOUND', message, ['organizationId'], [organizationId]);
  }
  await lockTrees(transaction, [organizationId]);
}

/**
 * Reads a membership, and keeps the people of its organization from other changes.
 *
 * @throws Rejection NOT_FOUND for one that the caller may not change, and for one that is not there, alike
 */
export async function lockMembership(change: Change, id: string): Promise<Membership> {
  const { transaction, permissions } = change;
  permissions.requireUser();
  const seen = await findMembership(transaction, id);
  if (seen !== null && permissions.may('people:change', seen.organizationId)) {
    await lockPeople(change, seen.organizationId);
    // Only now does it stay as it is.
    const membership = await findMembership(transaction, id);
    if (membership !== null) return membership;
  }
  throw rejected('NOT_FOUND', 'There is no membership of this id that you may change.', ['id'], [id]);
}

/**
 * Checks that an organization keeps an owner when a membership gets another role, or none.
 *
 * @throws Rejection LAST_OWNER
 */
export async function keepAnOwner(
  { transaction }: Change,
  { id, organizationId, role }: Membership,
  newRole: Role | null,
): Promise<void> {
  if (role !== 'OWNER' || newRole === 'OWNER') return;
  const others = await transaction.lockedRows(
    "SELECT id FROM memberships WHERE organization_id = ? AND role = 'OWNER' AND id <> ? ORDER BY id",
    [organizationId, id],
  );
  if (others.length > 0) return;
  throw rejected('LAST_OWNER', 'An organization must keep an owner: make somebody else one first.', ['id']);
}
