import { isIP } from 'node:net';
import { makeValidator } from 'envalid';

// The forms that settings have. Each says what was expected, and what it got instead.

export const wholeNumber = (least: number, most: number) =>
  makeValidator<number>((input) => {
    const value = Number(input);
    if (/^\d+$/.test(input) && value >= least && value <= most) return value;
    throw new TypeError(`expected a whole number from ${least} to ${most}, got "${input}"`);
  });

export const oneOf = <T extends string>(choices: readonly T[]) =>
  makeValidator<T>((input) => {
    const choice = choices.find((candidate) => candidate === input);
    if (choice !== undefined) return choice;
    throw new TypeError(`expected one of ${choices.join(', ')}, got "${input}"`);
  });

export const addresses = makeValidator<readonly string[]>((input) => {
  const parts = input.split(',').map((part) => part.trim());
  if (parts.every(isAddressOrRange)) return parts;
  throw new TypeError(`expected addresses or ranges such as 10.0.0.0/8, with commas between, got "${input}"`);
});

function isAddressOrRange(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}

/** Less than the least could not be kept: a reading of the database takes some time itself. */
const LEAST_STALENESS_MS = 50;

export const staleness = makeValidator<number>((input) => {
  const value = Number(input);
  if (/^\d+$/.test(input) && (value === 0 || value >= LEAST_STALENESS_MS) && value <= 60_000) return value;
  throw new TypeError(`expected 0, or a whole number from ${LEAST_STALENESS_MS} to 60000, got "${input}"`);
});

export const flag = makeValidator<boolean>((input) => {
  if (/^(true|1|on)$/i.test(input)) return true;
  if (/^(false|0|off)$/i.test(input)) return false;
  throw new TypeError(`expected true or false, got "${input}"`);
});

// The validators of settings that hold a credential must not repeat what they were given.

export const databaseUrl = makeValidator<string>((input) => {
  const parsed = URL.canParse(input) ? new URL(input) : null;
  if (parsed && ['mysql:', 'mariadb:'].includes(parsed.protocol) && parsed.pathname.length > 1) return input;
  throw new TypeError(
    'expected mysql://user:password@host:3306/database, or nothing for the embedded database',
  );
});

export const redisUrl = makeValidator<string>((input) => {
  const parsed = URL.canParse(input) ? new URL(input) : null;
  const { protocol = '', hostname = '', pathname = '' } = parsed ?? {};
  if (['redis:', 'rediss:'].includes(protocol) && hostname !== '' && /^\/?\d{0,4}$/.test(pathname))
    return input;
  throw new TypeError('expected redis://user:password@host:6379/0, or rediss:// for TLS');
});

export const httpUrl = makeValidator<URL>((input) => {
  const parsed = URL.canParse(input) ? new URL(input) : null;
  if (parsed && ['http:', 'https:'].includes(parsed.protocol)) return parsed;
  throw new TypeError('expected an http(s) URL');
});

export const sharedSecret = makeValidator<string>((input) => {
  if (Buffer.byteLength(input) >= 32) return input;
  throw new TypeError(`expected at least 32 bytes, got ${Buffer.byteLength(input)}`);
});

/** A secret that is sent in a header, after `Bearer `. */
export const bearerSecret = makeValidator<string>((input) => {
  if (/^[!-~]{32,}$/.test(input)) return input;
  throw new TypeError('expected at least 32 characters of ASCII without spaces');
});

export const headerName = makeValidator<string>((input) => {
  if (/^[\w-]+$/.test(input)) return input.toLowerCase();
  throw new TypeError(`expected the name of a header, got "${input}"`);
});

export const keyPrefix = makeValidator<string>((input) => {
  if (/^[a-z][a-z0-9]{0,15}$/.test(input)) return input;
  throw new TypeError(`expected 1 to 16 lower-case letters and digits, a letter first, got "${input}"`);
});

export const peppers = makeValidator<ReadonlyMap<number, Buffer>>((input) => {
  const entries = input.split(',').map((entry): [number, Buffer] => {
    const match = /^\s*(\d{1,9}):([A-Za-z0-9+/]+={0,2})\s*$/.exec(entry);
    const pepper = Buffer.from(match?.[2] ?? '', 'base64');
    if (!match || pepper.length < 32) {
      throw new TypeError(
        'expected version:pepper[,version:pepper], each pepper at least 32 bytes in base64',
      );
    }
    return [Number(match[1]), pepper];
  });
  const byVersion = new Map(entries);
  // Which of two were meant is a guess, and the keys under the other would stop to work.
  if (byVersion.size < entries.length) throw new TypeError('expected each version once');
  return byVersion;
});
