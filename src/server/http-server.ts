import { randomUUID } from 'node:crypto';
import fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type onRequestAsyncHookHandler,
  type onRequestHookHandler,
  type preHandlerHookHandler,
} from 'fastify';
import { registerApiKeyRoutes } from '../api-keys/rest/api-key-routes';
import { registerApiKeyWriteRoutes } from '../api-keys/rest/api-key-write-routes';
import { registerLeakedKeyRoutes } from '../api-keys/leaks/leaked-key-routes';
import type { Authenticator } from '../auth/authenticate';
import type { TokenVerifier } from '../auth/token-verifier';
import { registerGraphiql, showGraphiqlToBrowsers, type GraphiqlParts } from '../graphiql/graphiql-routes';
import { ApiError } from '../shared/errors';
import type { Logger } from '../shared/logger';
import { unlessFails, type MaybePromise } from '../shared/when-ready';
import {
  isForwardAuth,
  refuseForwardAuth,
  registerForwardAuthRoutes,
  type ForwardAuthSettings,
} from '../verification/forward-auth/forward-auth-routes';
import { registerVerifyRoutes } from '../verification/verify-routes';
import { closeConnectionsWhenStopping } from './closing-connections';
import type { DocumentRules } from './documents/document-ids';
import { requestError, sendGraphqlError } from './graphql-errors';
import { routerAccess, type RouterSettings } from './federation/router-access';
import type { SubgraphOptions } from './federation/scopegate-federation';
import { graphqlHandler } from './graphql-handler';
import {
  createGraphqlServer,
  createSubgraphServer,
  type GraphqlServer,
  type GraphqlSettings,
} from './graphql-server';
import { chargeLists } from './list-allowance';
import { registerHealthRoutes } from './health-routes';
import { publicError, sendProblem } from './problem';
import {
  createRequestContext,
  permissionsOf,
  systemChange,
  type ContextParts,
  type RequestContext,
} from './request-context';
import { createSchema } from './schema';
import { RequestLogger } from './request-logger';
import { registerSubscriptions } from './subscriptions/subscription-routes';
import { Subscriptions } from './subscriptions/subscriptions';

export interface HttpSettings extends GraphqlSettings {
  /** Proxies whose word on the address of a client is believed. */
  readonly trustedProxies: readonly string[];
  readonly bodyLimitBytes: number;
  readonly leakReportsPerMinute: number;
  readonly forwardAuth: ForwardAuthSettings;
  readonly router: RouterSettings;
  readonly subgraph: SubgraphOptions;
  readonly subscriptions: {
    /** The time between two signs of life of one that has nothing to tell. */
    readonly heartbeatMs: number;
  };
}

export interface HttpServerParts extends ContextParts {
  readonly authenticator: Authenticator;
  readonly settings: HttpSettings;
  readonly tokens: TokenVerifier;
  readonly logger: Logger;
  readonly documents: DocumentRules;
  /** Null: GraphiQL is not served. */
  readonly graphiql: GraphiqlParts | null;
}

const GRAPHQL_PATH = '/graphql';
const SUBSCRIPTION_PATH = '/graphql/stream';
const SUBGRAPH_PATH = '/subgraph';

/** The whole program behind HTTP, not listening yet. Closing it stops taking requests and finishes those that run. */
export async function createHttpServer(parts: HttpServerParts): Promise<FastifyInstance> {
  const { settings, logger, database } = parts;
  const loggerInstance: FastifyBaseLogger = logger;
  const app: FastifyInstance = fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    trustProxy: [...settings.trustedProxies],
    bodyLimit: settings.bodyLimitBytes,
    genReqId: ({ headers }) => requestId(headers['x-request-id']),
    // A body is taken as it was sent, or not at all.
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: false } },
    frameworkErrors: (error, request, reply) =>
      void (isForwardAuth(request.url) ? refuseForwardAuth(reply) : sendProblem(reply, publicError(error))),
  });
  let stopping = false;
  app.addHook('preClose', (done) => {
    stopping = true;
    parts.apiKeyFollowers.stop();
    done();
  });
  closeConnectionsWhenStopping(app);
  addCommonHeaders(app);
  logRequests(app, logger);
  answerErrors(app);

  const contextOf = (request: FastifyRequest) => createRequestContext(parts, request);
  registerHealthRoutes(app, { database, isStopping: () => stopping });
  registerApiKeyRoutes(app, contextOf);
  registerApiKeyWriteRoutes(app, contextOf);
  registerLeakedKeyRoutes(app, {
    secretKeys: parts.secretKeys,
    reportsPerMinute: settings.leakReportsPerMinute,
    systemChange: (request) => systemChange(parts, request),
  });
  if (parts.graphiql !== null) await registerGraphiql(app, parts.graphiql);
  registerVerifyRoutes(app, {
    verifier: parts.verifier,
    permissionsOf: (request) => permissionsOf(parts, request),
  });
  registerForwardAuthRoutes(app, {
    settings: settings.forwardAuth,
    verifier: parts.verifier,
    permissionsOfToken: (authorization) => permissionsOf(parts, { headers: { authorization } }),
  });
  await registerGateway(app, parts);
  await registerSubgraph(app, parts);
  return app;
}

/** Queries and mutations at one address, subscriptions at another. */
async function registerGateway(app: FastifyInstance, parts: HttpServerParts): Promise<void> {
  const { settings, logger } = parts;
  const contextOf = (request: FastifyRequest) => createRequestContext(parts, request);
  const schema = chargeLists(createSchema());
  await registerGraphql(app, createGraphqlServer(schema, settings, parts.documents, logger), {
    url: GRAPHQL_PATH,
    contextOf,
    onRequest: [refuseMalformedHost(), ...(parts.graphiql === null ? [] : [showGraphiqlToBrowsers])],
    batchLimit: settings.batchLimit,
  });
  await registerSubscriptions(app, SUBSCRIPTION_PATH, {
    subscriptions: new Subscriptions({ ...parts, schema }),
    tokens: parts.tokens,
    heartbeatMs: settings.subscriptions.heartbeatMs,
    contextOf,
  });
}

async function registerSubgraph(app: FastifyInstance, parts: HttpServerParts): Promise<void> {
  const { settings, logger } = parts;
  const { open, admit, authenticator } = routerAccess(parts);
  const server = createSubgraphServer({ ...settings, trusted: !open }, logger);
  const contextOf = (request: FastifyRequest) => createRequestContext({ ...parts, authenticator }, request);
  await registerGraphql(app, server, {
    url: SUBGRAPH_PATH,
    contextOf,
    onRequest: [admit, refuseMalformedHost()],
    batchLimit: 0,
  });
}

interface GraphqlRoute {
  readonly url: string;
  readonly contextOf: (request: FastifyRequest) => MaybePromise<RequestContext>;
  readonly onRequest: readonly (onRequestHookHandler | onRequestAsyncHookHandler)[];
  readonly batchLimit: number;
}

async function registerGraphql(
  app: FastifyInstance,
  server: GraphqlServer,
  { url, contextOf, onRequest, batchLimit }: GraphqlRoute,
): Promise<void> {
  const { apollo } = server;
  await apollo.start();
  const handler = graphqlHandler(server, (request) => {
    const refuse = (error: unknown): never => {
      logFailure(request, error);
      throw requestError(error, request.id);
    };
    return unlessFails(() => contextOf(request), refuse);
  });
  const preHandler = refuseLongBatches(batchLimit);
  app.route({ method: ['GET', 'POST'], url, onRequest: [...onRequest], preHandler, handler });
  app.addHook('onClose', () => apollo.stop());
}

/** Where there are no batches, GraphQL itself says so. */
function refuseLongBatches(limit: number): preHandlerHookHandler {
  return ({ body }, _reply, done) => {
    const operations = Array.isArray(body) ? body.length : 1;
    if (limit === 0 || operations <= limit) done();
    else done(new ApiError('BAD_USER_INPUT', `A batch of ${operations} operations: ${limit} is the most.`));
  };
}

/** Nothing here depends on the host; but a server must refuse one that is none (RFC 9112, section 3.2). */
function refuseMalformedHost(): onRequestHookHandler {
  // Nearly all requests name the same.
  let lastGood: string | null = null;
  return ({ hostname }, _reply, done) => {
    if (hostname !== lastGood && !URL.canParse(`http://${hostname}/`)) {
      done(new ApiError('BAD_USER_INPUT', 'Host: expected the name or the address of this server.'));
      return;
    }
    lastGood = hostname;
    done();
  };
}

/** An id that a proxy gave the request is kept, so that its logs and ours can be put together. */
function requestId(given: string | string[] | undefined): string {
  return typeof given === 'string' && /^[\w.:-]{1,128}$/.test(given) ? given : randomUUID();
}

function addCommonHeaders(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    void reply.headers({
      'x-request-id': request.id,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    done();
  });
}

/** One line a request. It names the route rather than the address, anywhere in which a credential can stand. */
function logRequests(app: FastifyInstance, logger: Logger): void {
  app.setChildLoggerFactory((parent, bindings, options) => new RequestLogger(parent, bindings, options));
  // To look for secrets in what is written here in full would take longer than all the rest of the line.
  const lines = logger.child({}, { redact: [] });
  app.addHook('onResponse', (request, reply, done) => {
    lines.info(
      {
        requestId: request.id,
        method: request.method,
        route: request.routeOptions.url ?? null,
        status: reply.statusCode,
        milliseconds: Math.round(reply.elapsedTime),
      },
      'request',
    );
    done();
  });
}

function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    logFailure(request, error);
    const told = publicError(error);
    return [GRAPHQL_PATH, SUBSCRIPTION_PATH, SUBGRAPH_PATH].includes(request.routeOptions.url ?? '')
      ? sendGraphqlError(reply, told)
      : sendProblem(reply, told);
  });
  // Before a body is read, which could be answered otherwise.
  app.addHook('onRequest', (request, reply, done) => {
    if (request.is404) void sendNotFound(reply);
    else done();
  });
  app.setNotFoundHandler((_request, reply) => sendNotFound(reply));
}

function sendNotFound(reply: FastifyReply): FastifyReply {
  return sendProblem(
    reply,
    new ApiError('NOT_FOUND', 'There is nothing at this address, or not for this method.'),
  );
}

/** Logs what a caller is not told. An error of the caller's own making is none of ours. */
function logFailure(request: FastifyRequest, error: unknown): void {
  const told = error instanceof Error ? publicError(error) : null;
  if (told === null) request.log.error({ err: error }, 'a request failed');
  else if (told.cause !== undefined) request.log.warn({ err: told.cause }, told.code);
}
