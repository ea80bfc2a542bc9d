/** How often a key may be used. */
export interface KeyLimits {
  /** Each holds by itself. */
  readonly rateLimits: readonly RateLimit[];
  readonly quota: Quota | null;
}

/** At most `limit` uses in a window, which begins with its first use. */
export interface RateLimit {
  readonly limit: number;
  readonly windowSeconds: number;
}

/** At most `limit` uses until the next refill: at midnight, or at the beginning of a month, in UTC. */
export interface Quota {
  readonly limit: number;
  readonly refill: Refill;
}

export type Refill = 'DAILY' | 'MONTHLY';

/** What is left of a limit. */
export interface LimitState {
  readonly kind: 'RATE_LIMIT' | 'QUOTA';
  readonly limit: number;
  readonly remaining: number;
  /** When all of it is there again, in milliseconds. */
  readonly resetsAt: number;
  readonly windowSeconds: number;
}

/** The limits of a key, as they are stored. */
export function parseLimits(json: string): KeyLimits {
  return JSON.parse(json) as KeyLimits;
}
