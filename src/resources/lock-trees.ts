import { chunksOf } from '../database/chunks';
import { isIn } from '../database/sql';
import type { Transaction } from '../database/transaction';

/**
 * Lets nobody else change the resources or the people of some organizations until the transaction ends. Whoever does takes
 * turns on the organization's row, locked in the order of the ids: so no two wait for each other, and what is read
 * afterwards stays so.
 */
export async function lockTrees(transaction: Transaction, organizationIds: readonly string[]): Promise<void> {
  for (const ids of chunksOf([...new Set(organizationIds)].sort())) {
    const where = isIn('id', ids);
    await transaction.lockedRows(`SELECT id FROM resources WHERE ${where.text} ORDER BY id`, where.values);
  }
}
