import { createHash, createHmac } from 'node:crypto';
import { lastBase62Digits } from './base62';

const SHA256 = /^[0-9a-f]{64}$/;

/** Sorts before every letter and digit, so that the selectors of keys from elsewhere lie together, and never meet others. */
const IMPORTED_MARK = '.';
const SELECTOR_LENGTH = 15;

/** A SHA-256 digest in its canonical (lower-case) form; null for what is none. */
export function parseSha256(text: string): string | null {
  const sha256 = text.toLowerCase();
  return SHA256.test(sha256) ? sha256 : null;
}

/** What is asked for of keys that come from elsewhere: the SHA-256 digest of their plain text, in hexadecimal. */
export function sha256Of(plainText: string): string {
  return createHash('sha256').update(plainText).digest('hex');
}

/**
 * By what a key from elsewhere is found. Both this and its digest are made under a pepper, since the keys of others can be
 * short: with a bare digest, whoever has the database could guess them.
 */
export function importedSelector(sha256: string, pepper: Buffer): string {
  const bytes = createHmac('sha256', pepper).update(`selector:${sha256}`).digest();
  return IMPORTED_MARK + lastBase62Digits(bytes, SELECTOR_LENGTH);
}
