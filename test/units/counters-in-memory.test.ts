import { describe, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KeyLimits } from '../../src/api-keys/limits/key-limits';
import { CountersInMemory } from '../../src/verification/limits/counters-in-memory';
import { Limiter } from '../../src/verification/limits/limiter';

const NOON = Date.UTC(2026, 0, 31, 12);

const limiterOf = (max = 1000) => new Limiter(new CountersInMemory(max));

function rateLimits(...pairs: readonly (readonly [limit: number, windowSeconds: number])[]): KeyLimits {
  return { rateLimits: pairs.map(([limit, windowSeconds]) => ({ limit, windowSeconds })), quota: null };
}

describe('a window', () => {
  test('allows as many uses as its limit, then tells when it is over', async () => {
    const limiter = limiterOf();
    const use = () => limiter.consume('key', rateLimits([2, 60]), 1, NOON);
    expect(await use()).toMatchObject({ code: 'VALID', states: [{ remaining: 1 }] });
    expect(await use()).toMatchObject({ code: 'VALID', states: [{ remaining: 0, resetsInSeconds: 60 }] });
    expect(await use()).toMatchObject({ code: 'RATE_LIMITED', retryAfterSeconds: 60 });
  });

  test('begins with its first use, and is whole again after its length', async () => {
    const limiter = limiterOf();
    const use = () => limiter.consume('key', rateLimits([1, 1]), 1, Date.now());
    expect((await limiter.consume('key', rateLimits([1, 1]), 0, NOON)).states).toMatchObject([
      { resetsAt: NOON },
    ]);
    const startedAt = performance.now();
    expect((await use()).code).toBe('VALID');
    while ((await use()).code !== 'VALID') await sleep(10);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(990);
    expect(performance.now() - startedAt).toBeLessThan(3000);
  });

  test('is of one key, and goes on when its limit is changed', async () => {
    const limiter = limiterOf();
    await limiter.consume('key', rateLimits([5, 60]), 4, NOON);
    expect((await limiter.consume('other', rateLimits([5, 60]), 5, NOON)).code).toBe('VALID');
    expect((await limiter.consume('key', rateLimits([10, 60]), 0, NOON)).states).toMatchObject([
      { remaining: 6 },
    ]);
    expect((await limiter.consume('key', rateLimits([3, 60]), 0, NOON)).states).toMatchObject([
      { remaining: 0 },
    ]);
  });
});

describe('a use', () => {
  test('that one window has no room for uses up none of the others', async () => {
    const limiter = limiterOf();
    const limits: KeyLimits = { ...rateLimits([2, 1], [100, 3600]), quota: { limit: 50, refill: 'DAILY' } };
    for (let asked = 0; asked < 20; asked++) await limiter.consume('key', limits, 1, NOON);
    const { states } = await limiter.consume('key', limits, 0, NOON);
    expect(states.map(({ remaining }) => remaining)).toEqual([0, 98, 48]);
  });

  test('that costs more than is left leaves what is left to a cheaper one', async () => {
    const limiter = limiterOf();
    await limiter.consume('key', rateLimits([10, 60]), 7, NOON);
    expect((await limiter.consume('key', rateLimits([10, 60]), 4, NOON)).code).toBe('RATE_LIMITED');
    expect((await limiter.consume('key', rateLimits([10, 60]), 3, NOON)).code).toBe('VALID');
  });

  test('that costs more than the limit is refused, and is not told to try again', async () => {
    const refused = await limiterOf().consume('key', rateLimits([10, 60]), 11, NOON);
    expect(refused).toMatchObject({
      code: 'RATE_LIMITED',
      retryAfterSeconds: null,
      states: [{ remaining: 10 }],
    });
  });

  test('that costs nothing is allowed, also when nothing is left', async () => {
    const limiter = limiterOf();
    await limiter.consume('key', rateLimits([1, 60]), 1, NOON);
    const looked = await limiter.consume('key', rateLimits([1, 60]), 0, NOON);
    expect(looked).toMatchObject({ code: 'VALID', states: [{ remaining: 0 }] });
  });

  test('is refused until the last window that has no room is over', async () => {
    const limiter = limiterOf();
    const limits = rateLimits([1, 10], [1, 500]);
    await limiter.consume('key', limits, 1, NOON);
    expect((await limiter.consume('key', limits, 1, NOON)).retryAfterSeconds).toBe(500);
  });
});

describe('a quota', () => {
  const daily: KeyLimits = { rateLimits: [], quota: { limit: 1, refill: 'DAILY' } };
  const monthly: KeyLimits = { rateLimits: [], quota: { limit: 1, refill: 'MONTHLY' } };
  const MIDNIGHT = Date.UTC(2026, 1, 1);

  test.each([
    ['daily', daily, 24 * 3600],
    ['monthly', monthly, 31 * 24 * 3600],
  ])('that is %s lasts until its refill, and is whole then', async (_, limits, windowSeconds) => {
    const limiter = limiterOf();
    expect((await limiter.consume('key', limits, 1, NOON)).states).toMatchObject([
      { kind: 'QUOTA', remaining: 0, windowSeconds, resetsAt: MIDNIGHT, resetsInSeconds: 12 * 3600 },
    ]);
    const late = await limiter.consume('key', limits, 1, MIDNIGHT - 1);
    expect(late).toMatchObject({ code: 'USAGE_EXCEEDED', retryAfterSeconds: 1 });
    expect((await limiter.consume('key', limits, 1, MIDNIGHT)).code).toBe('VALID');
  });

  test('that is used up is told rather than a rate limit that is, too', async () => {
    const limiter = limiterOf();
    const limits: KeyLimits = { ...rateLimits([1, 60]), quota: { limit: 1, refill: 'MONTHLY' } };
    await limiter.consume('key', limits, 1, NOON);
    expect(await limiter.consume('key', limits, 1, NOON)).toMatchObject({
      code: 'USAGE_EXCEEDED',
      retryAfterSeconds: 12 * 3600,
    });
  });
});

test('a million keys take no more space than the first thousands', async () => {
  const counters = new CountersInMemory(10_000);
  const limiter = new Limiter(counters);
  const limits: KeyLimits = { ...rateLimits([10, 1]), quota: { limit: 10, refill: 'MONTHLY' } };
  const useUpTo = async (from: number, to: number) => {
    for (let key = from; key < to; key++) await limiter.consume(`key ${key}`, limits, 1, NOON);
    return counters.size;
  };
  expect(await useUpTo(0, 20_000)).toBe(10_000);
  expect(await useUpTo(20_000, 1_000_000)).toBe(10_000);
  // Those that were used last are counted on.
  expect((await limiter.consume('key 999999', limits, 0, NOON)).states[1]?.remaining).toBe(9);
}, 60_000);
