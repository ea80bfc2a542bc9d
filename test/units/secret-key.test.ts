import { createHmac } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SecretKeys } from '../../src/api-keys/secrets/secret-key';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

const pepper = Buffer.alloc(32, 'a pepper');
const otherPepper = Buffer.alloc(32, 'another pepper');
const secretKeys = new SecretKeys({ prefix: 'sg', peppers: new Map([[1, pepper]]) });

/** What a secret scanner does that knows the format only from its description. */
function withChecksum(body: string): string {
  let rest = crc32(body);
  let checksum = '';
  for (let place = 0; place < 6; place++) {
    checksum = BASE62.charAt(rest % 62) + checksum;
    rest = Math.floor(rest / 62);
  }
  return body + checksum;
}

const digits = (length: number) => fc.stringMatching(new RegExp(`^[0-9A-Za-z]{${length}}$`));
const wellFormed = fc
  .tuple(digits(12), digits(43))
  .map(([selector, verifier]) => withChecksum(`sg_${selector}_${verifier}`));

/** A well-formed secret key with a place in it. */
const placesInKeys = (lastFromEnd: number) =>
  wellFormed.chain((key) => fc.tuple(fc.constant(key), fc.nat({ max: key.length - lastFromEnd })));

describe('a generated secret key', () => {
  test('is prefix, selector, verifier and checksum in base62', () => {
    const { secretKey } = secretKeys.generate();
    expect(secretKey).toMatch(/^sg_[0-9A-Za-z]{12}_[0-9A-Za-z]{43}[0-9A-Za-z]{6}$/);
  });

  test('ends with the CRC-32 of all that comes before', () => {
    const { secretKey } = secretKeys.generate();
    expect(secretKey).toBe(withChecksum(secretKey.slice(0, -6)));
  });

  test('is found by its selector and matches what was stored of it', () => {
    const { secretKey, stored } = secretKeys.generate();
    expect(secretKeys.recognizes(secretKey)).toBe(true);
    expect(secretKeys.selectorOf(secretKey)).toBe(stored.selector);
    expect(secretKeys.matches(secretKey, stored)).toBe(true);
  });

  test('is like no other, in its selector and in its digest too', () => {
    const made = Array.from({ length: 1000 }, () => secretKeys.generate());
    expect(new Set(made.map(({ secretKey }) => secretKey)).size).toBe(made.length);
    expect(new Set(made.map(({ stored }) => stored.selector)).size).toBe(made.length);
    expect(new Set(made.map(({ stored }) => stored.digest)).size).toBe(made.length);
  });

  test('matches nothing that was stored of another', () => {
    const [one, other] = [secretKeys.generate(), secretKeys.generate()];
    expect(secretKeys.matches(one.secretKey, other.stored)).toBe(false);
  });

  test('is matched by no well-formed key that differs in the verifier alone', () => {
    const { secretKey, stored } = secretKeys.generate();
    fc.assert(
      fc.property(digits(43), (verifier) => {
        const forged = withChecksum(`sg_${stored.selector}_${verifier}`);
        fc.pre(forged !== secretKey);
        expect(secretKeys.selectorOf(forged)).toBe(stored.selector);
        expect(secretKeys.matches(forged, stored)).toBe(false);
      }),
    );
  });

  test('is stored as its HMAC-SHA256 under the pepper', () => {
    const { secretKey, stored } = secretKeys.generate();
    expect(stored.digest).toBe(createHmac('sha256', pepper).update(secretKey).digest('hex'));
  });

  test('cannot be read from what is stored of it', () => {
    const { secretKey, stored } = secretKeys.generate();
    const verifier = secretKey.slice('sg_'.length + stored.selector.length + 1, -6);
    const kept = JSON.stringify(stored);
    expect(verifier).toHaveLength(43);
    expect(kept).not.toContain(verifier);
    expect(kept).not.toContain(secretKey.slice(-6));
    expect(stored.digest).toMatch(/^[0-9a-f]{64}$/);
  });

  test('carries the prefix of the installation, and is not recognized by another', () => {
    const acmeKeys = new SecretKeys({ prefix: 'acme2', peppers: new Map([[1, pepper]]) });
    const { secretKey, stored } = acmeKeys.generate();
    expect(secretKey).toMatch(/^acme2_/);
    expect(acmeKeys.selectorOf(secretKey)).toBe(stored.selector);
    expect(secretKeys.recognizes(secretKey)).toBe(false);
    expect(secretKeys.selectorOf(secretKey)).toBeNull();
  });
});

describe('the pepper', () => {
  const { secretKey, stored } = secretKeys.generate();

  test('is the one of the highest version for a new key', () => {
    const peppers = new Map([
      [10, otherPepper],
      [9, pepper],
    ]);
    expect(new SecretKeys({ prefix: 'sg', peppers }).generate().stored.pepperVersion).toBe(10);
  });

  test('of an older version still opens the keys that were made under it', () => {
    const peppers = new Map([
      [1, pepper],
      [2, otherPepper],
    ]);
    expect(new SecretKeys({ prefix: 'sg', peppers }).matches(secretKey, stored)).toBe(true);
  });

  test('of another value opens nothing', () => {
    const others = new SecretKeys({ prefix: 'sg', peppers: new Map([[1, otherPepper]]) });
    expect(others.matches(secretKey, stored)).toBe(false);
  });

  test('of another version opens nothing', () => {
    const peppers = new Map([
      [1, pepper],
      [2, otherPepper],
    ]);
    const rotating = new SecretKeys({ prefix: 'sg', peppers });
    expect(rotating.matches(secretKey, { ...stored, pepperVersion: 2 })).toBe(false);
  });

  test('that is not there any more opens nothing', () => {
    expect(secretKeys.matches(secretKey, { ...stored, pepperVersion: 7 })).toBe(false);
  });

  test.each(['', '0', 'x'.repeat(64), '0'.repeat(63), '0'.repeat(65)])(
    'does not make a stored digest of %j match',
    (digest) => {
      expect(secretKeys.matches(secretKey, { ...stored, digest })).toBe(false);
    },
  );
});

describe('without a look-up it is told that', () => {
  test('a key made by the description of the format is well-formed', () => {
    fc.assert(
      fc.property(wellFormed, (key) => {
        expect(secretKeys.selectorOf(key)).toBe(key.slice(3, 15));
      }),
    );
  });

  test('a key with one wrong character is not', () => {
    const typos = fc.tuple(placesInKeys(1), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }));
    fc.assert(
      fc.property(typos, ([[key, place], wrong]) => {
        fc.pre(key[place] !== wrong);
        expect(secretKeys.selectorOf(key.slice(0, place) + wrong + key.slice(place + 1))).toBeNull();
      }),
    );
  });

  test('a key with one wrong digit is not', () => {
    fc.assert(
      fc.property(placesInKeys(1), digits(1), ([key, place], wrong) => {
        fc.pre(key[place] !== wrong);
        expect(secretKeys.selectorOf(key.slice(0, place) + wrong + key.slice(place + 1))).toBeNull();
      }),
      { numRuns: 1000 },
    );
  });

  test('a key with two neighbours swapped is not', () => {
    fc.assert(
      fc.property(placesInKeys(2), ([key, place]) => {
        fc.pre(key[place] !== key[place + 1]);
        const swapped = `${key.charAt(place + 1)}${key.charAt(place)}`;
        expect(secretKeys.selectorOf(key.slice(0, place) + swapped + key.slice(place + 2))).toBeNull();
      }),
      { numRuns: 1000 },
    );
  });

  test('a key that is cut off, or that goes on, is not', () => {
    fc.assert(
      fc.property(placesInKeys(1), fc.string({ minLength: 1 }), ([key, place], more) => {
        expect(secretKeys.selectorOf(key.slice(0, place))).toBeNull();
        expect(secretKeys.selectorOf(key.slice(place + 1))).toBeNull();
        expect(secretKeys.selectorOf(key + more)).toBeNull();
        expect(secretKeys.selectorOf(more + key)).toBeNull();
      }),
    );
  });

  test('a key in other case, or with spaces or a line break around it, is not', () => {
    const key = withChecksum(`sg_${'aB3'.repeat(4)}_${'x'.repeat(43)}`);
    expect(secretKeys.selectorOf(key)).toBe('aB3aB3aB3aB3');
    for (const wrong of [key.toUpperCase(), key.toLowerCase(), ` ${key}`, `${key} `, `${key}\n`]) {
      expect(secretKeys.selectorOf(wrong)).toBeNull();
    }
  });

  test('any other text is not, and none makes it fail', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(secretKeys.selectorOf(text)).toBeNull();
        expect(secretKeys.selectorOf(`sg_${text}`)).toBeNull();
      }),
    );
  });
});

describe('a credential is recognized as a secret key by how it begins', () => {
  test.each([
    ['sg_', true],
    ['sg_anything', true],
    ['sg', false],
    ['sgx_anything', false],
    ['SG_anything', false],
    [' sg_anything', false],
    ['eyJhbGciOiJIUzI1NiJ9.e30.sg_', false],
    ['', false],
  ])('%j: %s', (credential, recognized) => {
    expect(secretKeys.recognizes(credential)).toBe(recognized);
  });
});
