import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Permissions } from '../auth/authorize';
import { LEVELS, type Level } from '../scopes';
import { atEndOfTurn } from '../shared/end-of-turn';
import { parseId } from '../shared/ids';
import type { MaybePromise } from '../shared/when-ready';
import { rateLimitHeaders } from './limits/rate-limit-headers';
import { toJsonText } from './verification-json';
import type { Question } from './verification';
import { MAX_COST, MAX_QUESTIONS, type Verifier } from './verifier';

/** What a service sends to ask about one key. */
interface VerifyBody {
  readonly secretKey: string;
  readonly resource?: { readonly level: Level; readonly id: string } | null;
  readonly cost?: number;
  readonly fresh?: boolean;
}

export interface VerifyRouteParts {
  readonly verifier: Verifier;
  /** What the caller may do. Nothing else of a request is made, since this is asked more often than anything. */
  readonly permissionsOf: (request: FastifyRequest) => MaybePromise<Permissions>;
}

const QUESTION = {
  type: 'object',
  required: ['secretKey'],
  additionalProperties: false,
  properties: {
    secretKey: { type: 'string' },
    resource: {
      type: 'object',
      nullable: true,
      required: ['level', 'id'],
      additionalProperties: false,
      properties: { level: { enum: LEVELS }, id: { type: 'string' } },
    },
    cost: { type: 'integer', minimum: 0, maximum: MAX_COST },
    fresh: { type: 'boolean' },
  },
};

/** One question, or many. */
const VERIFY_BODY = {
  if: { type: 'array' },
  then: { type: 'array', minItems: 1, maxItems: MAX_QUESTIONS, items: QUESTION },
  else: QUESTION,
};

/**
 * `POST /v1/verify`, for services: may whoever holds this secret key touch this resource?
 *
 * - One question `{"secretKey": "…", "resource": {"level": "ENVIRONMENT", "id": "…"}, "cost": 1, "fresh": false}`, of which
 *   only the secret key is needed, or an array of up to 100. `fresh` of any asks the database for all.
 * - 200 with an answer, or an array of them in the order of the questions. A refusal is an answer, too: see `code`.
 * - The answer to one question about a key with limits has them in the headers `RateLimit`, `RateLimit-Policy` and `Retry-After`.
 */
export function registerVerifyRoutes(
  app: FastifyInstance,
  { verifier, permissionsOf }: VerifyRouteParts,
): void {
  app.post<{ readonly Body: VerifyBody | readonly VerifyBody[] }>(
    '/v1/verify',
    { schema: { body: VERIFY_BODY, response: { 200: {} } }, serializerCompiler: () => toJsonText },
    async (request, reply) => {
      const permissions = await permissionsOf(request);
      permissions.requireService('api-keys:verify');
      const { body } = request;
      const asked = isMany(body) ? body : [body];
      const fresh = asked.some((one) => one.fresh === true);
      const answers = await verifier.verify(asked.map(toQuestion), permissions, fresh);
      if (isMany(body)) return atEndOfTurn(answers);
      const [answer] = answers;
      if (answer === undefined) throw new Error('A question was not answered.');
      void reply.headers(rateLimitHeaders(answer));
      return atEndOfTurn(answer);
    },
  );
}

function isMany(body: VerifyBody | readonly VerifyBody[]): body is readonly VerifyBody[] {
  return Array.isArray(body);
}

function toQuestion({ secretKey, resource, cost = 1 }: VerifyBody): Question {
  return {
    secretKey,
    resource: resource == null ? null : { level: resource.level, id: parseId(resource.id, 'resource.id') },
    cost,
  };
}
