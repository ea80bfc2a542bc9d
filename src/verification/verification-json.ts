import type { Grant, Path, Scope } from '../scopes';
import type { Verification } from './verification';

/** An answer as REST clients know it. */
export function toVerificationJson(verification: Verification): object {
  const { code, key, grantedBy, missingGrant, limits, retryAfterSeconds } = verification;
  return {
    valid: code === 'VALID',
    code,
    apiKey: key && {
      id: key.id,
      name: key.name,
      organizationId: key.organizationId,
      scope: scopeIds(key.scope),
      metadata: key.metadata === null ? null : (JSON.parse(key.metadata) as object),
      expiresAt: toIso(key.expiresAt),
    },
    grantedBy: grantedBy && { ...toGrantJson(grantedBy.grant), path: toPathJson(grantedBy.path) },
    missingGrant: missingGrant && toGrantJson(missingGrant),
    limits: limits.map(({ resetsAt, ...limit }) => ({ ...limit, resetsAt: toIso(resetsAt) })),
    retryAfterSeconds,
  };
}

/** What a scope grants, by ids. */
export function scopeIds(scope: Scope) {
  return {
    organizationId: scope.idsAt('ORGANIZATION')[0] ?? null,
    accountIds: scope.idsAt('ACCOUNT'),
    widgetIds: scope.idsAt('WIDGET'),
    environmentIds: scope.idsAt('ENVIRONMENT'),
  };
}

function toGrantJson({ level, id }: Grant): object {
  return { level, resourceId: id };
}

function toPathJson(path: Path): object {
  return path.map(({ level, id }) => ({ level, id }));
}

function toIso(milliseconds: number | null): string | null {
  return milliseconds === null ? null : new Date(milliseconds).toISOString();
}
