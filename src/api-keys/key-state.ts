import type { Grant, Scope } from '../scopes';
import type { ApiKey } from './api-key';

/** What the record of a change holds of a key: everything but its secrets. */
export function keyState(key: ApiKey, scope: Scope): object {
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
