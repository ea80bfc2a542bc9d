import { Readable } from 'node:stream';
import { HeaderMap, type ApolloServer } from '@apollo/server';
import type { FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify';
import { atEndOfTurn } from '../shared/end-of-turn';
import type { MaybePromise } from '../shared/when-ready';
import type { GraphqlServer } from './graphql-server';
import type { RequestContext } from './request-context';

/** Answers requests for operations that are known, and hands all others to Apollo Server. */
export function graphqlHandler(
  { apollo, known }: GraphqlServer,
  contextOf: (request: FastifyRequest) => MaybePromise<RequestContext>,
): RouteHandlerMethod {
  return async (request, reply) => {
    const asked = known.find(request);
    if (asked === null) return execute(apollo, request, reply, () => contextOf(request));
    let context: RequestContext;
    try {
      context = await contextOf(request);
    } catch (refusal) {
      // Who is refused is told so by the server, as any other caller.
      return execute(apollo, request, reply, () => {
        throw refusal;
      });
    }
    const text = await known.answer(asked, context);
    if (text === null) return execute(apollo, request, reply, () => contextOf(request));
    void reply.type(JSON_ANSWER);
    return atEndOfTurn(toBody(text));
  };
}

/**
 * From how many characters on an answer is sent as bytes. As a text it would be copied thrice: to count its bytes, to stand
 * behind the headers, and to be sent.
 */
const LONG_TEXT = 16_384;

function toBody(text: string): string | Buffer {
  return text.length < LONG_TEXT ? text : Buffer.from(text);
}

const JSON_ANSWER = 'application/json; charset=utf-8';

/** Hands a request that Fastify has taken to Apollo Server, and its answer back. */
async function execute(
  apollo: ApolloServer<RequestContext>,
  request: FastifyRequest,
  reply: FastifyReply,
  contextOfCaller: () => MaybePromise<RequestContext>,
): Promise<string | Buffer | FastifyReply> {
  const executed = await apollo.executeHTTPGraphQLRequest({
    httpGraphQLRequest: {
      method: request.method,
      headers: headersOf(request),
      search: searchOf(request.url),
      body: request.body,
    },
    context: async () => contextOfCaller(),
  });
  const { headers, body, status } = await atEndOfTurn(executed);
  for (const [name, value] of headers) void reply.header(name, value);
  void reply.code(status ?? 200);
  return body.kind === 'complete' ? toBody(body.string) : reply.send(Readable.from(body.asyncIterator));
}

function headersOf({ headers }: FastifyRequest): HeaderMap {
  const map = new HeaderMap();
  for (const name in headers) {
    const value = headers[name];
    if (value) map.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return map;
}

/** From the question mark on: the rest of the address, which may name any host, is nobody's business here. */
function searchOf(url: string): string {
  const start = url.indexOf('?');
  return start === -1 ? '' : url.slice(start);
}
