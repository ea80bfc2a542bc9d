import type { ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server';
import type { GraphQLSchema } from 'graphql';
import type { Logger } from '../shared/logger';
import { logFailures } from './graphql-errors';
import { QueryCostLimit } from './query-cost';
import type { RequestContext } from './request-context';
import { requirePrincipal } from './require-principal';
import { setStatusForJson } from './status-for-json';

/**
 * What holds for every operation, by the steps in which the GraphQL server takes it. The rules are one plugin, since the
 * server waits for each plugin at each step.
 */
export function operationRules(
  schema: GraphQLSchema,
  maxCost: number,
  logger: Logger,
): ApolloServerPlugin<RequestContext> {
  const costLimit = new QueryCostLimit(schema, maxCost);
  const rules: GraphQLRequestListener<RequestContext> = {
    async didResolveOperation(operation) {
      requirePrincipal(operation);
      costLimit.charge(operation);
    },
    async didEncounterErrors({ errors, contextValue }) {
      logFailures(logger, errors, contextValue.requestId);
    },
    async willSendResponse(answer) {
      setStatusForJson(answer);
    },
  };
  return { requestDidStart: async () => rules };
}
