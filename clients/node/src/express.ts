import type { Request, RequestHandler, Response } from 'express';
import { checkPassage, type GuardOptions } from './guard';
import type { Refusal } from './refusal';
import type { ValidVerification, VerifiedApiKey } from './verification';
import type { Verifier } from './verifier';

declare global {
  // Express keeps its request here, for others to add to.
  namespace Express {
    interface Request {
      /** The key that the request was let in with. Set by `expressGuard`, and by nothing that a client sends. */
      apiKey?: VerifiedApiKey;
      /** Why it was let in, and what is left of the limits of the key. */
      verification?: ValidVerification;
    }
  }
}

/** Lets in requests whose API key may touch what they are about. */
export function expressGuard<Params = Request['params']>(
  verifier: Verifier,
  options: GuardOptions<Request<Params>> = {},
): RequestHandler<Params> {
  return (request, response, next) => {
    delete request.apiKey;
    delete request.verification;
    checkPassage(verifier, options, request)
      .then((passage) => {
        if (!passage.passes) return send(response, passage.refusal);
        request.apiKey = passage.verification.apiKey;
        request.verification = passage.verification;
        next();
      })
      // Also when the service has answered meanwhile, so that nothing more can be sent: left unhandled, it would end the process.
      .catch(next);
  };
}

function send(response: Response, { status, headers, body }: Refusal): void {
  response.status(status).set(headers).end(body);
}
