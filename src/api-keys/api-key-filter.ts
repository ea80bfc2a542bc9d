import type { KeyRange } from '../auth/authorize';
import { allOf, anyOf, contains, isIn, sql, type Fragment } from '../database/sql';
import { ANCESTOR_JOINS } from '../resources/resource-columns';
import { depthOf, type Breadth, type Path, type Scope } from '../scopes';
import { foldName } from '../shared/folded-name';
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
}

/** The condition for a range of keys `k`. */
export function inRange({ organizationId, keyId, creatorId, within }: KeyRange): Fragment {
  const conditions = [sql('k.organization_id = ?', organizationId)];
  if (keyId !== undefined) conditions.push(sql('k.id = ?', keyId));
  const made = creatorId === undefined ? [] : [sql('k.creator_id = ?', creatorId)];
  if (within !== undefined) conditions.push(anyOf([liesWithin(within), ...made]));
  else conditions.push(...made);
  return allOf(conditions);
}

/** The conditions for the keys `k` that fit the criteria at a time. */
export function fits(criteria: ApiKeyCriteria, now: number): Fragment[] {
  const { creatorId, nameContains, breadths, statuses, violatesPolicy: violating, expiresBefore } = criteria;
  return [
    ...(creatorId === null ? [] : [sql('k.creator_id = ?', creatorId)]),
    ...(nameContains === null ? [] : [contains('k.name_folded', foldName(nameContains))]),
    ...(breadths === null ? [] : [anyOf(breadths.map(hasBreadth))]),
    ...(statuses === null ? [] : [hasStatus(statuses, now)]),
    ...(violating === null ? [] : [violatesPolicy(violating)]),
    ...(expiresBefore === null ? [] : [sql('k.revoked_at IS NULL AND k.expires_at < ?', expiresBefore)]),
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

/** The grants `g` of a key that the membership `m` does not cover. */
const UNCOVERED_GRANT =
  `SELECT 1 FROM api_key_grants g JOIN resources r0 ON r0.id = g.resource_id ${ANCESTOR_JOINS} ` +
  'WHERE g.api_key_id = k.id AND NOT EXISTS (SELECT 1 FROM membership_grants n ' +
  'WHERE n.membership_id = m.id AND n.resource_id IN (r0.id, r1.id, r2.id, r3.id))';

/**
 * The keys `k` whose scope reaches beyond what their maker may touch now: the maker is no member any more, or is narrowed
 * to something that does not cover all of it. Revoked keys reach nothing.
 */
export const BEYOND_MAKER =
  'k.revoked_at IS NULL AND NOT EXISTS (SELECT 1 FROM memberships m ' +
  'WHERE m.organization_id = k.organization_id AND m.user_id = k.creator_id ' +
  `AND (m.narrowed = 0 OR NOT EXISTS (${UNCOVERED_GRANT})))`;

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
 * The key has grants, and every one lies within the scope: there is none whose path has no grant of the scope on it. A
 * key that has lost its grants to deletions may have reached beyond the scope, so it does not come into view by that.
 */
function liesWithin(scope: Scope): Fragment {
  const ids = scope.grants.map(({ id }) => id);
  const covered = anyOf(['r0', 'r1', 'r2', 'r3'].map((alias) => isIn(`${alias}.id`, ids)));
  return sql(
    `${hasGrant(sql('1 = 1')).text} AND NOT EXISTS (SELECT 1 FROM api_key_grants g JOIN resources r0 ON r0.id = g.resource_id ${ANCESTOR_JOINS} ` +
      `WHERE g.api_key_id = k.id AND NOT COALESCE(${covered.text}, 0))`,
    ...covered.values,
  );
}
