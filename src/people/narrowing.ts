import { SCOPE_FIELDS } from '../api-keys/changing/scope-input';
import type { Change } from '../audit/change';
import { MembershipGrantEntity } from '../auth/membership-grant-entity';
import type { Membership, Role } from '../auth/principal';
import { chunksOf } from '../database/chunks';
import { findPaths } from '../resources/find-paths';
import { Scope, depthOf, type Grant } from '../scopes';
import { groupBy } from '../shared/group-by';
import { someIds } from '../shared/some-ids';
import { Rejection, rejected, userError } from '../shared/user-errors';

const MAX_NARROWING = 10_000;

/**
 * Checks what a membership shall be narrowed to: resources of its organization only.
 *
 * @throws Rejection naming the ids that are none, whether they are nowhere or elsewhere
 */
export async function checkNarrowing(
  { transaction }: Change,
  organizationId: string,
  grants: readonly Grant[],
): Promise<Scope> {
  const scope = new Scope(grants);
  if (scope.grants.length > MAX_NARROWING) {
    const message = `A membership is narrowed to at most ${MAX_NARROWING} resources; these are ${scope.grants.length}.`;
    throw rejected('LIMIT_REACHED', message, ['narrowedTo']);
  }
  const known = new Set<string>();
  for (const part of chunksOf([...new Set(grants.map(({ id }) => id))])) {
    const found = await findPaths(transaction, part);
    const own = found.filter((resource) => resource.organizationId === organizationId);
    for (const { level, id } of own) known.add(`${level} ${id}`);
  }
  const unknown = scope.grants.filter(({ level, id }) => !known.has(`${level} ${id}`));
  if (unknown.length === 0) return scope;
  throw new Rejection(
    Array.from(
      groupBy(unknown, ({ level }) => level),
      ([level, missing]) => {
        const ids = missing.map(({ id }) => id);
        const message = `There is nothing of these ids in the organization: ${someIds(ids)}.`;
        return userError('NOT_FOUND', message, ['narrowedTo', SCOPE_FIELDS[level]], ids);
      },
    ),
  );
}

/** @throws Rejection INVALID: owners are responsible for all of their organization */
export function refuseNarrowedOwner(role: Role, narrowedTo: object | null): void {
  if (role !== 'OWNER' || narrowedTo === null) return;
  throw rejected('INVALID', 'An owner reaches the whole organization, and is never narrowed.', [
    'narrowedTo',
  ]);
}

/** Writes what a membership is narrowed to, in the place of what it was. */
export async function replaceNarrowing(
  { transaction }: Change,
  { id: membershipId, organizationId, narrowedTo }: Membership,
): Promise<void> {
  await transaction.execute('DELETE FROM membership_grants WHERE membership_id = ?', [membershipId]);
  const rows = (narrowedTo?.grants ?? []).map(({ level, id }) => ({
    membershipId,
    organizationId,
    resourceId: id,
    level: depthOf(level),
  }));
  await transaction.insert(MembershipGrantEntity, rows);
}
