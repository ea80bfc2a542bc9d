import type { Change } from '../../audit/change';
import { chunksOf } from '../../database/chunks';
import { isIn } from '../../database/sql';
import type { Transaction } from '../../database/transaction';
import { updatesOf } from '../../database/update-rows';
import { foldName } from '../../shared/folded-name';
import { deleteSubtrees, type Deleted } from '../delete-subtrees';
import { findPaths } from '../find-paths';
import type { KeysOnTree } from '../keys-on-tree';
import { lockTrees } from '../lock-trees';
import { toRow } from '../new-resource';
import { ResourceEntity } from '../resource-entity';
import { pathOf, type ResourceNode } from '../resource-node';
import { Faults } from './faults';
import { checkCall, type SyncCall } from './sync-call';
import { planSync, type Alteration, type SyncPlan } from './sync-plan';
import { syncOccurrences } from './sync-record';

/** How many resources a call changed. */
export interface Synced {
  readonly created: number;
  readonly updated: number;
  readonly moved: number;
  readonly deleted: number;
  readonly unchanged: number;
}

/**
 * Brings the tree to what a platform tells of it, all of it or nothing. A call that tells what is so already changes
 * nothing, and leaves no trace.
 *
 * The number of statements does not depend on that of the resources, except that each names only so many at once.
 */
export async function syncResources(change: Change, keysOnTree: KeysOnTree, call: SyncCall): Promise<Synced> {
  const { transaction, permissions } = change;
  permissions.requireService('resources:sync');
  const checked = checkCall(call);
  const plan = planSync(checked, await lockExisting(transaction, checked));
  await checkSlugs(transaction, plan);
  const deleted = await carryOut(change, keysOnTree, plan);
  await change.record(syncOccurrences(plan, deleted));
  return {
    created: plan.created.length,
    updated: plan.updated.length,
    moved: plan.moved.length,
    deleted: Array.from(deleted.resources.values()).reduce((sum, count) => sum + count, 0),
    unchanged: plan.unchanged,
  };
}

/** Reads what the call names, with all ancestors, and keeps the trees of it from other changes. */
async function lockExisting(
  transaction: Transaction,
  { upserts, deletes }: SyncCall,
): Promise<ReadonlyMap<string, ResourceNode>> {
  const named = new Set([...upserts.flatMap(({ id, parentId }) => [id, parentId ?? id]), ...deletes]);
  const locked = new Set<string>();
  for (;;) {
    const existing = await findWithAncestors(transaction, [...named]);
    const organizations = new Set(Array.from(existing.values(), ({ organizationId }) => organizationId));
    const others = [...organizations].filter((id) => !locked.has(id));
    // What was read before its tree was locked may have changed since.
    if (others.length === 0) return existing;
    await lockTrees(transaction, others);
    for (const id of others) locked.add(id);
  }
}

async function findWithAncestors(
  transaction: Transaction,
  ids: readonly string[],
): Promise<Map<string, ResourceNode>> {
  const found = new Map<string, ResourceNode>();
  for (const part of chunksOf(ids)) {
    for (const resource of await findPaths(transaction, part)) {
      for (const node of pathOf(resource)) found.set(node.id, node);
    }
  }
  return found;
}

/** @throws Rejection TAKEN for slugs that organizations have which keep them */
async function checkSlugs(transaction: Transaction, plan: SyncPlan): Promise<void> {
  const { created, updated, deleted } = plan;
  const wanting = [...created, ...updated.filter(getsSlug).map(({ after }) => after)];
  const wanted = new Map(wanting.flatMap(({ id, slug }) => (slug === null ? [] : [[slug, id]])));
  const leaving = new Set(
    [...updated.filter(getsSlug).map(({ before }) => before), ...deleted].map(({ id }) => id),
  );
  const faults = new Faults();
  for (const part of chunksOf([...wanted.keys()])) {
    const where = isIn('slug', part);
    const holders = await transaction.rows<{ id: string; slug: string }>(
      `SELECT id, slug FROM resources WHERE ${where.text}`,
      where.values,
    );
    for (const { id, slug } of holders) {
      const wantedBy = wanted.get(slug);
      // Someone else may have made the same organization since it was looked for: then making it again fails, and the work is
      // run again.
      if (wantedBy === undefined || wantedBy === id || leaving.has(id)) continue;
      faults.add('TAKEN', 'upserts', 'Other organizations have the slugs of these.', wantedBy);
    }
  }
  faults.reject();
}

function getsSlug({ before, after }: Alteration): boolean {
  return before.slug !== after.slug;
}

/**
 * New resources come first, since others may move there, and deletions last, since others may have moved away. Slugs are
 * given up before anything else, so that they can change hands.
 */
async function carryOut(
  { transaction, now }: Change,
  keysOnTree: KeysOnTree,
  { created, moved, updated, deleted }: SyncPlan,
): Promise<Deleted> {
  const organizations = deleted.filter(({ level }) => level === 'ORGANIZATION');
  await giveUpSlugs(transaction, [...organizations, ...updated.filter(getsSlug).map(({ before }) => before)]);
  await transaction.insert(
    ResourceEntity,
    created.map((resource) => toRow(resource, now)),
  );
  const rows = [...moved, ...updated].map(({ after: { id, parentId, name, slug } }) => ({
    id,
    values: { parent_id: parentId, name, name_folded: foldName(name), slug, modified_at: now },
  }));
  for (const { text, values } of updatesOf('resources', rows)) await transaction.execute(text, values);
  return deleteSubtrees(transaction, keysOnTree, deleted);
}

async function giveUpSlugs(transaction: Transaction, organizations: readonly ResourceNode[]): Promise<void> {
  for (const ids of chunksOf(organizations.map(({ id }) => id))) {
    const where = isIn('id', ids);
    await transaction.execute(`UPDATE resources SET slug = NULL WHERE ${where.text}`, where.values);
  }
}
