import { ApolloServer, type ApolloServerOptionsWithSchema, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import { ApolloServerPluginInlineTrace } from '@apollo/server/plugin/inlineTrace';
import type { GraphQLSchema } from 'graphql';
import type { Logger } from '../shared/logger';
import { documentIds, type DocumentRules } from './documents/document-ids';
import { compiledExecution } from './compiled-execution';
import { errorLogPlugin, formatError } from './graphql-errors';
import type { SubgraphOptions } from './federation/scopegate-federation';
import { knownOperations } from './known-operations';
import { chargeLists } from './list-allowance';
import { queryCostLimit } from './query-cost';
import type { RequestContext } from './request-context';
import { requirePrincipal } from './require-principal';
import { createSchema, createSubgraph } from './schema';
import { statusForJson } from './status-for-json';

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

/**
 * With one of these, a browser has asked whether a foreign page may send the request. So a plain GET by a client that
 * names its caller, as those of urql are, needs no header of Apollo's. The one thing that browsers add to requests of
 * foreign pages by themselves, a password that they keep, goes into `Authorization` too, and is no credential here.
 */
const NEVER_SENT_UNASKED = [
  'x-apollo-operation-name',
  'apollo-require-preflight',
  'authorization',
  'x-api-key',
];

export function createGraphqlServer(
  settings: GraphqlSettings,
  documents: DocumentRules,
  logger: Logger,
): ApolloServer<RequestContext> {
  return new ApolloServer({
    ...optionsOf(createSchema(), settings, logger, [documentIds(documents)]),
    // Queries are kept in a cache of bounded size, and only after they were found good, of a caller who may ask.
    persistedQueries: documents.trustedOnly ? false : {},
  });
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
  return new ApolloServer({
    ...optionsOf(createSubgraph(settings.subgraph).schema, settings, logger, [traces]),
    persistedQueries: false,
  });
}

function optionsOf(
  schema: GraphQLSchema,
  settings: GraphqlSettings,
  logger: Logger,
  plugins: readonly ApolloServerPlugin<RequestContext>[],
): ApolloServerOptionsWithSchema<RequestContext> {
  chargeLists(schema);
  return {
    schema,
    formatError,
    logger,
    introspection: settings.introspection,
    hideSchemaDetailsFromClientErrors: !settings.introspection,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    csrfPrevention: { requestHeaders: NEVER_SENT_UNASKED },
    parseOptions: { maxLexicalTokens: MAX_TOKENS },
    maxRecursiveSelections: MAX_SELECTIONS,
    validationRules: [knownOperations],
    plugins: [
      ...plugins,
      errorLogPlugin(logger),
      statusForJson,
      requirePrincipal,
      queryCostLimit(schema, settings.maxQueryCost),
      compiledExecution(schema, logger),
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
    ],
  };
}
