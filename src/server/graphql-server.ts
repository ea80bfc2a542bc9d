import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import { ApolloServerPluginInlineTrace } from '@apollo/server/plugin/inlineTrace';
import type { GraphQLSchema } from 'graphql';
import type { Logger } from '../shared/logger';
import { errorLogPlugin, formatError } from './graphql-errors';
import type { SubgraphOptions } from './federation/scopegate-federation';
import { knownOperations } from './known-operations';
import { chargeLists } from './list-allowance';
import { queryCostLimit } from './query-cost';
import type { RequestContext } from './request-context';
import { requirePrincipal } from './require-principal';
import { createSchema, createSubgraph } from './schema';

export interface GraphqlSettings {
  readonly production: boolean;
  readonly introspection: boolean;
  readonly maxQueryCost: number;
}

/**
 * Bounds what parsing and validation may cost, which come before the cost of a query is known, and how deep a query can
 * be nested: validation would run out of stack on one of 10,000 tokens.
 */
const MAX_TOKENS = 4000;
const MAX_SELECTIONS = 10_000;

export function createGraphqlServer(settings: GraphqlSettings, logger: Logger): ApolloServer<RequestContext> {
  return serverOf(createSchema(), settings, logger, []);
}

export interface SubgraphServerSettings extends GraphqlSettings {
  readonly subgraph: SubgraphOptions;
  /** Whether all who ask are routers of ours, to whom traces may be told: how long each field took, and what failed. */
  readonly trusted: boolean;
}

export function createSubgraphServer(
  settings: SubgraphServerSettings,
  logger: Logger,
): ApolloServer<RequestContext> {
  const traces = settings.trusted ? ApolloServerPluginInlineTrace() : ApolloServerPluginInlineTraceDisabled();
  return serverOf(createSubgraph(settings.subgraph).schema, settings, logger, [traces]);
}

function serverOf(
  schema: GraphQLSchema,
  settings: GraphqlSettings,
  logger: Logger,
  plugins: readonly ApolloServerPlugin<RequestContext>[],
): ApolloServer<RequestContext> {
  chargeLists(schema);
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
    validationRules: [knownOperations],
    plugins: [
      errorLogPlugin(logger),
      requirePrincipal,
      queryCostLimit(schema, settings.maxQueryCost),
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ...plugins,
    ],
  });
}
