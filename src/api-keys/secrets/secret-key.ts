import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { lastBase62Digits, toBase62 } from './base62';
import { importedSelector, sha256Of } from './imported-secret';

/** What a secret key of this installation looks like, and the peppers that its digests are made under. */
export interface SecretKeySettings {
  readonly prefix: string;
  /** Version to pepper. New digests are made under the highest version. */
  readonly peppers: ReadonlyMap<number, Buffer>;
}

/** Whether a secret key was made here, or was brought in from elsewhere as a digest and has no form of ours. */
export type SecretSource = 'GENERATED' | 'IMPORTED';

/** What is stored of a secret key: enough to find it and to check it, and nothing to make it from. */
export interface StoredSecret {
  readonly selector: string;
  /** HMAC-SHA256 under a pepper, in hexadecimal: of the whole secret key, or of the SHA-256 digest of an imported one. */
  readonly digest: string;
  readonly pepperVersion: number;
  readonly source: SecretSource;
}

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
 *
 * Secret keys that were imported have whatever form they had: of them only the SHA-256 digest was handed over.
 */
export class SecretKeys {
  private readonly pattern: RegExp;
  /** What a key of this form can be cut off to, or grow to: keys from elsewhere may begin with the same prefix. */
  private readonly brokenPattern: RegExp;
  /** The version of the pepper that new digests are made under. */
  readonly pepperVersion: number;

  constructor(private readonly settings: SecretKeySettings) {
    this.pattern = new RegExp(
      `^(${settings.prefix}_([0-9A-Za-z]{${SELECTOR_LENGTH}})_[0-9A-Za-z]{${VERIFIER_LENGTH}})` +
        `([0-9A-Za-z]{${CHECKSUM_LENGTH}})$`,
    );
    this.brokenPattern = new RegExp(
      `^${settings.prefix}_(?:[0-9A-Za-z]{0,${SELECTOR_LENGTH}}|[0-9A-Za-z]{${SELECTOR_LENGTH}}_[0-9A-Za-z]*)$`,
    );
    this.pepperVersion = Math.max(...settings.peppers.keys());
  }

  /** Makes a new secret key. This is the only time that it exists in the clear. */
  generate(): { secretKey: string; stored: StoredSecret } {
    const selector = lastBase62Digits(randomBytes(SELECTOR_LENGTH), SELECTOR_LENGTH);
    const verifier = toBase62(BigInt(`0x${randomBytes(VERIFIER_BYTES).toString('hex')}`), VERIFIER_LENGTH);
    const body = `${this.settings.prefix}_${selector}_${verifier}`;
    const secretKey = body + checksumOf(body);
    return { secretKey, stored: this.stored(selector, secretKey, 'GENERATED') };
  }

  /** What to store of a secret key from elsewhere, of which the SHA-256 digest is known. */
  import(sha256: string): StoredSecret {
    const selector = importedSelector(sha256, this.currentPepper);
    return this.stored(selector, sha256, 'IMPORTED');
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

  /**
   * The selectors that a secret key may be stored under, the likeliest first: its own, and those that it has if it was
   * imported. None for one of ours with a typo, or cut off anywhere, which needs no look-up.
   */
  selectorsOf(secretKey: string): readonly string[] {
    const own = this.selectorOf(secretKey);
    if (own === null && this.brokenPattern.test(secretKey)) return [];
    return [...(own === null ? [] : [own]), ...this.importedSelectorsOf(sha256Of(secretKey))];
  }

  /** The selectors that an imported secret key may be stored under: one for each pepper, of which any was once current. */
  importedSelectorsOf(sha256: string): readonly string[] {
    return Array.from(this.settings.peppers.values(), (pepper) => importedSelector(sha256, pepper));
  }

  /** Whether the secret key is the one that was stored, found out in constant time. */
  matches(secretKey: string, stored: Pick<StoredSecret, 'digest' | 'pepperVersion' | 'source'>): boolean {
    const text = stored.source === 'IMPORTED' ? sha256Of(secretKey) : secretKey;
    const digest = this.digest(text, stored.pepperVersion);
    if (digest?.length !== stored.digest.length) return false;
    return timingSafeEqual(Buffer.from(digest), Buffer.from(stored.digest));
  }

  private get currentPepper(): Buffer {
    const pepper = this.settings.peppers.get(this.pepperVersion);
    if (pepper === undefined) throw new Error('There is no pepper to make a digest with.');
    return pepper;
  }

  private stored(selector: string, text: string, source: SecretSource): StoredSecret {
    const digest = hmac(this.currentPepper, text);
    return { selector, digest, pepperVersion: this.pepperVersion, source };
  }

  private digest(text: string, version: number): string | null {
    const pepper = this.settings.peppers.get(version);
    return pepper === undefined ? null : hmac(pepper, text);
  }
}

function hmac(pepper: Buffer, text: string): string {
  return createHmac('sha256', pepper).update(text).digest('hex');
}

function checksumOf(body: string): string {
  return toBase62(BigInt(crc32(body)), CHECKSUM_LENGTH);
}
