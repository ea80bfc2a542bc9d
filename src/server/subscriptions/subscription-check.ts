import { ApolloServer, HeaderMap, type ApolloServerPlugin } from '@apollo/server';
import { OperationTypeNode, type DocumentNode, type GraphQLSchema } from 'graphql';
import type { Logger } from '../../shared/logger';
import { documentIds, type DocumentRules } from '../documents/document-ids';
import { optionsOf, type GraphqlSettings } from '../graphql-server';
import { onlyOperations } from '../only-operations';
import { OperationRules } from '../operation-rules';
import type { RequestContext } from '../request-context';

/** An operation that was found good, and may be run. */
export interface ApprovedOperation {
  readonly document: DocumentNode;
  readonly operationName: string | null;
  readonly variableValues: Readonly<Record<string, unknown>>;
}

export interface Approval {
  operation: ApprovedOperation | null;
}

export interface SubscriptionContext extends RequestContext {
  readonly approval: Approval;
}

/**
 * Checks subscriptions, by all the rules that hold for queries, and runs none of them: what was found good stands in the
 * approval of the context then.
 */
export function createSubscriptionCheck(
  schema: GraphQLSchema,
  settings: GraphqlSettings,
  documents: DocumentRules,
  logger: Logger,
): ApolloServer<SubscriptionContext> {
  const rules = new OperationRules(schema, settings.maxQueryCost, logger);
  const options = optionsOf(schema, settings, logger, [documentIds(documents), rules.plugin()]);
  return new ApolloServer<SubscriptionContext>({
    ...options,
    plugins: [...(options.plugins ?? []), approve],
    validationRules: [onlyOperations([OperationTypeNode.SUBSCRIPTION])],
    persistedQueries: false,
  });
}

/** Comes after all that refuses. */
const approve: ApolloServerPlugin<SubscriptionContext> = {
  async requestDidStart() {
    return {
      async responseForOperation({ contextValue, document, operationName, request }) {
        const { variables = {} } = request;
        contextValue.approval.operation = { document, operationName, variableValues: variables };
        return { http: { headers: new HeaderMap() }, body: { kind: 'single', singleResult: {} } };
      },
    };
  },
};
