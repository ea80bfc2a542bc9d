import { statusOf, type ApiKeyStatus } from '../api-keys/api-key-status';
import type { Grant, Path, ResourceRef, Scope } from '../scopes';
import type { VerificationCode } from './verification-code';

/** What of a key a decision depends on. */
export interface DecidedKey {
  readonly organizationId: string;
  readonly expiresAt: number | null;
  readonly disabledAt: number | null;
  readonly revokedAt: number | null;
  readonly scope: Scope;
}

export interface Decision {
  readonly code: VerificationCode;
  /** Why a key may touch the resource: the nearest grant that reaches it, and the way from there to the resource. */
  readonly grantedBy: GrantedBy | null;
  /** What the key would have to be granted, at the least, to touch the resource. */
  readonly missingGrant: Grant | null;
}

export interface GrantedBy {
  readonly grant: Grant;
  /** From the granted resource down to the one that was asked about. */
  readonly path: Path;
}

const CODES: Readonly<Record<Exclude<ApiKeyStatus, 'ACTIVE'>, VerificationCode>> = {
  REVOKED: 'REVOKED',
  DISABLED: 'DISABLED',
  EXPIRED: 'EXPIRED',
};

/**
 * Decides whether a key may touch a resource now, by the key's state first and then by its scope. It knows nothing of
 * limits, which only count what would be valid.
 *
 * @param resource what was asked about; null: whether the key is good for anything
 * @param path where that is; null when there is no such resource
 */
export function decide(
  key: DecidedKey,
  resource: ResourceRef | null,
  path: Path | null,
  now: number,
): Decision {
  const status = statusOf(key, now);
  if (status !== 'ACTIVE') return refusal(CODES[status]);
  if (key.scope.breadth === 'NONE') return refusal('NO_SCOPE');
  if (resource === null) return VALID;
  if (path?.[0]?.level !== resource.level) return refusal('RESOURCE_NOT_FOUND');
  const [grant] = key.scope.grantsReaching(path);
  if (grant === undefined)
    return { ...refusal('OUT_OF_SCOPE'), missingGrant: missingGrantFor(key, resource, path) };
  return { code: 'VALID', grantedBy: { grant, path: wayFrom(grant, path) }, missingGrant: null };
}

const VALID: Decision = { code: 'VALID', grantedBy: null, missingGrant: null };

function refusal(code: VerificationCode): Decision {
  return { code, grantedBy: null, missingGrant: null };
}

/** The least that a key lacks. All grants of a key lie in its organization, so that nothing can be granted of another. */
export function missingGrantFor(
  { organizationId }: DecidedKey,
  { level, id }: ResourceRef,
  path: Path | null,
): Grant | null {
  return path?.[0]?.level === level && path.at(-1)?.id === organizationId ? { level, id } : null;
}

function wayFrom(grant: Grant, path: Path): Path {
  const above = path.findIndex(({ id }) => id === grant.id);
  return path.slice(0, above + 1).toReversed();
}
