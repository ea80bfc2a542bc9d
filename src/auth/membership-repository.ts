import type { RowSource } from '../database/database';
import { groupBy } from '../shared/group-by';
import { scopeOfJoined, type JoinedGrant } from './joined-grants';
import type { Membership, Role } from './principal';

interface MembershipRow extends JoinedGrant {
  readonly id: string;
  readonly organizationId: string;
  readonly role: Role;
  readonly narrowed: number;
}

/** The memberships of a user, with what they are narrowed to, in one statement. */
export async function findMemberships(source: RowSource, userId: string): Promise<Membership[]> {
  const rows = await source.rows<MembershipRow>(
    'SELECT m.id AS id, m.organization_id AS organizationId, m.role AS role, m.narrowed AS narrowed, ' +
      'g.level AS grantLevel, g.resource_id AS grantResourceId ' +
      'FROM memberships m LEFT JOIN membership_grants g ON g.membership_id = m.id ' +
      'WHERE m.user_id = ? ORDER BY m.id',
    [userId],
  );
  return Array.from(groupBy(rows, (row) => row.id).values(), toMembership);
}

function toMembership([row, ...others]: readonly [MembershipRow, ...MembershipRow[]]): Membership {
  return {
    id: row.id,
    organizationId: row.organizationId,
    role: row.role,
    // The flag decides, not the grants: a narrowed membership that lost them all to deletions reaches nothing.
    narrowedTo: row.narrowed === 1 ? scopeOfJoined([row, ...others]) : null,
  };
}
