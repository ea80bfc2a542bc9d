const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** A number in base 62, filled up with zeros to a length. */
export function toBase62(value: bigint, length: number): string {
  let text = '';
  for (let rest = value; rest > 0n; rest /= 62n) text = DIGITS.charAt(Number(rest % 62n)) + text;
  return text.padStart(length, '0');
}

/** The last digits of the bytes, taken as one number: as evenly spread as the bytes are, if these are many more. */
export function lastBase62Digits(bytes: Buffer, length: number): string {
  return toBase62(BigInt(`0x${bytes.toString('hex')}`), length).slice(-length);
}
