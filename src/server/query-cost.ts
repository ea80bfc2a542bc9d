import type { ApolloServerPlugin } from '@apollo/server';
import type { GraphQLSchema } from 'graphql';
import { fieldExtensionsEstimator, getComplexity, simpleEstimator } from 'graphql-query-complexity';
import { ApiError } from '../shared/errors';
import { requestError } from './graphql-errors';
import type { RequestContext } from './request-context';

/**
 * Refuses operations that would cost too much, before they are executed. A field costs 1; a list what its page holds,
 * times what each item costs. So depth, width, aliases and nested lists are bounded by one number.
 */
export function queryCostLimit(schema: GraphQLSchema, maxCost: number): ApolloServerPlugin<RequestContext> {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ document, operationName, request, contextValue }) {
          const cost = getComplexity({
            schema,
            query: document,
            variables: request.variables ?? {},
            ...(operationName !== null && { operationName }),
            estimators: [fieldExtensionsEstimator(), simpleEstimator({ defaultComplexity: 1 })],
          });
          if (cost > maxCost) throw requestError(tooComplex(cost, maxCost), contextValue.requestId);
        },
      };
    },
  };
}

function tooComplex(cost: number, maxCost: number): ApiError {
  return new ApiError(
    'QUERY_TOO_COMPLEX',
    `The query costs up to ${cost}, and ${maxCost} is the most. Ask for smaller pages or fewer nested lists.`,
    { cost, maxCost },
  );
}
