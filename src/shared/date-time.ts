import { GraphQLScalarType } from 'graphql';
import { GraphQLDateTimeISO } from 'graphql-scalars';

/** The resources of a page, and those above them, tell the same few times again and again. */
const MAX_REMEMBERED = 10_000;
const remembered = new Map<number, string>();

/** The scalar for times. This program holds them in milliseconds. */
export const DateTimeISO = new GraphQLScalarType({
  ...GraphQLDateTimeISO.toConfig(),
  serialize: (time: unknown) => (typeof time === 'number' ? toIso(time) : GraphQLDateTimeISO.serialize(time)),
});

/** A time in milliseconds in ISO 8601. */
export function toIso(time: number): string {
  const known = remembered.get(time);
  if (known !== undefined) return known;
  const text = new Date(time).toISOString();
  if (remembered.size === MAX_REMEMBERED) remembered.clear();
  remembered.set(time, text);
  return text;
}
