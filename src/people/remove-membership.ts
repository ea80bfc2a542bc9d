import type { ApiKey } from '../api-keys/api-key';
import { revokeKeysBeyondMaker } from '../api-keys/keys-beyond-maker';
import type { Change } from '../audit/change';
import type { Membership } from '../auth/principal';
import { keepAnOwner, lockMembership } from './locked-people';
import { membershipOccurrence } from './membership-state';

export interface RemoveMembership {
  readonly id: string;
  /** Whether the keys that the user made are revoked. */
  readonly revokeKeys: boolean;
}

export interface RemovedMembership {
  /** As it was. */
  readonly membership: Membership;
  readonly revokedApiKeys: readonly ApiKey[];
}

/** Takes a user's place in an organization away. */
export async function removeMembership(
  change: Change,
  { id, revokeKeys }: RemoveMembership,
): Promise<RemovedMembership> {
  const membership = await lockMembership(change, id);
  await keepAnOwner(change, membership, null);
  await change.transaction.execute('DELETE FROM memberships WHERE id = ?', [id]);
  await change.record([membershipOccurrence('MEMBERSHIP_REMOVED', membership, null)]);
  const { organizationId, userId } = membership;
  const revokedApiKeys = revokeKeys ? await revokeKeysBeyondMaker(change, organizationId, userId) : [];
  return { membership, revokedApiKeys };
}
