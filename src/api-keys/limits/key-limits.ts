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

const NO_LIMITS: KeyLimits = { rateLimits: [], quota: null };

/** The limits of a key, from how they are stored: as JSON, or as null when there are none. */
export function parseLimits(json: string | null): KeyLimits {
  return json === null ? NO_LIMITS : (JSON.parse(json) as KeyLimits);
}
