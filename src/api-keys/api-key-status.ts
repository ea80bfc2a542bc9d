import { allOf, anyOf, sql, type Fragment } from '../database/sql';

/** In the order in which they are looked for: a key that is both revoked and expired is REVOKED. */
export const API_KEY_STATUSES = ['REVOKED', 'DISABLED', 'EXPIRED', 'ACTIVE'] as const;

export type ApiKeyStatus = (typeof API_KEY_STATUSES)[number];

interface LifeTimes {
  readonly revokedAt: number | null;
  readonly disabledAt: number | null;
  readonly expiresAt: number | null;
}

/** The status of a key at a time. It is derived, and stored nowhere. */
export function statusOf({ revokedAt, disabledAt, expiresAt }: LifeTimes, now: number): ApiKeyStatus {
  if (revokedAt !== null) return 'REVOKED';
  if (disabledAt !== null) return 'DISABLED';
  return expiresAt !== null && expiresAt <= now ? 'EXPIRED' : 'ACTIVE';
}

/** The keys `k` that have one of the statuses, by the same rule as `statusOf`. */
export function hasStatus(statuses: readonly ApiKeyStatus[], now: number): Fragment {
  const conditions: Record<ApiKeyStatus, Fragment[]> = {
    REVOKED: [sql('k.revoked_at IS NOT NULL')],
    DISABLED: [sql('k.revoked_at IS NULL'), sql('k.disabled_at IS NOT NULL')],
    EXPIRED: [sql('k.revoked_at IS NULL'), sql('k.disabled_at IS NULL'), sql('k.expires_at <= ?', now)],
    ACTIVE: [
      sql('k.revoked_at IS NULL'),
      sql('k.disabled_at IS NULL'),
      sql('(k.expires_at IS NULL OR k.expires_at > ?)', now),
    ],
  };
  return anyOf([...new Set(statuses)].map((status) => allOf(conditions[status])));
}
