import { checkName } from '../shared/check-text';
import { rejected } from '../shared/user-errors';

export const MAX_RESOURCE_NAME_LENGTH = 200;
const MAX_SLUG_LENGTH = 63;

const SLUG = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;

/** What a slug looks like, in words. */
export const SLUG_FORM = `1 to ${MAX_SLUG_LENGTH} lower-case letters, digits and hyphens, without a hyphen at its ends`;

export function checkResourceName(name: string): string {
  return checkName(name, 'name', MAX_RESOURCE_NAME_LENGTH);
}

export function isSlug(text: string): boolean {
  return text.length <= MAX_SLUG_LENGTH && SLUG.test(text);
}

export function checkSlug(slug: string): string {
  if (isSlug(slug)) return slug;
  throw rejected('INVALID', `Expected ${SLUG_FORM}.`, ['slug']);
}
