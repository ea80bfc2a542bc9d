import { expect, test } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { Permissions } from '../../src/auth/authorize';
import type { KeyFinder } from '../../src/verification/key-finder';
import { CountersInMemory } from '../../src/verification/limits/counters-in-memory';
import { Limiter } from '../../src/verification/limits/limiter';
import { StandingAnswers } from '../../src/verification/standing-answers';
import { MAX_QUESTIONS, Verifier } from '../../src/verification/verifier';
import { keyFactsOf } from '../support/key-facts';

const ORGANIZATION = '01890000-0000-7000-8000-000000000000';
const LIMIT = 60;

const key = keyFactsOf(ORGANIZATION, {
  limits: { rateLimits: [{ limit: LIMIT, windowSeconds: 3600 }], quota: null },
});

test('answers to many questions do not grow old while their limits are asked for, and are counted in order', async () => {
  const inMemory = new CountersInMemory(100);
  // As Redis answers: in the order in which it was asked, but not at once.
  const slow = {
    take: async (...asked: Parameters<CountersInMemory['take']>) => {
      const taking = inMemory.take(...asked);
      await pause(20);
      return taking;
    },
  };
  const finder = {
    find: async (questions: readonly unknown[]) =>
      questions.map(() => ({ wellFormed: true, key, path: null })),
  } as unknown as KeyFinder;
  const uses = { used: () => undefined };
  const standing = new StandingAnswers({ remembered: null }, 100);
  const limiter = new Limiter(slow);
  const verifier = new Verifier({ finder, standing, limiter, uses, clock: Date.now });
  const permissions = new Permissions({
    kind: 'SERVICE',
    id: 'service',
    permissions: ['api-keys:verify'],
    organizationIds: null,
  });
  const questions = Array.from({ length: MAX_QUESTIONS }, () => ({
    secretKey: 's',
    resource: null,
    cost: 1,
  }));
  const startedAt = performance.now();
  const answers = await verifier.verify(questions, permissions, false);
  expect(performance.now() - startedAt).toBeLessThan(1000);
  const codes = answers.map(({ code }) => code);
  expect(codes).toEqual(questions.map((_, index) => (index < LIMIT ? 'VALID' : 'RATE_LIMITED')));
});
