import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** What a secret key of this installation looks like, and the peppers that its digests are made under. */
export interface SecretKeySettings {
  readonly prefix: string;
  /** Version to pepper. New digests are made under the highest version. */
  readonly peppers: ReadonlyMap<number, Buffer>;
}

/** What is stored of a secret key: enough to find it and to check it, and nothing to make it from. */
export interface StoredSecret {
  readonly selector: string;
  /** HMAC-SHA256 of the whole secret key under a pepper, in hexadecimal. */
  readonly digest: string;
  readonly pepperVersion: number;
}

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const SELECTOR_LENGTH = 12;
const VERIFIER_BYTES = 32;
/** 62^43 is the first power of 62 past 2^256. */
const VERIFIER_LENGTH = 43;
/** 62^6 is the first power of 62 past 2^32. */
const CHECKSUM_LENGTH = 6;

/**
 * Makes, recognizes and checks secret keys of the form `<prefix>_<selector>_<verifier><checksum>`.
 *
 * The selector finds the row by an index, so that no secret is ever searched for; the verifier has 256 random bits; the
 * checksum, a CRC-32 of all that comes before it, lets scanners and this server tell a typo without a look-up.
 */
export class SecretKeys {
  private readonly pattern: RegExp;
  private readonly currentVersion: number;

  constructor(private readonly settings: SecretKeySettings) {
    this.pattern = new RegExp(
      `^(${settings.prefix}_([0-9A-Za-z]{${SELECTOR_LENGTH}})_[0-9A-Za-z]{${VERIFIER_LENGTH}})` +
        `([0-9A-Za-z]{${CHECKSUM_LENGTH}})$`,
    );
    this.currentVersion = Math.max(...settings.peppers.keys());
  }

  /** Makes a new secret key. This is the only time that it exists in the clear. */
  generate(): { secretKey: string; stored: StoredSecret } {
    const selector = randomDigits(SELECTOR_LENGTH);
    const verifier = toBase62(BigInt(`0x${randomBytes(VERIFIER_BYTES).toString('hex')}`), VERIFIER_LENGTH);
    const body = `${this.settings.prefix}_${selector}_${verifier}`;
    const secretKey = body + checksumOf(body);
    const digest = this.digest(secretKey, this.currentVersion);
    if (digest === null) throw new Error('There is no pepper to make a digest with.');
    return { secretKey, stored: { selector, digest, pepperVersion: this.currentVersion } };
  }

  /** Whether a credential means to be a secret key, and not a token, by how it begins. */
  recognizes(credential: string): boolean {
    return credential.startsWith(`${this.settings.prefix}_`);
  }

  /** The selector of a well-formed secret key; null for anything else. */
  selectorOf(secretKey: string): string | null {
    const [, body, selector, checksum] = this.pattern.exec(secretKey) ?? [];
    if (body === undefined || selector === undefined || checksumOf(body) !== checksum) return null;
    return selector;
  }

  /** Whether the secret key is the one that was stored, found out in constant time. */
  matches(secretKey: string, stored: Pick<StoredSecret, 'digest' | 'pepperVersion'>): boolean {
    const digest = this.digest(secretKey, stored.pepperVersion);
    if (digest?.length !== stored.digest.length) return false;
    return timingSafeEqual(Buffer.from(digest), Buffer.from(stored.digest));
  }

  private digest(secretKey: string, version: number): string | null {
    const pepper = this.settings.peppers.get(version);
    return pepper === undefined ? null : createHmac('sha256', pepper).update(secretKey).digest('hex');
  }
}

function checksumOf(body: string): string {
  return toBase62(BigInt(crc32(body)), CHECKSUM_LENGTH);
}

function toBase62(value: bigint, length: number): string {
  let text = '';
  for (let rest = value; rest > 0n; rest /= 62n) text = DIGITS.charAt(Number(rest % 62n)) + text;
  return text.padStart(length, '0');
}

function randomDigits(length: number): string {
  return toBase62(BigInt(`0x${randomBytes(length).toString('hex')}`), length).slice(-length);
}
