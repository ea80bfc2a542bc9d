import { GraphQLError, type ValidationRule } from 'graphql';

/** Refuses operations of a kind that the schema does not have. Without it, only their execution would fail. */
export const knownOperations: ValidationRule = (context) => ({
  OperationDefinition(node) {
    if (context.getSchema().getRootType(node.operation) != null) return;
    context.reportError(new GraphQLError(`There is no ${node.operation} here.`, { nodes: node }));
  },
});
