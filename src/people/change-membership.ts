import type { ApiKey } from '../api-keys/api-key';
import { revokeKeysBeyondMaker } from '../api-keys/keys-beyond-maker';
import type { Change } from '../audit/change';
import type { Membership, Role } from '../auth/principal';
import type { Grant, Scope } from '../scopes';
import { rejected } from '../shared/user-errors';
import { keepAnOwner, lockMembership } from './locked-people';
import { membershipOccurrence } from './membership-state';
import { checkNarrowing, refuseNarrowedOwner, replaceNarrowing } from './narrowing';

export interface ChangeMembership {
  readonly id: string;
  /** Null: as it is. */
  readonly role: Role | null;
  /** Null: as it is. */
  readonly narrowedTo: readonly Grant[] | null;
  /** Whether the membership shall reach the whole organization. */
  readonly widen: boolean;
  /** Whether keys of the user that reach beyond what they may touch then are revoked. */
  readonly revokeKeys: boolean;
}

export interface ChangedMembership {
  readonly membership: Membership;
  readonly revokedApiKeys: readonly ApiKey[];
}

/** Gives a user another role in an organization, or another part of it. */
export async function changeMembership(change: Change, input: ChangeMembership): Promise<ChangedMembership> {
  const membership = await lockMembership(change, input.id);
  const role = input.role ?? membership.role;
  const narrowedTo = await newNarrowing(change, membership, input);
  refuseNarrowedOwner(role, narrowedTo);
  await keepAnOwner(change, membership, role);
  const changed = { ...membership, role, narrowedTo };
  await write(change, membership, changed);
  const { organizationId, userId } = membership;
  const revokedApiKeys = input.revokeKeys ? await revokeKeysBeyondMaker(change, organizationId, userId) : [];
  return { membership: changed, revokedApiKeys };
}

async function newNarrowing(
  change: Change,
  membership: Membership,
  { narrowedTo, widen }: ChangeMembership,
): Promise<Scope | null> {
  if (widen && narrowedTo !== null) {
    throw rejected('INVALID', 'A membership is either widened or narrowed.', ['widen']);
  }
  if (widen) return null;
  if (narrowedTo === null) return membership.narrowedTo;
  return checkNarrowing(change, membership.organizationId, narrowedTo);
}

/** Writes what is another, and records it. Nothing that is another leaves no trace. */
async function write(change: Change, before: Membership, after: Membership): Promise<void> {
  if (before.role === after.role && sameScope(before.narrowedTo, after.narrowedTo)) return;
  await change.transaction.execute(
    'UPDATE memberships SET role = ?, narrowed = ?, modified_at = ? WHERE id = ?',
    [after.role, after.narrowedTo === null ? 0 : 1, change.now, after.id],
  );
  await replaceNarrowing(change, after);
  await change.record([membershipOccurrence('MEMBERSHIP_CHANGED', before, after)]);
}

function sameScope(one: Scope | null, other: Scope | null): boolean {
  if (one === null || other === null) return one === other;
  const ids = new Set(one.grants.map(({ id }) => id));
  return one.grants.length === other.grants.length && other.grants.every(({ id }) => ids.has(id));
}
