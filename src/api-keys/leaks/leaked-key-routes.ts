import type { FastifyInstance, FastifyRequest } from 'fastify';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { MakeChange } from '../../audit/change';
import { ApiError } from '../../shared/errors';
import { MAX_LEAKED, revokeLeakedKeys } from './revoke-leaked-keys';
import type { SecretKeys } from '../secrets/secret-key';

export interface LeakedKeyParts {
  readonly secretKeys: SecretKeys;
  /** How many reports an address may send in a minute, to each process. */
  readonly reportsPerMinute: number;
  /** Makes a change that needs nobody's rights, on behalf of no caller. */
  readonly systemChange: (request: FastifyRequest) => MakeChange;
}

type LeakReport = { readonly keys: string[] } | { readonly token: string }[];

const SECRETS = { minItems: 1, maxItems: MAX_LEAKED };

/**
 * Our own form, or the one in which the secret scanning of GitHub reports: `[{ "token": …, "type": …, "url": … }]`. A name
 * that is not known is let pass, since an error would echo it, and it could be a secret in the wrong place.
 */
const LEAK_REPORT_BODY = {
  if: { type: 'array' },
  then: {
    type: 'array',
    ...SECRETS,
    items: { type: 'object', required: ['token'], properties: { token: { type: 'string' } } },
  },
  else: {
    type: 'object',
    required: ['keys'],
    properties: { keys: { type: 'array', ...SECRETS, items: { type: 'string' } } },
  },
};

/** Whether any of them is known here is not told, so that nobody can find keys by asking. */
const ANSWER = { status: 'accepted' };

/**
 * `POST /v1/leaked-keys`: ends the keys whose secrets have been found where they should not be. Whoever holds a secret could
 * do worse with it, so that no credential is needed; the answer is the same whether or not there is such a key.
 */
export function registerLeakedKeyRoutes(app: FastifyInstance, parts: LeakedKeyParts): void {
  const limiter = new RateLimiterMemory({ points: parts.reportsPerMinute, duration: 60 });
  app.post<{ readonly Body: LeakReport }>(
    '/v1/leaked-keys',
    {
      schema: { body: LEAK_REPORT_BODY },
      onRequest: (request) => limit(limiter, request.ip),
    },
    async (request, reply) => {
      const { body } = request;
      const reported = Array.isArray(body) ? body.map(({ token }) => token) : body.keys;
      const change = parts.systemChange(request);
      await change((open) => revokeLeakedKeys(open, parts.secretKeys, reported));
      return reply.code(202).send(ANSWER);
    },
  );
}

/** @throws ApiError RATE_LIMITED for an address that has sent too many reports */
async function limit(limiter: RateLimiterMemory, address: string): Promise<void> {
  try {
    await limiter.consume(address);
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error;
    const retryAfter = Math.ceil(error.msBeforeNext / 1000);
    const message = `Too many reports from this address; try again in ${retryAfter} seconds.`;
    throw new ApiError('RATE_LIMITED', message, { retryAfter });
  }
}
