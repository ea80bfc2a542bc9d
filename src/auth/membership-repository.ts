import type { RowSource } from '../database/database';
import { headOf } from '../database/head-of';
import { isIn, sql, type Fragment } from '../database/sql';
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

/** What each of these users may do, some of whom may be named more than once, in one statement. */
export async function findRights(source: RowSource, userIds: readonly string[]): Promise<UserRights[]> {
  const rows = await readRows(source, isIn('m.user_id', userIds));
  const readAt = headOf(rows);
  const byUser = groupBy(rows.filter(isMembership), (row) => row.userId);
  const memberships = new Map(Array.from(byUser, ([id, ofUser]) => [id, toMemberships(ofUser)]));
  return userIds.map((id) => ({ memberships: memberships.get(id) ?? [], readAt }));
}

/** What a user may do. */
export async function findRightsOf(source: RowSource, userId: string): Promise<UserRights> {
  const [rights] = await findRights(source, [userId]);
  if (rights === undefined) throw new Error('A user was asked about, and none was answered.');
  return rights;
}

/** A membership, with what it is narrowed to; null when there is none of that id. */
export async function findMembership(source: RowSource, id: string): Promise<Membership | null> {
  const [membership] = await readMemberships(source, sql('m.id = ?', id));
  return membership ?? null;
}

/** Those of the memberships `m` that fit the condition. */
export async function readMemberships(source: RowSource, where: Fragment): Promise<Membership[]> {
  return toMemberships((await readRows(source, where)).filter(isMembership));
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

function isMembership(row: Joined): row is MembershipRow {
  return row.id !== null;
}

function toMemberships(rows: readonly MembershipRow[]): Membership[] {
  return Array.from(groupBy(rows, (row) => row.id).values(), toMembership);
}

function toMembership([row, ...others]: readonly [MembershipRow, ...MembershipRow[]]): Membership {
  const { id, organizationId, userId, role, createdAt } = row;
  // The flag decides, not the grants: a narrowed membership that lost them all to deletions reaches nothing.
  const narrowedTo = row.narrowed === 1 ? scopeOfJoined([row, ...others]) : null;
  return { id, organizationId, userId, role, narrowedTo, createdAt };
}
