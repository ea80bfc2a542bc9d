import { chunksOf } from '../database/chunks';
import { isIn } from '../database/sql';
import type { Transaction } from '../database/transaction';
import type { KeysOnTree } from './keys-on-tree';
import type { ResourceNode } from './resource-node';
import { withSubtrees } from './subtrees';

/** What went with deleted resources, by organization. */
export interface Deleted {
  /** How many resources, with those below. */
  readonly resources: ReadonlyMap<string, number>;
  /** How many keys had a grant on one of them. */
  readonly keysThatLostGrants: ReadonlyMap<string, number>;
  /** How many keys were deleted with their organizations. */
  readonly keys: number;
}

/**
 * Deletes resources with all below them. None of them may lie below another. Grants go with what they grant, an
 * organization takes its keys, people, policy and webhooks along, and the record stays.
 */
export async function deleteSubtrees(
  transaction: Transaction,
  keysOnTree: KeysOnTree,
  roots: readonly ResourceNode[],
): Promise<Deleted> {
  const ids = roots.map(({ id }) => id);
  const resources = await countResources(transaction, ids);
  const keysThatLostGrants = await keysOnTree.countGranted(transaction, ids);
  const organizations = roots.filter(({ level }) => level === 'ORGANIZATION').map(({ id }) => id);
  const keys = await keysOnTree.deleteAll(transaction, organizations);
  for (const part of chunksOf(ids)) {
    const where = isIn('id', part);
    await transaction.execute(`DELETE FROM resources WHERE ${where.text}`, where.values);
  }
  return { resources, keysThatLostGrants, keys };
}

async function countResources(
  transaction: Transaction,
  ids: readonly string[],
): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const part of chunksOf(ids)) {
    const subtrees = withSubtrees(part);
    const rows = await transaction.rows<{ organizationId: string; total: number }>(
      `${subtrees.text} SELECT organization_id AS organizationId, COUNT(*) AS total FROM subtrees GROUP BY organization_id`,
      subtrees.values,
    );
    for (const { organizationId, total } of rows) {
      counts.set(organizationId, (counts.get(organizationId) ?? 0) + total);
    }
  }
  return counts;
}
