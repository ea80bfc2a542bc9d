import type { Verification } from '../verification';
import type { LimitState } from './limit-state';

/**
 * The headers that tell what is left of the limits of a key: `RateLimit-Policy` and `RateLimit` (draft
 * draft-ietf-httpapi-ratelimit-headers), which are lists of structured fields (RFC 9651), and `Retry-After` for a use that
 * would be within the limits later. None for a key without limits.
 */
export function rateLimitHeaders({
  limits,
  retryAfterSeconds,
}: Pick<Verification, 'limits' | 'retryAfterSeconds'>): Record<string, string> {
  if (limits.length === 0) return {};
  return {
    'ratelimit-policy': limits.map(toPolicy).join(', '),
    ratelimit: limits.map(toRemainder).join(', '),
    ...(retryAfterSeconds !== null && { 'retry-after': String(retryAfterSeconds) }),
  };
}

function toPolicy(limit: LimitState): string {
  return `"${nameOf(limit)}";q=${limit.limit};w=${limit.windowSeconds}`;
}

function toRemainder(limit: LimitState): string {
  return `"${nameOf(limit)}";r=${limit.remaining};t=${limit.resetsInSeconds}`;
}

/** No two windows of a key are of the same length, and it has one quota. */
function nameOf({ kind, windowSeconds }: LimitState): string {
  return kind === 'QUOTA' ? 'quota' : `per-${windowSeconds}-seconds`;
}
