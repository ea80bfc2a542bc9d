import { Readable } from 'node:stream';
import { HeaderMap, type ApolloServer } from '@apollo/server';
import type { FastifyRequest, RouteHandlerMethod } from 'fastify';
import { atEndOfTurn } from '../shared/end-of-turn';
import type { RequestContext } from './request-context';

/** Hands requests that Fastify has taken to Apollo Server, and its answers back. */
export function graphqlHandler(
  graphql: ApolloServer<RequestContext>,
  contextOf: (request: FastifyRequest) => Promise<RequestContext>,
): RouteHandlerMethod {
  return async (request, reply) => {
    const executed = await graphql.executeHTTPGraphQLRequest({
      httpGraphQLRequest: {
        method: request.method,
        headers: headersOf(request),
        search: searchOf(request.url),
        body: request.body,
      },
      context: () => contextOf(request),
    });
    const { headers, body, status } = await atEndOfTurn(executed);
    for (const [name, value] of headers) void reply.header(name, value);
    void reply.code(status ?? 200);
    return body.kind === 'complete' ? body.string : reply.send(Readable.from(body.asyncIterator));
  };
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
