import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Memory } from '../../src/verification/memory';
import { VerifiedWorld } from '../support/verified-world';
import { run, steps } from '../support/verified-world-steps';

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
