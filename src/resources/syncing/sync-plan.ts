import { depthOf } from '../../scopes';
import type { NewResource } from '../new-resource';
import type { ResourceNode } from '../resource-node';
import { Faults } from './faults';
import type { SyncCall, Upsert } from './sync-call';
import { SyncedTree } from './synced-tree';

/** A resource that is there already, and what it becomes. */
export interface Alteration {
  readonly before: ResourceNode;
  readonly after: Upsert;
}

/** What a call changes. Each of its upserts is in one of the lists, or is unchanged. */
export interface SyncPlan {
  /** Parents come before their children. */
  readonly created: readonly NewResource[];
  /** They get another parent, and perhaps another name too. */
  readonly moved: readonly Alteration[];
  readonly updated: readonly Alteration[];
  readonly unchanged: number;
  /** None of them lies below another. */
  readonly deleted: readonly ResourceNode[];
}

/**
 * Finds out what a call changes in the tree.
 *
 * @param existing the resources that the call names and that are there, with all of their ancestors
 * @throws Rejection naming the ids that are at fault
 */
export function planSync(call: SyncCall, existing: ReadonlyMap<string, ResourceNode>): SyncPlan {
  const tree = new SyncedTree(call, existing);
  checkLevels(call.upserts, tree);
  checkPlaces(call.upserts, tree);

  const known = call.upserts.flatMap((after) => {
    const before = existing.get(after.id);
    return before === undefined ? [] : [{ before, after }];
  });
  const moved = known.filter(isMoved);
  const updated = known.filter((each) => !isMoved(each) && isRenamed(each));
  const created = call.upserts
    .filter(({ id }) => !existing.has(id))
    .map((upsert) => ({ ...upsert, organizationId: tree.organizationOf(upsert.id) }))
    .sort((one, other) => depthOf(one.level) - depthOf(other.level));
  const deleted = call.deletes.flatMap((id) => (tree.isBelowDeleted(id) ? [] : (existing.get(id) ?? [])));
  return { created, moved, updated, unchanged: known.length - moved.length - updated.length, deleted };
}

function isMoved({ before, after }: Alteration): boolean {
  return (before.parent?.id ?? null) !== after.parentId;
}

function isRenamed({ before, after }: Alteration): boolean {
  return before.name !== after.name || before.slug !== after.slug;
}

function checkLevels(upserts: readonly Upsert[], tree: SyncedTree): void {
  const faults = new Faults();
  for (const { id, level, parentId } of upserts) {
    const knownLevel = tree.existing.get(id)?.level ?? level;
    if (knownLevel !== level) {
      faults.add('INVALID', 'upserts', 'These are known here at another level, which they keep.', id);
    }
    const parentLevel = parentId === null ? null : tree.levelOf(parentId);
    if (parentId !== null && parentLevel === null) {
      faults.add('NOT_FOUND', 'upserts', 'The parents of these are neither here nor in the call.', id);
    }
    if (parentLevel !== null && depthOf(parentLevel) !== depthOf(level) - 1) {
      faults.add('INVALID', 'upserts', 'The parents of these are not of the level above.', id);
    }
  }
  faults.reject();
}

function checkPlaces(upserts: readonly Upsert[], tree: SyncedTree): void {
  const faults = new Faults();
  for (const { id, parentId } of upserts) {
    const organizationId = tree.existing.get(id)?.organizationId;
    const moves = organizationId !== undefined && parentId !== null;
    if (moves && tree.organizationOf(parentId) !== organizationId) {
      faults.add('INVALID', 'upserts', 'These belong to another organization, in which they stay.', id);
    }
    if (tree.isBelowDeleted(id)) {
      faults.add('INVALID', 'upserts', 'These lie below something that the call deletes.', id);
    }
  }
  faults.reject();
}
