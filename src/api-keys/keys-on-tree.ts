import { chunksOf } from '../database/chunks';
import { isIn } from '../database/sql';
import type { Transaction } from '../database/transaction';
import type { KeysOnTree } from '../resources/keys-on-tree';
import { withSubtrees } from '../resources/subtrees';

export const KEYS_ON_TREE: KeysOnTree = {
  async countGranted(transaction, ids) {
    const counts = new Map<string, Set<string>>();
    for (const part of chunksOf(ids)) {
      for (const { organizationId, apiKeyId } of await findGranted(transaction, part)) {
        const keys = counts.get(organizationId) ?? new Set();
        counts.set(organizationId, keys.add(apiKeyId));
      }
    }
    return new Map(Array.from(counts, ([organizationId, keys]) => [organizationId, keys.size]));
  },

  async deleteAll(transaction, organizationIds) {
    let deleted = 0;
    for (const part of chunksOf(organizationIds)) {
      const where = isIn('organization_id', part);
      deleted += await transaction.execute(`DELETE FROM api_keys WHERE ${where.text}`, where.values);
    }
    return deleted;
  },
};

interface Granted {
  readonly organizationId: string;
  readonly apiKeyId: string;
}

async function findGranted(transaction: Transaction, ids: readonly string[]): Promise<Granted[]> {
  const subtrees = withSubtrees(ids);
  return transaction.rows<Granted>(
    `${subtrees.text} SELECT DISTINCT g.organization_id AS organizationId, g.api_key_id AS apiKeyId FROM subtrees s ` +
      'JOIN api_key_grants g ON g.organization_id = s.organization_id AND g.resource_id = s.id',
    subtrees.values,
  );
}
