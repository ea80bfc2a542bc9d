import type { Change } from '../audit/change';
import { MembershipEntity } from '../auth/membership-entity';
import type { Membership, Role } from '../auth/principal';
import type { Grant } from '../scopes';
import { lockTrees } from '../resources/lock-trees';
import { checkText } from '../shared/check-text';
import { newId } from '../shared/ids';
import { rejected } from '../shared/user-errors';
import { lockPeople } from './locked-people';
import { membershipOccurrence } from './membership-state';
import { checkNarrowing, refuseNarrowedOwner, replaceNarrowing } from './narrowing';

export const MAX_USER_ID_LENGTH = 255;

export interface AddMembership {
  readonly organizationId: string;
  readonly userId: string;
  readonly role: Role;
  /** Null: the whole organization. */
  readonly narrowedTo: readonly Grant[] | null;
}

/** Gives a user a place in an organization. */
export async function addMembership(change: Change, input: AddMembership): Promise<Membership> {
  const { organizationId, role } = input;
  const { transaction, now } = change;
  await (change.permissions.mayAppointFirstOwner()
    ? lockOwnerless(change, input)
    : lockPeople(change, organizationId));
  const userId = checkUserId(input.userId);
  refuseNarrowedOwner(role, input.narrowedTo);
  const narrowedTo =
    input.narrowedTo === null ? null : await checkNarrowing(change, organizationId, input.narrowedTo);
  const known = await transaction.rows(
    'SELECT id FROM memberships WHERE organization_id = ? AND user_id = ?',
    [organizationId, userId],
  );
  if (known.length > 0) throw rejected('TAKEN', 'This user belongs to the organization already.', ['userId']);
  const membership = { id: newId(), organizationId, userId, role, narrowedTo, createdAt: now };
  const narrowed = narrowedTo !== null;
  const { id } = membership;
  const times = { createdAt: now, modifiedAt: now };
  await transaction.insert(MembershipEntity, [{ id, organizationId, userId, role, narrowed, ...times }]);
  await replaceNarrowing(change, membership);
  await change.record([membershipOccurrence('MEMBERSHIP_ADDED', null, membership)]);
  return membership;
}

/** @throws Rejection NOT_FOUND unless it is an organization without owners, and the new place is a first owner's */
async function lockOwnerless(
  { transaction }: Change,
  { organizationId, role, narrowedTo }: AddMembership,
): Promise<void> {
  await lockTrees(transaction, [organizationId]);
  const ownerless = await transaction.rows(
    'SELECT r.id FROM resources r WHERE r.id = ? AND r.level = 0 AND NOT EXISTS ' +
      "(SELECT 1 FROM memberships m WHERE m.organization_id = r.id AND m.role = 'OWNER')",
    [organizationId],
  );
  if (ownerless.length > 0 && role === 'OWNER' && narrowedTo === null) return;
  const message =
    'There is no organization of this id without an owner, to which a service may give its first.';
  throw rejected('NOT_FOUND', message, ['organizationId'], [organizationId]);
}

// Not trimmed: the subject of a token is compared to the letter.
function checkUserId(userId: string): string {
  if (userId === '') throw rejected('INVALID', 'Expected the `sub` of the tokens of the user.', ['userId']);
  return checkText(userId, 'userId', MAX_USER_ID_LENGTH);
}
