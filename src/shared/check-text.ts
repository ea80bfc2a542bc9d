import { rejected } from './user-errors';

/** A name that can be stored: without white space around it, not empty, not too long, without control characters. */
export function checkName(name: string, field: string, maxLength: number): string {
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
