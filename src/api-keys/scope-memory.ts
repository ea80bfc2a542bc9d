import { AUDIT_ACTIONS, type AuditAction } from '../audit/audit-event';
import type { ChangeFeed } from '../change-feed/change-feed';
import { FeedMemory, type KnownAsOf } from '../change-feed/feed-memory';
import { ALTERS_TREE } from '../resources/tree-memory';
import type { Scope } from '../scopes';
import type { ReadScope } from './read-scope';
import { weightOf } from './scope-weight';

/** The scope of a key, and, once they were asked for, the resources that it grants. */
export type RememberedScope = ReadScope & { readonly scope: Scope };

export type ScopeMemory = FeedMemory<RememberedScope>;
export type KnownScopes = KnownAsOf<RememberedScope>;

/** Whatever is done to a key. Most of it leaves the scope as it is, but little is done. */
const ALTERS_KEY: ReadonlySet<AuditAction> = new Set(
  AUDIT_ACTIONS.filter((action) => action.startsWith('API_KEY_')),
);

/** @param size about how many keys' scopes are remembered */
export function createScopeMemory(feed: Pick<ChangeFeed, 'position' | 'wake'>, size: number): ScopeMemory {
  return new FeedMemory(feed, {
    size,
    // A resource takes as much room as the grant of it.
    sizeOf: ({ scope, resources }) => weightOf(scope.grants.length + (resources?.length ?? 0)),
    altersSubject: ALTERS_KEY,
    // Grants go with what they grant, and that is remembered with all above it.
    altersOrganization: ALTERS_TREE,
  });
}

/** How wide a scope is can be read without it. */
export function isRemembered(read: ReadScope): read is RememberedScope {
  return read.scope !== null;
}
