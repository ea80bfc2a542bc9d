import { AUDIT_ACTIONS, type AuditAction } from '../audit/audit-event';
import type { ChangeFeed } from '../change-feed/change-feed';
import { FeedMemory, type KnownAsOf } from '../change-feed/feed-memory';
import type { Scope } from '../scopes';
import { weightOf } from './scope-weight';

/** The scope of a key. */
export interface RememberedScope {
  /** The key's. */
  readonly id: string;
  readonly organizationId: string;
  readonly scope: Scope;
}

export type ScopeMemory = FeedMemory<RememberedScope>;
export type KnownScopes = KnownAsOf<RememberedScope>;

/** Whatever is done to a key. Most of it leaves the scope as it is, but little is done. */
const ALTERS_KEY: ReadonlySet<AuditAction> = new Set(
  AUDIT_ACTIONS.filter((action) => action.startsWith('API_KEY_')),
);

/** Grants go with what they grant. */
const ALTERS_KEYS: ReadonlySet<AuditAction> = new Set<AuditAction>([
  'ORGANIZATION_DELETED',
  'RESOURCE_DELETED',
  'RESOURCES_SYNCED',
]);

/** @param size about how many keys' scopes are remembered */
export function createScopeMemory(feed: Pick<ChangeFeed, 'position' | 'wake'>, size: number): ScopeMemory {
  return new FeedMemory(feed, {
    size,
    sizeOf: ({ scope }) => weightOf(scope),
    altersSubject: ALTERS_KEY,
    altersOrganization: ALTERS_KEYS,
  });
}
