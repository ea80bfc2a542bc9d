import { ApolloServer, type ApolloServerOptionsWithSchema, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import { ApolloServerPluginInlineTrace } from '@apollo/server/plugin/inlineTrace';
import { OperationTypeNode, type GraphQLSchema } from 'graphql';
import type { Logger } from '../shared/logger';
import { documentIds, type DocumentRules } from './documents/document-ids';
import { compiledExecution } from './compiled-execution';
import { CompiledOperations } from './compiled-operations';
import { formatError } from './graphql-errors';
import type { SubgraphOptions } from './federation/scopegate-federation';
import { onlyOperations } from './only-operations';
import { chargeLists } from './list-allowance';
import { KnownOperations } from './known-operations';
import { OperationRules } from './operation-rules';
import type { RequestContext } from './request-context';
import { createSubgraph } from './schema';

export interface GraphqlSettings {
  readonly production: boolean;
  readonly introspection: boolean;
  readonly maxQueryCost: number;
  /** How many operations may come in one request; 0: each comes by itself. */
  readonly batchLimit: number;
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

const QUERIES_AND_MUTATIONS = onlyOperations([OperationTypeNode.QUERY, OperationTypeNode.MUTATION]);

/** Executes operations: those that are known, and all others. */
export interface GraphqlServer {
  readonly apollo: ApolloServer<RequestContext>;
  readonly known: KnownOperations;
}

export function createGraphqlServer(
  schema: GraphQLSchema,
  settings: GraphqlSettings,
  documents: DocumentRules,
  logger: Logger,
): GraphqlServer {
  return serverOf(schema, settings, logger, {
    plugins: [documentIds(documents)],
    // How many is bounded before they come here. They share a context, and what the query may cost.
    allowBatchedHttpRequests: settings.batchLimit > 0,
    // Queries are kept in a cache of bounded size, and only after they were found good, of a caller who may ask.
    persistedQueries: documents.trustedOnly ? false : {},
  });
}

export interface SubgraphServerSettings extends GraphqlSettings {
  readonly subgraph: SubgraphOptions;
  /** Whether all who ask are routers of ours, to whom traces may be told: how long each field took, and what failed. */
  readonly trusted: boolean;
}

export function createSubgraphServer(settings: SubgraphServerSettings, logger: Logger): GraphqlServer {
  const traces = settings.trusted ? ApolloServerPluginInlineTrace() : ApolloServerPluginInlineTraceDisabled();
  const schema = chargeLists(createSubgraph(settings.subgraph).schema);
  return serverOf(schema, settings, logger, { plugins: [traces], persistedQueries: false });
}

function serverOf(
  schema: GraphQLSchema,
  settings: GraphqlSettings,
  logger: Logger,
  { plugins = [], ...options }: Partial<ApolloServerOptionsWithSchema<RequestContext>>,
): GraphqlServer {
  const rules = new OperationRules(schema, settings.maxQueryCost, logger);
  const operations = new CompiledOperations(schema, logger);
  const apollo = new ApolloServer({
    ...optionsOf(schema, settings, logger, [...plugins, compiledExecution(operations), rules.plugin()]),
    ...options,
    validationRules: [QUERIES_AND_MUTATIONS],
  });
  return { apollo, known: new KnownOperations(operations, rules) };
}

/** How operations are read, and refused, wherever they are asked for. */
export function optionsOf(
  schema: GraphQLSchema,
  settings: GraphqlSettings,
  logger: Logger,
  plugins: readonly ApolloServerPlugin<RequestContext>[],
): ApolloServerOptionsWithSchema<RequestContext> {
  return {
    schema,
    formatError,
    logger,
    introspection: settings.introspection,
    hideSchemaDetailsFromClientErrors: !settings.introspection,
    includeStacktraceInErrorResponses: false,
    // As it is: the server's own would copy each answer once more, to add a line break.
    stringifyResult: JSON.stringify,
    stopOnTerminationSignals: false,
    csrfPrevention: { requestHeaders: NEVER_SENT_UNASKED },
    parseOptions: { maxLexicalTokens: MAX_TOKENS },
    maxRecursiveSelections: MAX_SELECTIONS,
    plugins: [...plugins, ApolloServerPluginCacheControlDisabled(), ApolloServerPluginLandingPageDisabled()],
  };
}
