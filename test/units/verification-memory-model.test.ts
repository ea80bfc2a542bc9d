import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { FeedEntry } from '../../src/change-feed/feed-entry';
import { Memory } from '../../src/verification/memory';
import { VerifiedWorld } from '../support/verified-world';

const CHANGES = [
  'createResource',
  'moveResource',
  'deleteResource',
  'sync',
  'createKey',
  'importKey',
  'changeKey',
  'rotateKey',
] as const;

/** Things that are told and alter no answer. */
const IRRELEVANT = ['MEMBERSHIP_ADDED', 'POLICY_UPDATED', 'RESOURCE_RENAMED'] as const;

const numbers = { first: fc.nat(255), second: fc.nat(255) };
const steps = fc.oneof(
  { weight: 6, arbitrary: fc.record({ what: fc.constantFrom(...CHANGES), ...numbers }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constantFrom(...IRRELEVANT), ...numbers }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('reset' as const), ...numbers }) },
);

interface Step {
  readonly what: (typeof CHANGES)[number] | (typeof IRRELEVANT)[number] | 'reset';
  readonly first: number;
  readonly second: number;
}

/** Makes a change in the world, and tells the memory of it: once when it is made, and perhaps again when it is read. */
function run({ what, first, second }: Step, world: VerifiedWorld, memory: Memory): void {
  if (what === 'reset') return memory.reset();
  const entries: FeedEntry[] = isChange(what)
    ? world[what](first, second)
    : [{ action: what, organizationId: '01', subjectId: '01' }];
  memory.changed(entries);
  if (second % 4 === 0) memory.changed(entries);
}

function isChange(what: Step['what']): what is (typeof CHANGES)[number] {
  return CHANGES.some((change) => change === what);
}

/** What is remembered otherwise than it is so, and how much is remembered. Of what is not, some is brought in. */
function compare(world: VerifiedWorld, memory: Memory, number: number): { wrong: unknown[]; known: number } {
  const keys = world.selectors.map((selector, index) => {
    const [remembered, key] = [memory.key(selector), world.keyOf(selector)];
    if (remembered === undefined && (number + index) % 3 > 0)
      memory.rememberKeys([selector], key === null ? [] : [key]);
    return { remembered, so: key };
  });
  const paths = world.ids.map((id, index) => {
    const remembered = memory.path(id);
    if (remembered === undefined && (number + index) % 3 > 0) memory.rememberPlaces([id], world.placesOn(id));
    return { remembered, so: world.pathOf(id) };
  });
  const known = [...keys, ...paths].filter(({ remembered }) => remembered !== undefined);
  return {
    wrong: known.filter(({ remembered, so }) => !isDeepStrictEqual(remembered, so)),
    known: known.length,
  };
}

describe('a memory that is told of every change', () => {
  test.each([
    ['with room for all', 1000],
    ['with room for a few', 5],
  ])('%s never differs from the database', (_which, size) => {
    let known = 0;
    fc.assert(
      fc.property(fc.array(steps, { minLength: 20, maxLength: 60 }), (taken) => {
        const world = new VerifiedWorld();
        const memory = new Memory(size);
        for (let number = 0; number < 8; number++) world.createResource(number * 4, number);
        for (const step of taken) {
          run(step, world, memory);
          const compared = compare(world, memory, step.first);
          if (compared.wrong.length > 0) expect(compared.wrong).toEqual([]);
          known += compared.known;
        }
      }),
      { numRuns: 300 },
    );
    // What is not remembered is never wrong: it must have been remembered often.
    expect(known).toBeGreaterThan(10_000);
  });
});
