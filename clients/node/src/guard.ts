import type { IncomingHttpHeaders } from 'node:http';
import { isResourceId } from './check-question';
import { ScopegateRefused, ScopegateUnavailable } from './errors';
import { refuse, refusalOf, type Refusal } from './refusal';
import type { Question, ResourceRef, ValidVerification } from './verification';
import type { Verifier } from './verifier';

export interface GuardOptions<Request> {
  /** What a request touches. Without it every key that is good for anything may pass. */
  readonly resource?: (request: Request) => ResourceRef | Promise<ResourceRef>;
  /** How much of the limits of the key a request uses up; 1 by default. */
  readonly cost?: number;
  /** Whether to have the database asked, rather than be answered as it was a moment ago. */
  readonly fresh?: boolean;
  /** Told why nobody could say whether a key may. The caller gets a 503, and does not learn why. */
  readonly onError?: (error: Error, request: Request) => void;
}

/** Whether a request may go on. */
export type Passage =
  | { readonly passes: true; readonly verification: ValidVerification }
  | { readonly passes: false; readonly refusal: Refusal };

/** Decides whether a request may go on, by the key that it brings. */
export async function checkPassage<Request extends { readonly headers: IncomingHttpHeaders }>(
  verifier: Verifier,
  options: GuardOptions<Request>,
  request: Request,
): Promise<Passage> {
  const secretKey = secretKeyOf(request.headers);
  if (secretKey === null) return { passes: false, refusal: refuse(401) };
  try {
    return await decide(verifier, options, request, secretKey);
  } catch (error) {
    if (!(error instanceof ScopegateUnavailable || error instanceof ScopegateRefused)) throw error;
    options.onError?.(error, request);
    return { passes: false, refusal: refuse(503, 1) };
  }
}

async function decide<Request>(
  verifier: Verifier,
  { resource: resourceOf, cost, fresh }: GuardOptions<Request>,
  request: Request,
  secretKey: string,
): Promise<Passage> {
  const resource = await resourceOf?.(request);
  // The id mostly stands in the address, where a caller can write anything. No resource has such an id, but a caller
  // without a good key is not told even that.
  const isNowhere = resourceOf !== undefined && !isResourceId(resource?.id);
  const question: Question = isNowhere
    ? { secretKey, cost: 0 }
    : {
        secretKey,
        ...(resource !== undefined && { resource }),
        ...(cost !== undefined && { cost }),
        ...(fresh !== undefined && { fresh }),
      };
  const verification = await verifier.verify(question);
  if (!verification.valid) return { passes: false, refusal: refusalOf(verification) };
  return isNowhere ? { passes: false, refusal: refuse(403) } : { passes: true, verification };
}

/** The key that a request brings; null when it brings none, or two credentials, of which nobody knows which is meant. */
function secretKeyOf({ authorization, 'x-api-key': apiKey }: IncomingHttpHeaders): string | null {
  if (authorization !== undefined && apiKey !== undefined) return null;
  if (typeof apiKey === 'string') return apiKey === '' ? null : apiKey;
  return /^Bearer +([^\s]+) *$/i.exec(authorization ?? '')?.[1] ?? null;
}
