import type { KeyRange } from '../auth/authorize';
import { allOf, anyOf, contains, isIn, sql, type Fragment } from '../database/sql';
import { ANCESTOR_JOINS } from '../resources/resource-columns';
import { depthOf, type Breadth, type Path } from '../scopes';
import { foldName } from '../shared/folded-name';
import { groupBy } from '../shared/group-by';
import { hasStatus, type ApiKeyStatus } from './api-key-status';
import { violatesPolicy } from './violates-policy';

/** Which keys to list: those that fit everything that is not null. */
export interface ApiKeyCriteria {
  readonly creatorId: string | null;
  readonly nameContains: string | null;
  readonly breadths: readonly Breadth[] | null;
  readonly statuses: readonly ApiKeyStatus[] | null;
  /** Whether they are against the policy of their organization. */
  readonly violatesPolicy: boolean | null;
  /** Keys that end by themselves before this time, or have; not those that were revoked. */
  readonly expiresBefore: number | null;
  /** Keys that were not used since this time. One that never was used counts from when it was made. */
  readonly unusedSince: number | null;
}

/** The condition for a range of keys `k`. */
export function inRange(range: KeyRange): Fragment {
  return inAlike([range]);
}

/**
 * The condition for all of some ranges of keys `k`. Ranges of one kind become one condition: somebody can be a member of
 * more organizations than a statement can hold conditions.
 */
export function inRanges(ranges: readonly KeyRange[]): Fragment {
  const alike = groupBy(ranges, ({ keyId, creatorId, withinMembership }) =>
    JSON.stringify([keyId, creatorId, withinMembership === undefined]),
  );
  return anyOf(Array.from(alike.values(), inAlike));
}

/** The condition for ranges which differ in nothing but their organization and their membership there. */
function inAlike(ranges: readonly [KeyRange, ...KeyRange[]]): Fragment {
  const { keyId, creatorId } = ranges[0];
  const organizations = isIn(
    'k.organization_id',
    ranges.map(({ organizationId }) => organizationId),
  );
  const memberships = ranges.flatMap(({ withinMembership }) => withinMembership ?? []);
  const made = creatorId === undefined ? [] : [sql('k.creator_id = ?', creatorId)];
  return allOf([
    organizations,
    ...(keyId === undefined ? [] : [sql('k.id = ?', keyId)]),
    ...(memberships.length === 0 ? made : [anyOf([liesWithin(memberships), ...made])]),
  ]);
}

/** The conditions for the keys `k` that fit the criteria at a time. */
export function fits(criteria: ApiKeyCriteria, now: number): Fragment[] {
  const { creatorId, nameContains, breadths, statuses, violatesPolicy: violating } = criteria;
  const { expiresBefore, unusedSince } = criteria;
  return [
    ...(creatorId === null ? [] : [sql('k.creator_id = ?', creatorId)]),
    ...(nameContains === null ? [] : [contains('k.name_folded', foldName(nameContains))]),
    ...(breadths === null ? [] : [anyOf([...new Set(breadths)].map(hasBreadth))]),
    ...(statuses === null ? [] : [hasStatus(statuses, now)]),
    ...(violating === null ? [] : [violatesPolicy(violating)]),
    ...(expiresBefore === null ? [] : [sql('k.revoked_at IS NULL AND k.expires_at < ?', expiresBefore)]),
    ...(unusedSince === null ? [] : [sql('COALESCE(k.last_used_at, k.created_at) < ?', unusedSince)]),
  ];
}

/**
 * The keys `k` whose scope covers the end of the path. Found from the grants, of which there are few on a path, rather
 * than by looking at the grants of every key.
 */
export function reaches(path: Path): Fragment {
  const resources = isIn(
    'g.resource_id',
    path.map(({ id }) => id),
  );
  const organization = sql('g.organization_id = ?', path.at(-1)?.id ?? null);
  const onPath = allOf([organization, resources]);
  return sql(`k.id IN (SELECT g.api_key_id FROM api_key_grants g WHERE ${onPath.text})`, ...onPath.values);
}

/**
 * The grants of a key `k` that no membership covers of those that the condition on `n` names. Each resource of a path is
 * looked up by itself: for a list of them, MariaDB reads all grants of the membership.
 */
function uncoveredGrant(memberships: Fragment): Fragment {
  const covering = ['r0', 'r1', 'r2', 'r3'].map((alias) =>
    sql(
      `NOT EXISTS (SELECT 1 FROM membership_grants n WHERE n.organization_id = g.organization_id AND n.resource_id = ${alias}.id ` +
        `AND ${memberships.text})`,
      ...memberships.values,
    ),
  );
  const uncovered = allOf([sql('g.api_key_id = k.id'), ...covering]);
  return sql(
    `SELECT 1 FROM api_key_grants g JOIN resources r0 ON r0.id = g.resource_id ${ANCESTOR_JOINS} WHERE ${uncovered.text}`,
    ...uncovered.values,
  );
}

/**
 * The keys `k` whose scope reaches beyond what their maker may touch now: the maker is no member any more, or is narrowed
 * to something that does not cover all of it. Revoked keys reach nothing.
 */
export const BEYOND_MAKER =
  'k.revoked_at IS NULL AND NOT EXISTS (SELECT 1 FROM memberships m ' +
  'WHERE m.organization_id = k.organization_id AND m.user_id = k.creator_id ' +
  `AND (m.narrowed = 0 OR NOT EXISTS (${uncoveredGrant(sql('n.membership_id = m.id')).text})))`;

/** The keys `k` that lie within what the membership `m` is narrowed to: see `liesWithin`. */
export const WITHIN_MEMBERSHIP =
  'EXISTS (SELECT 1 FROM api_key_grants g WHERE g.api_key_id = k.id) ' +
  `AND NOT EXISTS (${uncoveredGrant(sql('n.membership_id = m.id')).text})`;

function hasGrant(which: Fragment): Fragment {
  return sql(
    `EXISTS (SELECT 1 FROM api_key_grants g WHERE g.api_key_id = k.id AND ${which.text})`,
    ...which.values,
  );
}

function hasBreadth(breadth: Breadth): Fragment {
  const none = (grant: Fragment) => sql(`NOT ${grant.text}`, ...grant.values);
  if (breadth === 'NONE') return none(hasGrant(sql('1 = 1')));
  const depth = depthOf(breadth);
  return sql(
    `(${hasGrant(sql('g.level = ?', depth)).text} AND ${none(hasGrant(sql('g.level < ?', depth))).text})`,
    depth,
    depth,
  );
}

/**
 * The key has grants, and every one lies within what the caller's membership of its organization is narrowed to: those of
 * other organizations cover nothing there. A key that has lost its grants to deletions may have reached beyond that, so it
 * does not come into view by it.
 */
function liesWithin(memberships: readonly string[]): Fragment {
  const uncovered = uncoveredGrant(isIn('n.membership_id', memberships));
  return sql(`${hasGrant(sql('1 = 1')).text} AND NOT EXISTS (${uncovered.text})`, ...uncovered.values);
}
