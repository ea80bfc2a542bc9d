import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseSha256 } from '../../src/api-keys/secrets/imported-secret';
import { SecretKeys } from '../../src/api-keys/secrets/secret-key';

const [pepper, newPepper] = [Buffer.alloc(32, 'one'), Buffer.alloc(32, 'two')];
const secretKeys = new SecretKeys({ prefix: 'sg', peppers: new Map([[1, pepper]]) });
const rotated = new SecretKeys({
  prefix: 'sg',
  peppers: new Map([
    [1, pepper],
    [2, newPepper],
  ]),
});
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

describe('an imported secret key', () => {
  test('of any form is found by its selector and matches', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (plainText) => {
        const stored = secretKeys.import(sha256(plainText));
        expect(stored).toMatchObject({ source: 'IMPORTED', pepperVersion: 1 });
        expect(stored.selector).toMatch(/^\.[0-9A-Za-z]{15}$/);
        expect(secretKeys.selectorsOf(plainText)).toContain(stored.selector);
        expect(secretKeys.matches(plainText, stored)).toBe(true);
      }),
    );
  });

  test('does not match another, nor its own digest', () => {
    const stored = secretKeys.import(sha256('a key'));
    for (const other of ['another key', 'a key ', sha256('a key'), '']) {
      expect(secretKeys.matches(other, stored)).toBe(false);
    }
  });

  test('is found under every pepper, and stored under the newest', () => {
    const before = secretKeys.import(sha256('a key'));
    const now = rotated.import(sha256('a key'));
    expect(now.pepperVersion).toBe(2);
    expect(rotated.selectorsOf('a key')).toEqual([before.selector, now.selector]);
    expect([before, now].map((stored) => rotated.matches('a key', stored))).toEqual([true, true]);
  });

  test('is stored as nothing that can be made without the pepper', () => {
    const other = new SecretKeys({ prefix: 'sg', peppers: new Map([[1, newPepper]]) });
    const [one, two] = [secretKeys, other].map((keys) => keys.import(sha256('a key')));
    expect(one?.selector).not.toBe(two?.selector);
    expect(one?.digest).not.toBe(two?.digest);
    expect(JSON.stringify(one)).not.toContain(sha256('a key'));
  });
});

describe('looking a secret key up', () => {
  test('begins with its own selector, if it is one of ours', () => {
    const { secretKey, stored } = secretKeys.generate();
    expect(secretKeys.selectorsOf(secretKey)[0]).toBe(stored.selector);
  });

  test('is spared for one of ours with a typo', () => {
    const { secretKey } = secretKeys.generate();
    const typo = secretKey.slice(0, -1) + (secretKey.endsWith('0') ? '1' : '0');
    expect(secretKeys.selectorsOf(typo)).toEqual([]);
  });
});

test.each([
  ['A'.repeat(64), 'a'.repeat(64)],
  ['0'.repeat(64), '0'.repeat(64)],
  ['0'.repeat(63), null],
  ['0'.repeat(65), null],
  ['g'.repeat(64), null],
  [` ${'0'.repeat(64)}`, null],
  [`${'0'.repeat(64)}\n`, null],
  ['', null],
])('the digest %j is read as %j', (text, digest) => {
  expect(parseSha256(text)).toBe(digest);
});
