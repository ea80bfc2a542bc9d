import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import type { Logger } from '../shared/logger';
import { errorLogPlugin, formatError } from './graphql-errors';
import { queryCostLimit } from './query-cost';
import type { RequestContext } from './request-context';
import { requirePrincipal } from './require-principal';
import { createSchema } from './schema';

export interface GraphqlSettings {
  readonly production: boolean;
  readonly introspection: boolean;
  readonly maxQueryCost: number;
}

/** Bounds what parsing and validation may cost, which come before the cost of a query is known. */
const MAX_TOKENS = 10_000;
const MAX_SELECTIONS = 10_000;

export function createGraphqlServer(settings: GraphqlSettings, logger: Logger): ApolloServer<RequestContext> {
  const schema = createSchema();
  return new ApolloServer<RequestContext>({
    schema,
    formatError,
    logger,
    introspection: settings.introspection,
    hideSchemaDetailsFromClientErrors: !settings.introspection,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    persistedQueries: false,
    parseOptions: { maxLexicalTokens: MAX_TOKENS },
    maxRecursiveSelections: MAX_SELECTIONS,
    plugins: [
      errorLogPlugin(logger),
      requirePrincipal,
      queryCostLimit(schema, settings.maxQueryCost),
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
    ],
  });
}
