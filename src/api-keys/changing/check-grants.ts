import type { Permissions } from '../../auth/authorize';
import type { RowSource } from '../../database/database';
import { findPaths } from '../../resources/find-paths';
import { pathOf, type ResourceNode } from '../../resources/resource-node';
import { Scope, type Grant } from '../../scopes';
import { someIds } from '../../shared/some-ids';
import { Rejection, rejected, userError } from '../../shared/user-errors';
import { SCOPE_FIELDS } from './scope-input';

const MAX_GRANTS = 10_000;

/** Grants that the caller may give to a key. */
export interface CheckedGrants {
  readonly scope: Scope;
  /** The granted resources, with their ancestors. */
  readonly resources: readonly ResourceNode[];
}

/** Checks grants against the resources that there are, which have been read for all of them at once. */
export type CheckGrants = (grants: readonly Grant[]) => CheckedGrants;

/** Reads the resources that grants name, and that the caller may read. */
export async function grantChecker(
  source: RowSource,
  permissions: Permissions,
  grants: readonly Grant[],
): Promise<CheckGrants> {
  const ids = [...new Set(grants.map(({ id }) => id))];
  const found = await findPaths(source, ids);
  const readable = found.filter((resource) => permissions.mayReadResource(pathOf(resource)));
  const byId = new Map(readable.map((resource) => [resource.id, resource]));
  return (asked) => checkGrants(asked, byId, permissions);
}

/**
 * Checks that each grant names a resource that the caller may read, that all lie in one organization, and that none
 * reaches further than the caller does (attenuation).
 *
 * @throws Rejection naming the ids that are at fault. A resource that the caller may not read is told like one that does
 *   not exist.
 */
function checkGrants(
  grants: readonly Grant[],
  byId: ReadonlyMap<string, ResourceNode>,
  permissions: Permissions,
): CheckedGrants {
  const scope = new Scope(grants);
  if (scope.grants.length > MAX_GRANTS) {
    const message = `A key has at most ${MAX_GRANTS} grants; these are ${scope.grants.length}.`;
    throw rejected('LIMIT_REACHED', message, ['scope']);
  }
  rejectUnknown(grants, byId);
  const resources = scope.grants.flatMap(({ id }) => byId.get(id) ?? []);
  rejectSeveralOrganizations(resources);
  rejectBeyond(resources, permissions);
  return { scope, resources };
}

function rejectUnknown(grants: readonly Grant[], byId: ReadonlyMap<string, ResourceNode>): void {
  const unknown = grants.filter(({ id, level }) => byId.get(id)?.level !== level);
  const errors = Object.entries(SCOPE_FIELDS).map(([level, field]) => {
    const ids = unknown.filter((grant) => grant.level === level).map(({ id }) => id);
    const message = `There is nothing of these ids that you may grant: ${someIds(ids)}.`;
    return userError('NOT_FOUND', message, ['scope', field], ids);
  });
  if (unknown.length > 0) throw new Rejection(errors.filter(({ ids }) => ids.length > 0));
}

function rejectSeveralOrganizations(resources: readonly ResourceNode[]): void {
  const [first] = resources;
  const elsewhere = resources.filter(({ organizationId }) => organizationId !== first?.organizationId);
  if (elsewhere.length === 0) return;
  const ids = elsewhere.map(({ id }) => id);
  const message = `All grants of a key lie in one organization; elsewhere are ${someIds(ids)}.`;
  throw rejected('INVALID', message, ['scope'], ids);
}

function rejectBeyond(resources: readonly ResourceNode[], permissions: Permissions): void {
  const ids = resources.filter((resource) => !permissions.mayTouch(pathOf(resource))).map(({ id }) => id);
  if (ids.length === 0) return;
  throw rejected(
    'BEYOND_YOUR_SCOPE',
    `You may not touch all of these yourself: ${someIds(ids)}.`,
    ['scope'],
    ids,
  );
}
