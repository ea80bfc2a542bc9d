import { Rejection, userError, type UserError } from '../../shared/user-errors';
import { parseLimits, type KeyLimits, type Quota, type RateLimit } from './key-limits';

export const MAX_RATE_LIMITS = 5;
export const MAX_LIMIT = 1_000_000_000;
export const MAX_WINDOW_SECONDS = 30 * 24 * 60 * 60;

/** What is said of the limits of a key; null: none. */
export interface SaidOfLimits {
  readonly rateLimits?: readonly RateLimit[] | null | undefined;
  readonly quota?: Quota | null | undefined;
}

/**
 * The limits of a key as they are to be stored, the shortest window first. What is not said stays as it is stored.
 *
 * @throws Rejection INVALID, with all that is wrong
 */
export function checkLimits(said: SaidOfLimits, stored: string | null): string | null {
  const before = parseLimits(stored);
  const rateLimits = said.rateLimits === undefined ? before.rateLimits : (said.rateLimits ?? []);
  const quota = said.quota === undefined ? before.quota : said.quota;
  const errors = [...wrongWithRateLimits(rateLimits), ...wrongWithQuota(quota)];
  if (errors.length > 0) throw new Rejection(errors);
  return rateLimits.length === 0 && quota === null ? null : JSON.stringify(inOrder({ rateLimits, quota }));
}

/** With no more properties than they have, and in one order, so that equal limits are stored alike. */
function inOrder({ rateLimits, quota }: KeyLimits): KeyLimits {
  return {
    rateLimits: rateLimits
      .map(({ limit, windowSeconds }) => ({ limit, windowSeconds }))
      .sort((one, other) => one.windowSeconds - other.windowSeconds),
    quota: quota && { limit: quota.limit, refill: quota.refill },
  };
}

function wrongWithRateLimits(rateLimits: readonly RateLimit[]): readonly UserError[] {
  if (rateLimits.length > MAX_RATE_LIMITS)
    return [
      invalid(`Expected at most ${MAX_RATE_LIMITS} rate limits, got ${rateLimits.length}.`, 'rateLimits'),
    ];
  return rateLimits.flatMap(({ limit, windowSeconds }, index) => {
    const at = ['rateLimits', String(index)];
    const first = rateLimits.findIndex((other) => other.windowSeconds === windowSeconds);
    return [
      ...wrongNumber(limit, MAX_LIMIT, ...at, 'limit'),
      ...wrongNumber(windowSeconds, MAX_WINDOW_SECONDS, ...at, 'windowSeconds'),
      ...(first < index ? [invalid('Expected windows of different lengths.', ...at, 'windowSeconds')] : []),
    ];
  });
}

function wrongWithQuota(quota: Quota | null): readonly UserError[] {
  return quota === null ? [] : wrongNumber(quota.limit, MAX_LIMIT, 'quota', 'limit');
}

function wrongNumber(value: number, most: number, ...field: readonly string[]): readonly UserError[] {
  if (Number.isInteger(value) && value >= 1 && value <= most) return [];
  return [invalid(`Expected a whole number from 1 to ${most}, got ${value}.`, ...field)];
}

function invalid(message: string, ...field: readonly string[]): UserError {
  return userError('INVALID', message, field);
}
