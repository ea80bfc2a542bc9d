import { toIso } from '../../shared/date-time';
import type { Grant, Scope } from '../../scopes';
import type { ApiKey } from '../api-key';
import { parseLimits, type Quota, type RateLimit } from '../limits/key-limits';

/** What the record of a change holds of a key: everything but its secrets. Times are in ISO 8601. */
export interface KeyState {
  readonly name: string;
  readonly description: string;
  readonly grants: readonly Grant[];
  /** How many grants there are, if these are not all. */
  readonly grantCount?: number;
  readonly expiresAt: string | null;
  readonly disabledAt: string | null;
  readonly revokedAt: string | null;
  readonly revocationReason: string | null;
  readonly metadata: object | null;
  readonly rateLimits: readonly RateLimit[];
  readonly quota: Quota | null;
  readonly version: number;
}

export function keyState(key: ApiKey, scope: Scope): KeyState {
  return stateWith(key, scope.grants);
}

/** How many grants the state of a key holds that keeps its scope. */
const MAX_KEPT_GRANTS = 100;

/**
 * The state of a key that keeps its scope, with the widest of its grants: what gave it the scope has recorded them all, and
 * nobody can fill the record by switching a key with 10,000 grants off and on.
 */
export function stateOfSameScope(key: ApiKey, { grants }: Scope): KeyState {
  const kept = stateWith(key, grants.slice(0, MAX_KEPT_GRANTS));
  return grants.length > MAX_KEPT_GRANTS ? { ...kept, grantCount: grants.length } : kept;
}

function stateWith(key: ApiKey, grants: readonly Grant[]): KeyState {
  return {
    name: key.name,
    description: key.description,
    grants: grants.map(({ level, id }) => ({ level, id })),
    expiresAt: time(key.expiresAt),
    disabledAt: time(key.disabledAt),
    revokedAt: time(key.revokedAt),
    revocationReason: key.revocationReason,
    metadata: key.metadata === null ? null : (JSON.parse(key.metadata) as object),
    ...parseLimits(key.limits),
    version: key.version,
  };
}

function time(milliseconds: number | null): string | null {
  return milliseconds === null ? null : toIso(milliseconds);
}
