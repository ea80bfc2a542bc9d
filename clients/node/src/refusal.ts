import type { RefusalCode, RefusedVerification } from './verification';

type RefusalStatus = 401 | 403 | 429 | 503;

/** What is sent to a caller who may not pass. */
export interface Refusal {
  readonly status: RefusalStatus;
  readonly headers: Readonly<Record<string, string>>;
  /** Problem details (RFC 9457), as JSON. */
  readonly body: string;
}

/** Callers learn whether the key is good, and whether it may: not which keys and resources there are, or were. */
const STATUSES: Readonly<Record<RefusalCode, RefusalStatus>> = {
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

const PROBLEMS: Readonly<Record<RefusalStatus, { code: string; title: string; detail: string }>> = {
  401: {
    code: 'UNAUTHENTICATED',
    title: 'Not authenticated',
    detail: 'Expected a valid API key: as "Authorization: Bearer <key>", or in X-API-Key, and not in both.',
  },
  403: { code: 'FORBIDDEN', title: 'Forbidden', detail: 'This API key may not do that.' },
  429: {
    code: 'RATE_LIMITED',
    title: 'Too many requests',
    detail: 'This API key is used too much. Retry-After says when to try again.',
  },
  503: {
    code: 'SERVICE_UNAVAILABLE',
    title: 'Service unavailable',
    detail: 'The API key cannot be checked right now. Try again in a few seconds.',
  },
};

export function refusalOf({ code, retryAfterSeconds }: RefusedVerification): Refusal {
  // A newer server may know codes that this client does not.
  const status = (STATUSES as Readonly<Record<string, RefusalStatus>>)[code] ?? 403;
  return refuse(status, retryAfterSeconds);
}

/** @param retryAfterSeconds null: nothing is said about when to try again */
export function refuse(status: RefusalStatus, retryAfterSeconds: number | null = null): Refusal {
  const { code, title, detail } = PROBLEMS[status];
  return {
    status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      ...(status === 401 && { 'www-authenticate': 'Bearer' }),
      ...(retryAfterSeconds !== null && { 'retry-after': String(retryAfterSeconds) }),
    },
    body: JSON.stringify({ type: 'about:blank', title, status, detail, code }),
  };
}
