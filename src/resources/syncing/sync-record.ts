import type { Occurrence } from '../../audit/change';
import { groupBy } from '../../shared/group-by';
import type { Deleted } from '../delete-subtrees';
import type { SyncPlan } from './sync-plan';

/** How many ids of deleted resources an event holds at most; the count is of all. */
const MAX_DELETED_IDS = 1000;

/** What is recorded of a call: one event for each organization in which it changed something. */
export function syncOccurrences(plan: SyncPlan, deleted: Deleted): Occurrence[] {
  const created = groupBy(plan.created, ({ organizationId }) => organizationId);
  const moved = groupBy(plan.moved, ({ before }) => before.organizationId);
  const updated = groupBy(plan.updated, ({ before }) => before.organizationId);
  const roots = groupBy(plan.deleted, ({ organizationId }) => organizationId);
  const touched = new Set([created, moved, updated, roots].flatMap((groups) => [...groups.keys()]));
  return Array.from(touched, (organizationId) => ({
    organizationId,
    action: 'RESOURCES_SYNCED',
    subject: { kind: 'RESOURCE', id: organizationId },
    before: null,
    after: {
      created: created.get(organizationId)?.length ?? 0,
      updated: updated.get(organizationId)?.length ?? 0,
      moved: moved.get(organizationId)?.length ?? 0,
      deleted: deleted.resources.get(organizationId) ?? 0,
      deletedIds: (roots.get(organizationId) ?? []).slice(0, MAX_DELETED_IDS).map(({ id }) => id),
      keysThatLostGrants: deleted.keysThatLostGrants.get(organizationId) ?? 0,
    },
  }));
}
