import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { credentialOf } from '../../auth/authenticate';
import type { Principal } from '../../auth/principal';
import type { TokenVerifier } from '../../auth/token-verifier';
import { unauthenticated } from '../../shared/errors';
import type { MaybePromise } from '../../shared/when-ready';
import type { RequestContext } from '../request-context';
import { EventStream, lastEvents } from './event-stream';
import type { Subscriptions } from './subscriptions';

export interface SubscriptionRouteParts {
  readonly subscriptions: Subscriptions;
  readonly tokens: Pick<TokenVerifier, 'verify'>;
  readonly heartbeatMs: number;
  readonly contextOf: (request: FastifyRequest) => MaybePromise<RequestContext>;
}

interface SubscriptionBody {
  readonly query?: string;
  readonly operationName?: string | null;
  readonly variables?: Record<string, unknown> | null;
  readonly extensions?: Record<string, unknown> | null;
}

const BODY = {
  type: 'object',
  properties: {
    query: { type: 'string' },
    operationName: { type: 'string', nullable: true },
    variables: { type: 'object', nullable: true },
    extensions: { type: 'object', nullable: true },
  },
};

/** The longest that a timer of Node takes. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** `POST /graphql/stream`: a subscription, told of by server-sent events. */
export async function registerSubscriptions(
  app: FastifyInstance,
  url: string,
  { subscriptions, tokens, heartbeatMs, contextOf }: SubscriptionRouteParts,
): Promise<void> {
  await subscriptions.start();
  app.addHook('onClose', () => subscriptions.stop());
  app.post<{ Body: SubscriptionBody }>(url, { schema: { body: BODY } }, async (request, reply) => {
    const context = await contextOf(request);
    if (context.principal === null) throw unauthenticated();
    const endsAt = await endOfToken(request, context.principal, tokens);
    const { query, operationName, variables, extensions } = request.body;
    const begun = await subscriptions.subscribe(
      {
        ...(query !== undefined && { query }),
        ...(operationName != null && { operationName }),
        ...(variables != null && { variables }),
        ...(extensions != null && { extensions }),
      },
      context,
    );
    sayEvents(reply);
    if (begun.results === null) return reply.send(lastEvents(begun.refusal));
    const stream = new EventStream(begun.results, heartbeatMs, (error) => {
      request.log.error({ err: error }, 'a subscription failed');
    });
    // Whoever went away before it was sent is not told of by the sending.
    if (request.raw.socket.destroyed) stream.destroy();
    endAt(stream, endsAt);
    return reply.send(stream);
  });
}

function sayEvents(reply: FastifyReply): void {
  void reply.headers({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store, no-transform',
    // Otherwise nginx keeps events until there are enough of them.
    'x-accel-buffering': 'no',
    // Otherwise a server that stops would wait for more requests on the connection of a stream that it has ended.
    connection: 'close',
  });
}

/** When the credential ends, in milliseconds. What is no token is not asked: only people subscribe. */
async function endOfToken(
  { headers }: FastifyRequest,
  { kind }: Principal,
  tokens: SubscriptionRouteParts['tokens'],
): Promise<number> {
  const credential = credentialOf(headers);
  if (credential === null || kind !== 'USER') return 0;
  return (await tokens.verify(credential.value)).expiresAt;
}

function endAt(stream: EventStream, endsAt: number): void {
  let timer: NodeJS.Timeout | undefined;
  const look = () => {
    const left = endsAt - Date.now();
    if (left <= 0) stream.fail(unauthenticated());
    else timer = setTimeout(look, Math.min(left, LONGEST_TIMER_MS));
  };
  look();
  stream.once('close', () => clearTimeout(timer));
}
