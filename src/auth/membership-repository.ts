import type { RowSource } from '../database/database';
import { headOf } from '../database/head-of';
import { sql, type Fragment } from '../database/sql';
import { groupBy } from '../shared/group-by';
import { scopeOfJoined, type JoinedGrant } from './joined-grants';
import type { Membership, Role, UserRights } from './principal';

interface MembershipRow extends JoinedGrant {
  readonly head: number;
  readonly id: string;
  readonly organizationId: string;
  readonly userId: string;
  readonly role: Role;
  readonly narrowed: number;
  readonly createdAt: number;
}

type Joined = MembershipRow | { readonly head: number; readonly id: null };

/** What a user may do, in one statement. */
export async function findRights(source: RowSource, userId: string): Promise<UserRights> {
  const rows = await readRows(source, sql('m.user_id = ?', userId));
  return { memberships: toMemberships(rows), readAt: headOf(rows) };
}

/** A membership, with what it is narrowed to; null when there is none of that id. */
export async function findMembership(source: RowSource, id: string): Promise<Membership | null> {
  const [membership] = await readMemberships(source, sql('m.id = ?', id));
  return membership ?? null;
}

/** Those of the memberships `m` that fit the condition. */
export async function readMemberships(source: RowSource, where: Fragment): Promise<Membership[]> {
  return toMemberships(await readRows(source, where));
}

/** A row for each grant, at least one for each membership, and one even if there is none. */
async function readRows(source: RowSource, where: Fragment): Promise<Joined[]> {
  return source.rows<Joined>(
    'SELECT h.position AS head, m.id AS id, m.organization_id AS organizationId, m.user_id AS userId, m.role AS role, ' +
      'm.narrowed AS narrowed, m.created_at AS createdAt, g.level AS grantLevel, g.resource_id AS grantResourceId ' +
      `FROM change_feed_head h LEFT JOIN memberships m ON ${where.text} ` +
      'LEFT JOIN membership_grants g ON g.membership_id = m.id ORDER BY m.id, g.resource_id',
    where.values,
  );
}

function toMemberships(rows: readonly Joined[]): Membership[] {
  const found = rows.filter((row): row is MembershipRow => row.id !== null);
  return Array.from(groupBy(found, (row) => row.id).values(), toMembership);
}

function toMembership([row, ...others]: readonly [MembershipRow, ...MembershipRow[]]): Membership {
  const { id, organizationId, userId, role, createdAt } = row;
  // The flag decides, not the grants: a narrowed membership that lost them all to deletions reaches nothing.
  const narrowedTo = row.narrowed === 1 ? scopeOfJoined([row, ...others]) : null;
  return { id, organizationId, userId, role, narrowedTo, createdAt };
}
