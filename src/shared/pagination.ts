import { ApiError } from './errors';
import { isId } from './ids';

/** A place in an ordered list: the value that the list is sorted by, and the id that breaks ties. */
export interface Position {
  readonly value: string | number;
  readonly id: string;
}

/** Which part of a list is asked for. */
export interface PageRequest {
  /** How many items, 1 to 100. */
  readonly size: number;
  /** Forward from a position, or backward from it. */
  readonly backward: boolean;
  /** The position to start beyond; null for the end of the list at which the direction starts. */
  readonly beyond: Position | null;
}

/** A page of a list, and how many items the whole list has, for whoever asks. */
export interface ListedPage<Item> {
  readonly page: Page<Entry<Item>>;
  readonly count: () => Promise<number>;
}

export interface PageArguments {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly last?: number | null | undefined;
  readonly before?: string | null | undefined;
}

/** What a list is sorted by. */
export interface Ordering {
  readonly name: string;
  readonly column: string;
  /** What the column holds. */
  readonly holds: 'string' | 'number';
}

/** An item of a list with its place there. */
export interface Entry<Item> {
  readonly item: Item;
  readonly position: Position;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
}

export const DEFAULT_PAGE_SIZE = 20;
export const MAX_PAGE_SIZE = 100;

/**
 * Reads the four Relay arguments.
 *
 * @param ordering what the list is sorted by: a cursor holds its name, and is refused in a list of another ordering
 * @throws ApiError BAD_USER_INPUT for a size out of range, for a cursor that this list did not give out, and for
 *   forward and backward arguments together
 */
export function parsePage({ first, after, last, before }: PageArguments, ordering: Ordering): PageRequest {
  const backward = last != null || before != null;
  if (backward && (first != null || after != null)) {
    throw badArgument('first', 'Ask with first and after, or with last and before, not with both pairs.');
  }
  const [name, size] = backward ? (['last', last] as const) : (['first', first] as const);
  const [cursorName, cursor] = backward ? (['before', before] as const) : (['after', after] as const);
  return {
    size: parseSize(size ?? DEFAULT_PAGE_SIZE, name),
    backward,
    beyond: cursor == null ? null : decodeCursor(cursor, cursorName, ordering),
  };
}

function parseSize(size: number, argument: string): number {
  if (Number.isInteger(size) && size >= 1 && size <= MAX_PAGE_SIZE) return size;
  throw badArgument(argument, `Expected a page size from 1 to ${MAX_PAGE_SIZE}, got ${size}.`);
}

export function encodeCursor({ value, id }: Position, ordering: Ordering): string {
  return Buffer.from(JSON.stringify([ordering.name, value, id])).toString('base64url');
}

function decodeCursor(cursor: string, argument: string, ordering: Ordering): Position {
  const [name, value, id]: unknown[] = parseTuple(cursor);
  if (name === ordering.name && typeof value === ordering.holds && isId(id)) {
    const position = { value: value as string | number, id };
    // Other texts can decode to the same position, and JSON can hold an infinite number, which no database takes.
    if (encodeCursor(position, ordering) === cursor) return position;
  }
  throw badArgument(argument, 'Expected a cursor that this list gave out, under the same ordering.');
}

function parseTuple(cursor: string): unknown[] {
  try {
    const tuple: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(tuple) ? tuple : [];
  } catch {
    return [];
  }
}

/**
 * Makes a page of what a query returned, which was asked for one item more than the page holds, and in the direction of
 * the request: the surplus item tells whether the list goes on.
 */
export function toPage<Item>(found: readonly Item[], request: PageRequest): Page<Item> {
  const more = found.length > request.size;
  const items = found.slice(0, request.size);
  const behind = request.beyond !== null;
  return request.backward
    ? { items: items.reverse(), hasNextPage: behind, hasPreviousPage: more }
    : { items, hasNextPage: more, hasPreviousPage: behind };
}

function badArgument(argument: string, message: string): ApiError {
  return new ApiError('BAD_USER_INPUT', `${argument}: ${message}`, { argument });
}
