import { GraphQLError, type OperationTypeNode, type ValidationRule } from 'graphql';

/** Refuses documents with operations of other kinds than those that are served at an address. */
export function onlyOperations(kinds: readonly OperationTypeNode[]): ValidationRule {
  return (context) => ({
    OperationDefinition(node) {
      if (kinds.includes(node.operation)) return;
      context.reportError(new GraphQLError(`There is no ${node.operation} here.`, { nodes: node }));
    },
  });
}
