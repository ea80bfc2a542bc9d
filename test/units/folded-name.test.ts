import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { foldName } from '../../src/shared/folded-name';

describe('names that people take for the same fold to the same', () => {
  test.each([
    ['Checkout', 'CHECKOUT'],
    ['Äpfel', 'äpfel'],
    ['é composed', 'e\u0301 composed'],
    ['É', 'e\u0301'],
    ['J\u030C', '\u01F0'],
    ['ΟΔΟΣ', 'οδος'],
    ['ЖУК', 'жук'],
    ['ＷＩＤＥ', 'ｗｉｄｅ'],
    ['🚀 Ship', '🚀 SHIP'],
  ])('%j and %j', (one, other) => {
    expect(foldName(one)).toBe(foldName(other));
  });
});

describe('names that people tell apart stay apart', () => {
  test.each([
    ['Apfel', 'Äpfel'],
    ['resume', 'résumé'],
    ['a b', 'ab'],
    ['ab', 'ab '],
    ['0', 'O'],
    ['ı', 'i'],
    ['', ' '],
  ])('%j and %j', (one, other) => {
    expect(foldName(one)).not.toBe(foldName(other));
  });
});

test('case follows the rules of Unicode and not of a language', () => {
  expect(foldName('TITLE')).toBe('title');
});

test('a part of a name is found however both are written', () => {
  const names = ['ΟΔΟΣΑΒ', 'Straße ÄÖ', 'Ångström'];
  for (const name of names) {
    const part = name.slice(0, 4);
    for (const sought of [part, part.toLowerCase(), part.normalize('NFD')]) {
      expect(foldName(name)).toContain(foldName(sought));
    }
  }
});

test('folding what is folded changes nothing, in any script', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (name) => {
      expect(foldName(foldName(name))).toBe(foldName(name));
    }),
  );
});

test('composed and decomposed forms of a name fold to the same, in any script', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (name) => {
      expect(foldName(name.normalize('NFD'))).toBe(foldName(name.normalize('NFC')));
    }),
    { numRuns: 1000 },
  );
});
