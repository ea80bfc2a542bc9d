import { GraphQLBoolean, GraphQLFloat, GraphQLID, GraphQLInt, GraphQLString } from 'graphql';

/**
 * Lets the leaves of answers be only what the schema promises, where graphql-js would make it of something else, such as a text
 * of a number: compiled operations tell it as it is.
 */
for (const scalar of [GraphQLBoolean, GraphQLFloat, GraphQLID, GraphQLInt, GraphQLString]) {
  const { serialize } = scalar;
  scalar.serialize = (value) => {
    const told: unknown = serialize(value);
    if (told === value) return told as never;
    throw new TypeError(`Expected a ${typeof told} for a ${scalar.name}, got a ${typeof value}.`);
  };
}
