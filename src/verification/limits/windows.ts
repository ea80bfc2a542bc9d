import type { KeyLimits, Quota, RateLimit } from '../../api-keys/limits/key-limits';
import type { LimitState } from './limit-state';

/** A stretch of time in which a key may be used so many times. */
export interface Window {
  /** Names it among the windows of all keys. */
  readonly id: string;
  readonly kind: LimitState['kind'];
  readonly limit: number;
  readonly windowSeconds: number;
  /** When it ends; null: so long after its first use. */
  readonly endsAt: number | null;
  /** For how long after its first use its count is kept. */
  readonly keptMs: number;
}

/**
 * Counts of a quota are named after its period, and kept longer than that, so that clocks which differ a little do not begin
 * a period twice.
 */
const QUOTA_KEPT_LONGER_MS = 60 * 60 * 1000;

/** The windows that a use of a key falls into. */
export function windowsOf(keyId: string, { rateLimits, quota }: KeyLimits, now: number): readonly Window[] {
  const windows = rateLimits.map((rateLimit) => toWindow(keyId, rateLimit));
  if (quota !== null) windows.push(toPeriod(keyId, quota, now));
  return windows;
}

function toWindow(keyId: string, { limit, windowSeconds }: RateLimit): Window {
  return {
    id: idOf(keyId, `${windowSeconds}s`),
    kind: 'RATE_LIMIT',
    limit,
    windowSeconds,
    endsAt: null,
    keptMs: windowSeconds * 1000,
  };
}

function toPeriod(keyId: string, { limit, refill }: Quota, now: number): Window {
  const date = new Date(now);
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  const [from, to] =
    refill === 'DAILY'
      ? [Date.UTC(year, month, day), Date.UTC(year, month, day + 1)]
      : [Date.UTC(year, month), Date.UTC(year, month + 1)];
  return {
    id: idOf(keyId, `${refill}:${new Date(from).toISOString().slice(0, 10)}`),
    kind: 'QUOTA',
    limit,
    windowSeconds: (to - from) / 1000,
    endsAt: to,
    keptMs: to - now + QUOTA_KEPT_LONGER_MS,
  };
}

/** With braces around the id of the key, by which a Redis Cluster keeps the counts of a key together. */
function idOf(keyId: string, window: string): string {
  return `scopegate:limits:{${keyId}}:${window}`;
}
