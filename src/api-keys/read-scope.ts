import type { ResourceNode } from '../resources/resource-node';
import type { Breadth, Scope } from '../scopes';
import type { ApiKey } from './api-key';

/** Whose scope it is. */
export type ScopedKey = Pick<ApiKey, 'id' | 'organizationId'>;

/** What was read of the scope of a key: as much as was asked for, or more. */
export interface ReadScope extends ScopedKey {
  readonly breadth: Breadth;
  /** Null: only the breadth was read. */
  readonly scope: Scope | null;
  /** The granted resources with their ancestors, widest first; null: they were not read. */
  readonly resources: readonly ResourceNode[] | null;
}
