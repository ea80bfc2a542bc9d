import { v7 } from 'uuid';
import { ApiError } from './errors';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** A new id. Version 7 begins with the time, so that rows made together lie together in an index. */
export function newId(): string {
  return v7();
}

/** Whether a value is an id in its canonical form. */
export function isId(value: unknown): value is string {
  return typeof value === 'string' && UUID.test(value);
}

/**
 * The canonical (lower-case) form of an id that a caller sent; null for what does not have the form of a UUID.
 *
 * Nothing else may reach SQL: MySQL compares a string with the number 0 as equal, and an array would become a list.
 * Any UUID version is taken, since a platform's own resources keep the ids that they have.
 */
export function toId(value: unknown): string | null {
  const id = typeof value === 'string' ? value.toLowerCase() : value;
  return isId(id) ? id : null;
}

/**
 * The id that an argument holds.
 *
 * @throws ApiError BAD_USER_INPUT when the value does not have the form of a UUID.
 */
export function parseId(value: unknown, argument: string): string {
  const id = toId(value);
  if (id !== null) return id;
  throw new ApiError(
    'BAD_USER_INPUT',
    `${argument}: expected a UUID such as 123e4567-e89b-12d3-a456-426614174000.`,
    { argument },
  );
}
