import { expect, test } from '@jest/globals';
import type { LimitState } from '../../src/verification/limits/limit-state';
import { rateLimitHeaders } from '../../src/verification/limits/rate-limit-headers';

const perSecond: LimitState = {
  kind: 'RATE_LIMIT',
  limit: 10,
  remaining: 0,
  resetsAt: 1_000_500,
  resetsInSeconds: 1,
  windowSeconds: 1,
};

const quota: LimitState = {
  kind: 'QUOTA',
  limit: 1000,
  remaining: 990,
  resetsAt: 86_400_000,
  resetsInSeconds: 85_400,
  windowSeconds: 86_400,
};

test('a key without limits has no headers', () => {
  expect(rateLimitHeaders({ limits: [], retryAfterSeconds: null })).toEqual({});
});

test('every limit is an item of both lists, under one name', () => {
  expect(rateLimitHeaders({ limits: [perSecond, quota], retryAfterSeconds: null })).toEqual({
    'ratelimit-policy': '"per-1-seconds";q=10;w=1, "quota";q=1000;w=86400',
    ratelimit: '"per-1-seconds";r=0;t=1, "quota";r=990;t=85400',
  });
});

test('a refusal says when to try again', () => {
  const headers = rateLimitHeaders({ limits: [perSecond], retryAfterSeconds: 1 });
  expect(headers).toHaveProperty('retry-after', '1');
});
