import type { FastifyReply, FastifyRequest, RouteGenericInterface } from 'fastify';
import { checkPassage, type GuardOptions } from './guard';
import type { ValidVerification, VerifiedApiKey } from './verification';
import type { Verifier } from './verifier';

declare module 'fastify' {
  interface FastifyRequest {
    /** The key that the request was let in with. Set by `fastifyGuard`, and by nothing that a client sends. */
    apiKey?: VerifiedApiKey;
    /** Why it was let in, and what is left of the limits of the key. */
    verification?: ValidVerification;
  }
}

/** A hook for `onRequest`, or for `preHandler` where the resource is told by the body. */
export type FastifyGuard<Route extends RouteGenericInterface> = (
  request: FastifyRequest<Route>,
  reply: FastifyReply,
) => Promise<FastifyReply | undefined>;

/** Lets in requests whose API key may touch what they are about. Errors go to the log of the request by default. */
export function fastifyGuard<Route extends RouteGenericInterface = RouteGenericInterface>(
  verifier: Verifier,
  { onError = logError, ...options }: GuardOptions<FastifyRequest<Route>> = {},
): FastifyGuard<Route> {
  return async (request, reply) => {
    delete request.apiKey;
    delete request.verification;
    const passage = await checkPassage(verifier, { ...options, onError }, request);
    if (!passage.passes) {
      const { status, headers, body } = passage.refusal;
      return reply.code(status).headers(headers).send(body);
    }
    request.apiKey = passage.verification.apiKey;
    request.verification = passage.verification;
    return undefined;
  };
}

function logError(error: Error, request: Pick<FastifyRequest, 'log'>): void {
  request.log.error({ err: error }, 'an API key could not be checked');
}
