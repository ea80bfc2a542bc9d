import type { RowSource } from '../database/database';
import { sql, type Fragment } from '../database/sql';
import { groupBy } from '../shared/group-by';
import { scopeOfJoined, type JoinedGrant } from './joined-grants';
import type { Membership, Role } from './principal';

interface MembershipRow extends JoinedGrant {
  readonly id: string;
  readonly organizationId: string;
  readonly userId: string;
  readonly role: Role;
  readonly narrowed: number;
  readonly createdAt: number;
}

/** The memberships of a user, with what they are narrowed to, in one statement. */
export async function findMemberships(source: RowSource, userId: string): Promise<Membership[]> {
  return readMemberships(source, sql('m.user_id = ?', userId));
}

/** A membership, with what it is narrowed to; null when there is none of that id. */
export async function findMembership(source: RowSource, id: string): Promise<Membership | null> {
  const [membership] = await readMemberships(source, sql('m.id = ?', id));
  return membership ?? null;
}

/** Those of the memberships `m` that fit the condition. */
export async function readMemberships(source: RowSource, where: Fragment): Promise<Membership[]> {
  const rows = await source.rows<MembershipRow>(
    'SELECT m.id AS id, m.organization_id AS organizationId, m.user_id AS userId, m.role AS role, ' +
      'm.narrowed AS narrowed, m.created_at AS createdAt, g.level AS grantLevel, g.resource_id AS grantResourceId ' +
      'FROM memberships m LEFT JOIN membership_grants g ON g.membership_id = m.id ' +
      `WHERE ${where.text} ORDER BY m.id, g.resource_id`,
    where.values,
  );
  return Array.from(groupBy(rows, (row) => row.id).values(), toMembership);
}

function toMembership([row, ...others]: readonly [MembershipRow, ...MembershipRow[]]): Membership {
  const { id, organizationId, userId, role, createdAt } = row;
  // The flag decides, not the grants: a narrowed membership that lost them all to deletions reaches nothing.
  const narrowedTo = row.narrowed === 1 ? scopeOfJoined([row, ...others]) : null;
  return { id, organizationId, userId, role, narrowedTo, createdAt };
}
