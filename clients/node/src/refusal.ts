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
    detail: 'This API key is used up for now. Retry-After says when to try again.',
  },
  503: {
    code: 'SERVICE_UNAVAILABLE',
    title: 'Service unavailable',
    detail: 'The API key cannot be checked right now. Try again in a few seconds.',
  },
};

/** @param cost what the request would have used up */
export function refusalOf(verification: RefusedVerification, cost: number): Refusal {
  // A newer server may know codes that this client does not.
  const status = (STATUSES as Readonly<Record<string, RefusalStatus>>)[verification.code] ?? 403;
  return status === 429 ? refuse(status, secondsUntil(verification, cost, Date.now())) : refuse(status);
}

export function refuse(status: RefusalStatus, retryAfterSeconds?: number): Refusal {
  const { code, title, detail } = PROBLEMS[status];
  return {
    status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      ...(status === 401 && { 'www-authenticate': 'Bearer' }),
      ...(retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }),
    },
    body: JSON.stringify({ type: 'about:blank', title, status, detail, code }),
  };
}

/** When every limit that stood in the way is there again. The clock of this machine may differ from the server's. */
function secondsUntil({ limits }: RefusedVerification, cost: number, now: number): number {
  const waits = limits
    .filter(({ remaining }) => remaining < Math.max(cost, 1))
    .map(({ resetsAt, windowSeconds }) =>
      Math.min(Math.ceil((Date.parse(resetsAt) - now) / 1000), windowSeconds),
    );
  return Math.max(1, ...waits);
}
