import type { ResourceRef } from '../../scopes';
import { rateLimitHeaders } from '../limits/rate-limit-headers';
import type { Verification } from '../verification';
import type { VerificationCode } from '../verification-code';

/** An answer to a proxy: it has no body. */
export interface ForwardAuthAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

type RefusalCode = Exclude<VerificationCode, 'VALID'>;

/** Proxies pass them on to clients, which are told no more: a key that is none and one that was revoked look the same. */
const STATUSES: Readonly<Record<RefusalCode, 401 | 403 | 429>> = {
  INVALID_FORMAT: 401,
  NOT_FOUND: 401,
  REVOKED: 401,
  DISABLED: 401,
  EXPIRED: 401,
  NO_SCOPE: 403,
  OUT_OF_SCOPE: 403,
  RESOURCE_NOT_FOUND: 403,
  RATE_LIMITED: 429,
  USAGE_EXCEEDED: 429,
};

/** For a request without a key, or with more than one (RFC 6750). */
export const WITHOUT_KEY: ForwardAuthAnswer = { status: 401, headers: { 'www-authenticate': 'Bearer' } };

export const FORBIDDEN: ForwardAuthAnswer = { status: 403, headers: {} };

const BAD_KEY: ForwardAuthAnswer = {
  status: 401,
  headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
};

/** @param granted the status by which a proxy is told that a key may do what was asked about */
export function toForwardAuthAnswer(
  verification: Verification,
  resource: ResourceRef | null,
  granted: number,
): ForwardAuthAnswer {
  const { code } = verification;
  if (code === 'VALID') {
    const headers = { ...identityHeaders(verification, resource), ...rateLimitHeaders(verification) };
    return { status: granted, headers };
  }
  const status = STATUSES[code];
  if (status === 401) return BAD_KEY;
  return status === 429 ? { status, headers: rateLimitHeaders(verification) } : FORBIDDEN;
}

/**
 * Who calls, for the service behind the proxy. All of them are always there, and empty where there is nothing to say: copied
 * to the request, they take the place of what a client forged.
 */
function identityHeaders(
  { key, grantedBy }: Verification,
  resource: ResourceRef | null,
): Readonly<Record<string, string>> {
  return {
    'x-scopegate-key-id': key?.id ?? '',
    'x-scopegate-key-name': encodeURIComponent(key?.name.toWellFormed() ?? ''),
    'x-scopegate-organization-id': key?.organizationId ?? '',
    'x-scopegate-resource': toText(resource),
    'x-scopegate-grant': toText(grantedBy?.grant ?? null),
  };
}

function toText(resource: ResourceRef | null): string {
  return resource === null ? '' : `${resource.level}:${resource.id}`;
}
