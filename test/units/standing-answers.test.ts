import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Scope, levelAt, type Level } from '../../src/scopes';
import { decide } from '../../src/verification/decide';
import type { KeyFacts, Place } from '../../src/verification/facts';
import { Memory } from '../../src/verification/memory';
import { StandingAnswers, type AnswerAboutKey } from '../../src/verification/standing-answers';
import type { Question } from '../../src/verification/verification';
import { keyFactsOf } from '../support/key-facts';
import { VerifiedWorld } from '../support/verified-world';
import { run, steps } from '../support/verified-world-steps';

const NOW = 1_800_000_000_000;

/** The answer to a question, by what is so at the moment. */
function answerTo(question: Question, key: KeyFacts | null, world: Pick<VerifiedWorld, 'pathOf'>) {
  if (key === null) return null;
  const path = question.resource && world.pathOf(question.resource.id);
  const decision = decide(key, question.resource, path, NOW);
  const answer: AnswerAboutKey = { ...decision, key, limits: [], retryAfterSeconds: null };
  return { answer, path };
}

/** Every secret key of the world, about every resource and about none. A secret key is its selector here. */
function questionsOf(world: VerifiedWorld): Question[] {
  const resources = world.ids.map((id) => ({ level: levelAt(Number(id[0])), id }));
  return world.selectors.flatMap((secretKey) =>
    [null, ...resources].map((resource) => ({ secretKey, resource, cost: 1 })),
  );
}

/** Asks about everything, and brings in some of what is not known. */
function ask(world: VerifiedWorld, memory: Memory, standing: StandingAnswers, number: number) {
  let found = 0;
  const wrong: Question[] = [];
  for (const [index, question] of questionsOf(world).entries()) {
    const key = world.keyOf(question.secretKey);
    const known = standing.find(question, NOW);
    const so = answerTo(question, key, world);
    if (known !== null) {
      found++;
      const isSo = so?.answer.code === 'VALID' && so.answer.key.name === known.key.name;
      if (!isSo || JSON.stringify(so.answer.grantedBy) !== JSON.stringify(known.grantedBy))
        wrong.push(question);
    } else if ((number + index) % 3 > 0) {
      if (key !== null && memory.key(question.secretKey) === undefined)
        memory.rememberKeys([question.secretKey], [key]);
      if (question.resource !== null && memory.path(question.resource.id) === undefined)
        memory.rememberPlaces([question.resource.id], world.placesOn(question.resource.id));
      const remembered = memory.key(question.secretKey) ?? null;
      const again = answerTo(question, remembered, world);
      if (again !== null) standing.keep(question, again.path, again.answer, NOW);
    }
  }
  return { found, wrong };
}

test.each([
  ['with room for all', 1000],
  ['with room for a few', 20],
])('answers that stand, %s, are never others than would be given now', (_which, size) => {
  let found = 0;
  fc.assert(
    fc.property(fc.array(steps, { minLength: 10, maxLength: 40 }), (taken) => {
      const world = new VerifiedWorld();
      const memory = new Memory(size);
      const standing = new StandingAnswers({ remembered: memory }, size);
      for (let number = 0; number < 8; number++) world.createResource(number * 4, number);
      for (const step of taken) {
        run(step, world, memory);
        const asked = ask(world, memory, standing, step.first);
        if (asked.wrong.length > 0) expect(asked.wrong).toEqual([]);
        found += asked.found;
      }
    }),
    { numRuns: 200 },
  );
  expect(found).toBeGreaterThan(10_000);
});

describe('an answer that was VALID', () => {
  const [organizationId, accountId, other] = ['organization', 'account', 'another account'];
  const key = keyFactsOf(organizationId);
  const places: readonly Place[] = [
    { id: organizationId, level: 'ORGANIZATION', organizationId, parentId: null },
    { id: accountId, level: 'ACCOUNT', organizationId, parentId: organizationId },
    { id: other, level: 'ACCOUNT', organizationId, parentId: organizationId },
  ];
  const question: Question = {
    secretKey: 'a secret',
    resource: { level: 'ACCOUNT', id: accountId },
    cost: 1,
  };

  function given(facts: Partial<KeyFacts> = {}, asked = question) {
    const memory = new Memory(100);
    const feed: { remembered: Memory | null } = { remembered: memory };
    const standing = new StandingAnswers(feed, 100);
    const remembered = { ...key, ...facts };
    memory.rememberKeys([key.selector], [remembered]);
    memory.rememberPlaces([accountId, other], places);
    const path = asked.resource === null ? null : (memory.path(asked.resource.id) ?? null);
    const decision = decide(remembered, asked.resource, path, NOW);
    const answer: AnswerAboutKey = { ...decision, key: remembered, limits: [], retryAfterSeconds: null };
    standing.keep(asked, path, answer, NOW);
    return { memory, feed, standing, answer };
  }

  test('is given again', () => {
    const { standing, answer } = given();
    expect(standing.find(question, NOW + 1)).toBe(answer);
  });

  test('answers no other question', () => {
    const { standing } = given();
    const others: Question[] = [
      { ...question, secretKey: 'another secret' },
      { ...question, resource: { level: 'ACCOUNT', id: other } },
      { ...question, resource: { level: 'WIDGET', id: accountId } },
      { ...question, resource: null },
      { ...question, resource: null, secretKey: `ACCOUNT ${accountId} ${question.secretKey}` },
    ];
    for (const asked of others) expect(standing.find(asked, NOW)).toBeNull();
  });

  test('is given where the resource must lie in another, if it does', () => {
    const { standing, answer } = given();
    const within = (level: Level, id: string) => ({ ...question, within: [{ level, id }] });
    expect(standing.find(within('ORGANIZATION', organizationId), NOW)).toBe(answer);
    expect(standing.find(within('ORGANIZATION', other), NOW)).toBeNull();
    expect(standing.find(within('ACCOUNT', organizationId), NOW)).toBeNull();
  });

  test.each(['expiresAt', 'secretExpiresAt'] as const)('stands until %s', (end) => {
    const { standing } = given({ [end]: NOW + 500 });
    expect(standing.find(question, NOW + 499)).not.toBeNull();
    expect(standing.find(question, NOW + 500)).toBeNull();
  });

  test('is not relied upon while it is not known what has changed', () => {
    const { standing, feed } = given();
    feed.remembered = null;
    expect(standing.find(question, NOW)).toBeNull();
  });

  test.each([
    ['later', 1000],
    ['earlier, by a clock that was set back', -3_600_000],
  ])('does not outlive the facts that it was made of: %s', (_which, after) => {
    const { standing, memory } = given();
    // As by their age: without a change that would be told.
    memory.rememberKeys([key.selector], [{ ...key }]);
    expect(standing.find(question, NOW + after)).toBeNull();
  });

  test.each([
    ['REVOKED', { revokedAt: NOW }],
    ['DISABLED', { disabledAt: NOW }],
    ['EXPIRED', { expiresAt: NOW }],
    ['NO_SCOPE', { scope: Scope.NOTHING }],
    ['OUT_OF_SCOPE', { scope: new Scope([{ level: 'ACCOUNT', id: other }]) }],
  ])('is the only one that is kept, and not %s', (code, facts) => {
    const { standing, answer } = given(facts);
    expect(answer.code).toBe(code);
    expect(standing.find(question, NOW)).toBeNull();
  });

  test('stands for a key without a resource, too', () => {
    const asked = { ...question, resource: null };
    const { standing, answer } = given({}, asked);
    expect(standing.find(asked, NOW)).toBe(answer);
    expect(
      standing.find({ ...asked, within: [{ level: 'ORGANIZATION', id: organizationId }] }, NOW),
    ).toBeNull();
  });
});
