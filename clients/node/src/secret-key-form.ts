import { crc32 } from 'node:zlib';

/** What can be sent in a header, and is no longer than the longest key that anybody gives out. */
const SENDABLE = /^[\x21-\x7e]{1,512}$/;

const PREFIX = /^[a-z][a-z0-9]{0,15}$/;
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const CHECKSUM_LENGTH = 6;

/** Tells what cannot be a secret key, without asking anybody. */
export type LooksLikeSecretKey = (value: unknown) => value is string;

/**
 * @param prefix what every key begins with; null when keys of other forms are good too, since they were imported
 * @throws TypeError for what no installation has as its prefix
 */
export function secretKeyForm(prefix: string | null): LooksLikeSecretKey {
  if (prefix === null) return isSendable;
  if (!PREFIX.test(prefix)) {
    throw new TypeError('prefix: expected 1 to 16 lower-case letters and digits, a letter first.');
  }
  const form = new RegExp(`^(${prefix}_[0-9A-Za-z]{12}_[0-9A-Za-z]{43})([0-9A-Za-z]{6})$`);
  return (value): value is string => {
    if (typeof value !== 'string') return false;
    const [, body, checksum] = form.exec(value) ?? [];
    return body !== undefined && checksumOf(body) === checksum;
  };
}

function isSendable(value: unknown): value is string {
  return typeof value === 'string' && SENDABLE.test(value);
}

function checksumOf(body: string): string {
  let text = '';
  for (let rest = crc32(body); rest > 0; rest = Math.floor(rest / 62)) text = DIGITS.charAt(rest % 62) + text;
  return text.padStart(CHECKSUM_LENGTH, '0');
}
