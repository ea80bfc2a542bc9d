import { OperationTypeNode, type GraphQLSchema } from 'graphql';

const WORDS: Readonly<Record<OperationTypeNode, string>> = {
  query: 'What can be read. What you may not read is not there: it is null, or no part of a list.',
  mutation: 'What can be changed. Each takes one input, and tells what you can mend in it as `userErrors`.',
  subscription: 'What you can be told of as it happens.',
};

/** Describes the root types, of which type-graphql has no place to say anything. */
export function describeRoots(schema: GraphQLSchema): void {
  for (const kind of Object.values(OperationTypeNode)) {
    const root = schema.getRootType(kind);
    if (root) root.description = WORDS[kind];
  }
}
