import type { GraphQLRequest } from '@apollo/server';
import { getVariableValues, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';

type Coerced = ReturnType<typeof getVariableValues>;

const ofRequests = new WeakMap<GraphQLRequest, Coerced>();

/** The variables of a request as graphql-js has them, or what is wrong with them: worked out once for each request. */
export function coercedVariables(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  request: GraphQLRequest,
): Coerced {
  const known = ofRequests.get(request);
  if (known !== undefined) return known;
  const coerced = getVariableValues(schema, operation.variableDefinitions ?? [], request.variables ?? {});
  ofRequests.set(request, coerced);
  return coerced;
}
