import { checkName as checkNameOf, checkText } from '../../shared/check-text';
import { MAX_NESTING, isNestedTooDeep } from '../../shared/nesting';
import { rejected } from '../../shared/user-errors';

export const MAX_NAME_LENGTH = 100;
export const MAX_DESCRIPTION_LENGTH = 1000;
export const MAX_REASON_LENGTH = 500;
const MAX_METADATA_BYTES = 4096;

export { checkText };

/** A name that a key can have. */
export function checkName(name: string): string {
  return checkNameOf(name, 'name', MAX_NAME_LENGTH);
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
  if (isNestedTooDeep(metadata)) {
    throw rejected('INVALID', `Expected at most ${MAX_NESTING} levels.`, ['metadata']);
  }
  const text = JSON.stringify(metadata);
  if (typeof metadata !== 'object' || Array.isArray(metadata)) {
    throw rejected('INVALID', 'Expected a JSON object.', ['metadata']);
  }
  if (Buffer.byteLength(text) > MAX_METADATA_BYTES) {
    throw rejected('INVALID', `Expected at most ${MAX_METADATA_BYTES} bytes as JSON.`, ['metadata']);
  }
  // JSON writes half a character as an escape; not every database takes that.
  if (/(?<!\\)(\\\\)*\\ud[89a-f]/.test(text)) {
    throw rejected('INVALID', 'Expected text without half characters.', ['metadata']);
  }
  return text;
}
