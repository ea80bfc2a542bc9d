import { METHODS } from 'node:http';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Permissions } from '../../auth/authorize';
import { atEndOfTurn } from '../../shared/end-of-turn';
import { ApiError } from '../../shared/errors';
import type { MaybePromise } from '../../shared/when-ready';
import type { Verifier } from '../verifier';
import { ForwardAuth, type ProxyQuestion } from './forward-auth';
import { FORBIDDEN, WITHOUT_KEY, type ForwardAuthAnswer } from './forward-auth-answer';
import { InstructionReader } from './instructions';
import { ProxyAccess } from './proxy-access';
import { Denied, Misconfigured } from './refusals';

export interface ForwardAuthSettings {
  /** What proxies may send instead of the token of a service; null: nothing. */
  readonly secret: string | null;
  /** The one header in which proxies send the URI of the request, in lower case. */
  readonly uriHeader: string;
}

export interface ForwardAuthParts {
  readonly settings: ForwardAuthSettings;
  readonly verifier: Verifier;
  /** What the bearer of a token may do. */
  readonly permissionsOfToken: (authorization: string) => MaybePromise<Permissions>;
}

const PATH = '/v1/forward-auth';
const GRANTED = 204;

/** Envoy puts it before the URI of the request. */
const ENVOY_PREFIX = `${PATH}/uri`;
/** Envoy takes nothing else for a yes. */
const ENVOY_GRANTED = 200;
const TEMPLATE_HEADER = 'x-scopegate-template';

/**
 * For proxies, which ask about each request before they let it through: may its key touch what it is about? The key is the
 * client's own, in `Authorization` or `X-API-Key`. The proxy proves itself in `X-Scopegate-Authorization`.
 *
 * - `GET /v1/forward-auth`, for nginx, Traefik and Caddy: the query says how the resource is found.
 * - `/v1/forward-auth/uri/…`, for Envoy, which sends the method and the URI of the request itself. There the query is the
 *   client's and says nothing; `X-Scopegate-Template` does.
 *
 * Answers have no body: 204 (200 to Envoy) with identity headers, 401, 403, 429 or 503. A proxy that is not set up as it must
 * be gets 403: on a 5xx, Envoy can be told to let a request through.
 */
export function registerForwardAuthRoutes(app: FastifyInstance, parts: ForwardAuthParts): void {
  const { settings, verifier, permissionsOfToken } = parts;
  const forwardAuth = new ForwardAuth(verifier, new ProxyAccess(settings.secret, permissionsOfToken));
  const reader = new InstructionReader();
  const respond = async (
    request: FastifyRequest,
    reply: FastifyReply,
    read: () => ProxyQuestion,
    granted: number,
  ) => {
    const answer = await forwardAuth.answer(request.headers, read, granted, request.log);
    return send(reply, await atEndOfTurn(answer));
  };

  void app.register(async (routes) => {
    takeEveryRequest(routes);
    routes.setErrorHandler(answerError);
    routes.get(PATH, (request, reply) => {
      const read = () => ({
        instructions: reader.fromQuery(queryOf(request)),
        originalUri: headerOf(request, settings.uriHeader),
      });
      return respond(request, reply, read, GRANTED);
    });
    routes.all(`${ENVOY_PREFIX}/*`, (request, reply) => {
      const read = () => ({
        instructions: reader.fromHeader(headerOf(request, TEMPLATE_HEADER)),
        originalUri: uriAfterPrefix(request),
      });
      return respond(request, reply, read, ENVOY_GRANTED);
    });
  });
}

/** Whether a request is a proxy's, so that the answer must have no body whatever is wrong with it. */
export function isForwardAuth(url: string): boolean {
  return url.startsWith(PATH);
}

/** For a request that the HTTP server itself refuses, such as one whose URI is not encoded as one. */
export function refuseForwardAuth(reply: FastifyReply): FastifyReply {
  return send(reply, FORBIDDEN);
}

/**
 * Envoy sends the methods and content types of clients. Bodies are not looked at, and a proxy that tells the length of one
 * which it keeps to itself gets a new connection: on this one its next question would be taken for the body.
 */
function takeEveryRequest(routes: FastifyInstance): void {
  for (const method of METHODS) {
    if (!routes.supportedMethods.includes(method)) routes.addHttpMethod(method, { hasBody: true });
  }
  routes.removeAllContentTypeParsers();
  routes.addContentTypeParser('*', (_request, _payload, done) => done(null));
  routes.addHook('onRequest', (request, reply, done) => {
    const { 'content-length': length = '0', 'transfer-encoding': encoding } = request.headers;
    if (length !== '0' || encoding !== undefined) void reply.header('connection', 'close');
    done();
  });
}

function headerOf({ headers }: FastifyRequest, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
}

function queryOf({ url }: FastifyRequest): string {
  const start = url.indexOf('?');
  return start === -1 ? '' : url.slice(start + 1);
}

/** As it was sent: decoded and parsed it would not be what the service behind the proxy gets. */
function uriAfterPrefix({ url }: FastifyRequest): string {
  if (!url.startsWith(`${ENVOY_PREFIX}/`))
    throw new Misconfigured(`the URL does not begin with ${ENVOY_PREFIX}/`);
  return url.slice(ENVOY_PREFIX.length);
}

function answerError(error: FastifyError, { log }: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof Denied) {
    log.info({ reason: error.message }, 'a request was denied behind a proxy');
    return send(reply, FORBIDDEN);
  }
  if (error instanceof Misconfigured) {
    log.warn({ reason: error.message, err: error.cause }, 'a proxy is not set up as it must be');
    return send(reply, FORBIDDEN);
  }
  if (error instanceof ApiError && error.code === 'UNAUTHENTICATED') return send(reply, WITHOUT_KEY);
  if (error instanceof ApiError && error.code === 'SERVICE_UNAVAILABLE') {
    log.warn({ err: error.cause }, error.code);
    return send(reply, { status: 503, headers: {} });
  }
  log.error({ err: error }, 'a request failed');
  return send(reply, { status: 500, headers: {} });
}

function send(reply: FastifyReply, { status, headers }: ForwardAuthAnswer): FastifyReply {
  return reply.code(status).headers(headers).send();
}
