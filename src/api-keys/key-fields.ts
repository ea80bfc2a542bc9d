import { rejected } from '../shared/user-errors';

export const MAX_NAME_LENGTH = 100;
export const MAX_DESCRIPTION_LENGTH = 1000;
export const MAX_REASON_LENGTH = 500;
const MAX_METADATA_BYTES = 4096;

/** A name that can be stored: without white space around it, not empty, not too long, without control characters. */
export function checkName(name: string, field = 'name', maxLength = MAX_NAME_LENGTH): string {
  const trimmed = name.trim();
  if (trimmed === '')
    throw rejected('INVALID', `Expected a name of 1 to ${maxLength} characters; it is empty.`, [field]);
  return checkText(trimmed, field, maxLength);
}

export function checkText(text: string, field: string, maxLength: number): string {
  const length = Array.from(text).length;
  if (length > maxLength) {
    throw rejected('INVALID', `Expected at most ${maxLength} characters, got ${length}.`, [field]);
  }
  if (!text.isWellFormed() || /\p{Cc}/u.test(text.replace(/[\t\r\n]/g, ''))) {
    throw rejected('INVALID', 'Expected text without control characters and half characters.', [field]);
  }
  return text;
}

/** @returns null for no expiry */
export function checkExpiry(expiresAt: Date | null | undefined, now: number): number | null {
  if (expiresAt == null) return null;
  if (expiresAt.getTime() > now) return expiresAt.getTime();
  throw rejected('INVALID', 'Expected a time in the future. To end a key now, revoke or disable it.', [
    'expiresAt',
  ]);
}

/** @returns the metadata as JSON; null for none */
export function checkMetadata(metadata: unknown): string | null {
  if (metadata == null) return null;
  const text = JSON.stringify(metadata);
  if (typeof metadata !== 'object' || Array.isArray(metadata)) {
    throw rejected('INVALID', 'Expected a JSON object.', ['metadata']);
  }
  if (Buffer.byteLength(text) > MAX_METADATA_BYTES) {
    throw rejected('INVALID', `Expected at most ${MAX_METADATA_BYTES} bytes as JSON.`, ['metadata']);
  }
  return text;
}
