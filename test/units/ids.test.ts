import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isId, newId, parseId } from '../../src/shared/ids';
import { refusalOf } from './refusal';

const id = '123e4567-e89b-12d3-a456-426614174000';

describe('an id that a caller sent', () => {
  test.each([
    ['in lower case', id, id],
    ['in upper case', id.toUpperCase(), id],
    ['in both', '123E4567-e89b-12D3-a456-426614174000', id],
    ['of version 4', '9b2c6d1e-3f4a-4b5c-8d6e-7f8091a2b3c4', '9b2c6d1e-3f4a-4b5c-8d6e-7f8091a2b3c4'],
    ['of no version', '00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000000'],
  ])('is taken %s, and is lower case from then on', (_, sent, taken) => {
    expect(parseId(sent, 'id')).toBe(taken);
  });

  test.each<[unknown]>([
    [0],
    [1],
    [Number.NaN],
    [true],
    [false],
    [null],
    [undefined],
    [[]],
    [[id]],
    [{}],
    [{ toString: () => id }],
    [{ toLowerCase: () => id }],
    [Object(id)],
    [Symbol.iterator],
    [() => id],
    [''],
    ['0'],
    [`${id} `],
    [` ${id}`],
    [`${id}\n`],
    [`${id}\0`],
    [`{${id}}`],
    [`urn:uuid:${id}`],
    [id.replaceAll('-', '')],
    [id.slice(1)],
    [`${id}0`],
    [id.replace('e', 'g')],
    [id.replace('1', '１')],
    [`${id},${id}`],
    ["' OR 1=1 --"],
  ])('is refused, and not repeated, when it is %p', (sent) => {
    const { code, message, details } = refusalOf(() => parseId(sent, 'filter.reaches'));
    expect(code).toBe('BAD_USER_INPUT');
    expect(message).toBe('filter.reaches: expected a UUID such as 123e4567-e89b-12d3-a456-426614174000.');
    expect(details).toEqual({ argument: 'filter.reaches' });
  });

  test('is taken when it is any UUID', () => {
    fc.assert(
      fc.property(fc.uuid(), (uuid) => {
        expect(parseId(uuid.toUpperCase(), 'id')).toBe(uuid);
      }),
    );
  });

  test('is refused when it is anything else, and nothing worse happens', () => {
    fc.assert(
      fc.property(fc.anything(), (sent) => {
        expect(refusalOf(() => parseId(sent, 'id')).code).toBe('BAD_USER_INPUT');
      }),
    );
  });
});

describe('a value is an id', () => {
  test.each<[unknown, boolean]>([
    [id, true],
    [id.toUpperCase(), false],
    [`${id} `, false],
    [`${id}\n`, false],
    ['', false],
    [0, false],
    [null, false],
    [[id], false],
    [Object(id), false],
  ])('%p: %s', (value, expected) => {
    expect(isId(value)).toBe(expected);
  });
});

describe('new ids', () => {
  const made = Array.from({ length: 1000 }, newId);

  test('are ids of version 7', () => {
    for (const each of made) {
      expect(isId(each)).toBe(true);
      expect(each[14]).toBe('7');
    }
  });

  test('are all different, and sort in the order in which they were made', () => {
    expect(new Set(made).size).toBe(made.length);
    expect(made.toSorted()).toEqual(made);
  });
});
