import { scopeIds } from '../api-keys/scope-ids';
import type { Grant, Path } from '../scopes';
import type { KeyFacts } from './facts';
import type { Verification } from './verification';

/** An answer as REST clients know it. */
export function toVerificationJson(verification: Verification): object {
  const { code, key, grantedBy, missingGrant, limits, retryAfterSeconds } = verification;
  return {
    valid: code === 'VALID',
    code,
    apiKey: key && { ...verifiedKey(key), expiresAt: toIso(key.expiresAt) },
    grantedBy: grantedBy && { ...toGrantJson(grantedBy.grant), path: toPathJson(grantedBy.path) },
    missingGrant: missingGrant && toGrantJson(missingGrant),
    limits: limits.map(({ resetsAt, ...limit }) => ({ ...limit, resetsAt: toIso(resetsAt) })),
    retryAfterSeconds,
  };
}

/** What services are told of a key. */
export function verifiedKey({ id, name, organizationId, scope, metadata, expiresAt }: KeyFacts) {
  return { id, name, organizationId, scope: scopeIds(scope), metadata, expiresAt };
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
