import type { ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server';
import { type DocumentNode, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import type { Logger } from '../shared/logger';
import { logFailures } from './graphql-errors';
import { QueryCostLimit, fit } from './query-cost';
import type { RequestContext } from './request-context';
import { requirePrincipal } from './require-principal';
import { setStatusForJson } from './status-for-json';

/** An operation that somebody wants to run. */
export interface WantedOperation {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly operationName: string | null;
  /** As they were sent. */
  readonly variables: Record<string, unknown>;
  readonly contextValue: RequestContext;
}

/** What holds for every operation. */
export class OperationRules {
  private readonly costLimit: QueryCostLimit;

  constructor(
    private readonly schema: GraphQLSchema,
    maxCost: number,
    private readonly logger: Logger,
  ) {
    this.costLimit = new QueryCostLimit(schema, maxCost);
  }

  /** @throws GraphQLError for an operation that its caller may not run, or that costs too much */
  admit(wanted: WantedOperation): void {
    requirePrincipal(wanted);
    this.costLimit.charge(wanted);
  }

  /**
   * By the steps in which the GraphQL server takes an operation. The rules are one plugin, since the server waits for each
   * plugin at each step.
   */
  plugin(): ApolloServerPlugin<RequestContext> {
    const { schema, costLimit, logger } = this;
    const listener: GraphQLRequestListener<RequestContext> = {
      async didResolveOperation(resolved) {
        requirePrincipal(resolved);
        const { document, operation, operationName, request, contextValue } = resolved;
        const { variables = {} } = request;
        // Variables that do not fit their types end the request a step later, with what is wrong with them.
        if (operation === undefined || !fit(schema, operation, variables)) return;
        costLimit.charge({ document, operationName, variables, contextValue });
      },
      async didEncounterErrors({ errors, contextValue }) {
        logFailures(logger, errors, contextValue.requestId);
      },
      async willSendResponse(answer) {
        setStatusForJson(answer);
      },
    };
    return { requestDidStart: async () => listener };
  }
}
