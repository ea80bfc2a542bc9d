import type { Grant, Scope } from '../scopes';
import type { ApiKey } from './api-key';

/** What the record of a change holds of a key: everything but its secrets. Times are in ISO 8601. */
export interface KeyState {
  readonly name: string;
  readonly description: string;
  readonly grants: readonly Grant[];
  readonly expiresAt: string | null;
  readonly disabledAt: string | null;
  readonly revokedAt: string | null;
  readonly revocationReason: string | null;
  readonly metadata: object | null;
  readonly version: number;
}

export function keyState(key: ApiKey, scope: Scope): KeyState {
  return {
    name: key.name,
    description: key.description,
    grants: scope.grants.map(({ level, id }: Grant) => ({ level, id })),
    expiresAt: time(key.expiresAt),
    disabledAt: time(key.disabledAt),
    revokedAt: time(key.revokedAt),
    revocationReason: key.revocationReason,
    metadata: key.metadata === null ? null : (JSON.parse(key.metadata) as object),
    version: key.version,
  };
}

function time(milliseconds: number | null): string | null {
  return milliseconds === null ? null : new Date(milliseconds).toISOString();
}
