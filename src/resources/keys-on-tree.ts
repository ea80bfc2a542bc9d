import type { Transaction } from '../database/transaction';

/** The API keys that depend on the tree; the feature that owns the keys implements it. */
export interface KeysOnTree {
  /** How many keys have a grant on one of the resources, or on one below, by organization. */
  countGranted(transaction: Transaction, ids: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Deletes all keys of organizations, and returns how many these were. */
  deleteAll(transaction: Transaction, organizationIds: readonly string[]): Promise<number>;
}
