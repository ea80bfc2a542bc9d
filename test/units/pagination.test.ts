import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  encodeCursor,
  parsePage,
  toPage,
  type Ordering,
  type PageArguments,
  type PageRequest,
} from '../../src/shared/pagination';
import { refusalOf } from './refusal';

const byName: Ordering = { name: 'NAME', column: 'name_folded', holds: 'string' };
const byTime: Ordering = { name: 'CREATED_AT', column: 'created_at', holds: 'number' };
const id = '123e4567-e89b-12d3-a456-426614174000';

const ids = fc.uuid();
const positionsByName = fc.record({ value: fc.string({ unit: 'binary' }), id: ids });
const positionsByTime = fc.record({
  value: fc.maxSafeInteger().filter((time) => !Object.is(time, -0)),
  id: ids,
});

/** A cursor that holds what it is told to, as somebody would write it who has seen through the encoding. */
const forged = (json: string) => Buffer.from(json).toString('base64url');

function expectRefused(argument: string, args: PageArguments, ordering: Ordering = byName): void {
  const { code, message, details } = refusalOf(() => parsePage(args, ordering));
  expect(code).toBe('BAD_USER_INPUT');
  expect(message).toMatch(new RegExp(`^${argument}: `));
  expect(details).toEqual({ argument });
}

describe('which part of a list is asked for', () => {
  test.each<[PageArguments, PageRequest]>([
    [{}, { size: 20, backward: false, beyond: null }],
    [
      { first: null, after: null, last: null, before: null },
      { size: 20, backward: false, beyond: null },
    ],
    [{ first: 1 }, { size: 1, backward: false, beyond: null }],
    [{ first: 100 }, { size: 100, backward: false, beyond: null }],
    [{ last: 1 }, { size: 1, backward: true, beyond: null }],
    [{ last: 100 }, { size: 100, backward: true, beyond: null }],
    [
      { first: 5, last: null, before: null },
      { size: 5, backward: false, beyond: null },
    ],
  ])('%j is %j', (args, request) => {
    expect(parsePage(args, byName)).toEqual(request);
  });

  test.each([0, -1, 101, 1.5, Number.NaN, Number.POSITIVE_INFINITY, Number.MAX_SAFE_INTEGER])(
    'a page of %d is refused, in both directions',
    (size) => {
      expectRefused('first', { first: size });
      expectRefused('last', { last: size });
    },
  );

  const cursor = encodeCursor({ value: 'checkout', id }, byName);

  test.each<[PageArguments]>([
    [{ first: 1, last: 1 }],
    [{ first: 1, before: cursor }],
    [{ after: cursor, last: 1 }],
    [{ after: cursor, before: cursor }],
    [{ first: 1, after: cursor, last: 1, before: cursor }],
  ])('both directions at once are refused: %j', (args) => {
    expectRefused('first', args);
  });
});

describe('a cursor', () => {
  test('that a list by names gave out leads back to its place, in both directions', () => {
    fc.assert(
      fc.property(positionsByName, (position) => {
        const cursor = encodeCursor(position, byName);
        const forward = { size: 20, backward: false, beyond: position };
        expect(parsePage({ after: cursor }, byName)).toEqual(forward);
        expect(parsePage({ before: cursor }, byName)).toEqual({ ...forward, backward: true });
      }),
    );
  });

  test('that a list by times gave out leads back to its place', () => {
    fc.assert(
      fc.property(positionsByTime, (position) => {
        expect(parsePage({ after: encodeCursor(position, byTime) }, byTime).beyond).toEqual(position);
      }),
    );
  });

  test('can be put into an address as it is', () => {
    fc.assert(
      fc.property(positionsByName, (position) => {
        expect(encodeCursor(position, byName)).toMatch(/^[\w-]+$/);
      }),
    );
  });

  test('of one ordering is refused in a list of another', () => {
    const byOtherName: Ordering = { ...byName, name: 'SLUG' };
    fc.assert(
      fc.property(positionsByName, positionsByTime, (named, timed) => {
        expectRefused('after', { after: encodeCursor(named, byName) }, byOtherName);
        expectRefused('after', { after: encodeCursor(named, byName) }, byTime);
        expectRefused('before', { before: encodeCursor(timed, byTime) }, byName);
      }),
    );
  });

  test('that is any other text is refused, and nothing worse', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expectRefused('after', { after: text });
        expectRefused('before', { before: text });
      }),
      { numRuns: 1000 },
    );
  });

  test('that holds any other JSON is refused, and nothing worse', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string({ unit: 'binary' })), (json) => {
        expectRefused('after', { after: forged(json) });
        expectRefused('after', { after: forged(`["NAME",${json},"${id}"`) });
      }),
    );
  });

  test.each([
    ['an id that is none', JSON.stringify(['NAME', 'checkout', 'one'])],
    ['an id in upper case', JSON.stringify(['NAME', 'checkout', id.toUpperCase()])],
    ['the id 0', JSON.stringify(['NAME', 'checkout', 0])],
    ['a list of ids', JSON.stringify(['NAME', 'checkout', [id]])],
    ['a value of another type', JSON.stringify(['NAME', 7, id])],
    ['a value that is an object', JSON.stringify(['NAME', { $gt: '' }, id])],
    ['no value', JSON.stringify(['NAME', null, id])],
    ['something more', JSON.stringify(['NAME', 'checkout', id, 'more'])],
    ['something less', JSON.stringify(['NAME', 'checkout'])],
    ['spaces between', JSON.stringify(['NAME', 'checkout', id], null, 2)],
    ['an object in place of the list', JSON.stringify({ 0: 'NAME', 1: 'checkout', 2: id })],
  ])('with %s is refused', (_, json) => {
    expectRefused('after', { after: forged(json) });
  });

  test.each(['1e999', '-1e999', '"1700000000000"', 'null', 'true', '[1]'])(
    'with the time %s is refused',
    (time) => {
      expectRefused('after', { after: forged(`["CREATED_AT",${time},"${id}"]`) }, byTime);
    },
  );

  test('with something put before, behind or between is refused', () => {
    fc.assert(
      fc.property(positionsByName, fc.string({ minLength: 1 }), fc.nat(), (position, more, somewhere) => {
        const cursor = encodeCursor(position, byName);
        const place = somewhere % (cursor.length + 1);
        expectRefused('after', { after: cursor.slice(0, place) + '=' + cursor.slice(place) });
        expectRefused('after', { after: `${cursor}${more}` });
        expectRefused('after', { after: ` ${cursor}` });
      }),
    );
  });
});

describe('a page', () => {
  const beyond = { value: 'checkout', id };

  test.each<[string, number[], PageRequest, unknown]>([
    [
      'the first of several',
      [1, 2, 3],
      { size: 2, backward: false, beyond: null },
      { items: [1, 2], hasNextPage: true, hasPreviousPage: false },
    ],
    [
      'one in the middle',
      [3, 4, 5],
      { size: 2, backward: false, beyond },
      { items: [3, 4], hasNextPage: true, hasPreviousPage: true },
    ],
    [
      'the last',
      [5, 6],
      { size: 2, backward: false, beyond },
      { items: [5, 6], hasNextPage: false, hasPreviousPage: true },
    ],
    [
      'the only one',
      [1],
      { size: 2, backward: false, beyond: null },
      { items: [1], hasNextPage: false, hasPreviousPage: false },
    ],
    [
      'that of an empty list',
      [],
      { size: 2, backward: false, beyond: null },
      { items: [], hasNextPage: false, hasPreviousPage: false },
    ],
    [
      'the last, asked for from the end',
      [6, 5, 4],
      { size: 2, backward: true, beyond: null },
      { items: [5, 6], hasNextPage: false, hasPreviousPage: true },
    ],
    [
      'the first, come to from the end',
      [2, 1],
      { size: 2, backward: true, beyond },
      { items: [1, 2], hasNextPage: true, hasPreviousPage: false },
    ],
  ])('is made of what was found: %s', (_, found, request, page) => {
    expect(toPage(found, request)).toEqual(page);
  });

  test('follows on page, forward and backward, until every item was seen once and in order', () => {
    const lists = fc.uniqueArray(fc.nat({ max: 999 }), { maxLength: 30 });
    fc.assert(
      fc.property(lists, fc.integer({ min: 1, max: 7 }), fc.boolean(), (numbers, size, backward) => {
        const list = numbers.toSorted((a, b) => a - b);
        expect(walk(list, size, backward)).toEqual(list);
      }),
    );
  });
});

/** Reads a list page by page, as a query of one item more than a page would find them. */
function walk(list: readonly number[], size: number, backward: boolean): number[] {
  const ahead = backward ? list.toReversed() : list;
  let seen: number[] = [];
  for (;;) {
    const beyond = seen.length === 0 ? null : { value: seen.length, id };
    const found = ahead.slice(seen.length, seen.length + size + 1);
    const page = toPage(found, { size, backward, beyond });
    seen = backward ? [...page.items, ...seen] : [...seen, ...page.items];
    if (!(backward ? page.hasPreviousPage : page.hasNextPage)) return seen;
  }
}
