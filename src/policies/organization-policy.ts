import type { Level } from '../scopes';

export const KEY_MAKERS = ['ADMINS', 'MEMBERS'] as const;

/** Who may make keys: owners and admins only, or every member. */
export type KeyMakers = (typeof KEY_MAKERS)[number];

/** The limits that an organization sets to its keys. */
export interface OrganizationPolicy {
  readonly organizationId: string;
  /** The widest level that a key may be granted. */
  readonly widestGrant: Level;
  readonly expiryRequired: boolean;
  /** The longest time from now to the expiry of a key; null: no limit. */
  readonly maxLifetimeSeconds: number | null;
  /** How many keys may be active at once; null: no limit. */
  readonly maxActiveKeys: number | null;
  readonly keyMakers: KeyMakers;
}

/** What holds for an organization that has set no limits. */
export function defaultPolicy(organizationId: string): OrganizationPolicy {
  return {
    organizationId,
    widestGrant: 'ORGANIZATION',
    expiryRequired: false,
    maxLifetimeSeconds: null,
    maxActiveKeys: null,
    keyMakers: 'MEMBERS',
  };
}
