import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ApiError } from '../../shared/errors';
import { parseId } from '../../shared/ids';
import type { MaybePromise } from '../../shared/when-ready';
import {
  CREATE_API_KEY_BODY,
  UPDATE_API_KEY_BODY,
  type CreateApiKeyBody,
  type UpdateApiKeyBody,
} from './api-key-bodies';
import type { ApiKeyMutationContext } from '../changing/api-key-mutations';
import { toRecord, type ApiKeyRecord } from './api-key-record';
import { etagOf } from './api-key-routes';
import { createApiKey, type CreateApiKey } from '../changing/create-api-key';
import { revokeApiKey } from '../changing/revoke-api-keys';
import { toGrants } from '../changing/scope-input';
import { updateApiKey } from '../changing/update-api-key';

type ContextOf = (request: FastifyRequest) => MaybePromise<ApiKeyMutationContext>;

interface OneKey {
  readonly Params: { readonly id: string };
}

/** Makes, changes and ends keys, through the same use cases as the mutations. */
export function registerApiKeyWriteRoutes(app: FastifyInstance, contextOf: ContextOf): void {
  registerCreate(app, contextOf);

  app.patch<OneKey & { readonly Body: UpdateApiKeyBody }>(
    '/v1/api-keys/:id',
    { schema: { body: UPDATE_API_KEY_BODY } },
    async ({ params, headers, body }, reply): Promise<ApiKeyRecord> => {
      const { change, apiKeys } = await contextOf(reply.request);
      const update = { id: parseId(params.id, 'id'), version: versionOf(headers['if-match']), ...body };
      const { apiKey } = await change((open) => updateApiKey(open, update));
      void reply.header('etag', etagOf(apiKey));
      return toRecord(apiKey, await apiKeys.scopeOf(apiKey));
    },
  );

  app.delete<OneKey>('/v1/api-keys/:id', async (request, reply) => {
    const { change } = await contextOf(request);
    const id = parseId(request.params.id, 'id');
    await change((open) => revokeApiKey(open, { id }, null));
    return reply.code(204).send();
  });
}

function registerCreate(app: FastifyInstance, contextOf: ContextOf): void {
  app.post<{ readonly Body: CreateApiKeyBody }>(
    '/v1/api-keys',
    { schema: { body: CREATE_API_KEY_BODY } },
    async (request, reply): Promise<{ secretKey: string | null }> => {
      const { change, secretKeys } = await contextOf(request);
      const newKey = toNewKey(request.body, request.headers['idempotency-key']);
      const { apiKey, secretKey } = await change((open) => createApiKey(open, secretKeys, newKey));
      void reply.headers({ location: `/v1/api-keys/${apiKey.id}`, etag: etagOf(apiKey) });
      if (secretKey === null) void reply.header('idempotent-replayed', 'true');
      void reply.code(secretKey === null ? 200 : 201);
      return { secretKey };
    },
  );
}

function toNewKey(body: CreateApiKeyBody, idempotencyKey: string | string[] | undefined): CreateApiKey {
  const { scope, description = '', organizationId, expiresAt, metadata, ...rest } = body;
  return {
    ...rest,
    description,
    grants: toGrants(scope),
    organizationId: organizationId == null ? null : parseId(organizationId, 'organizationId'),
    expiresAt: expiresAt == null ? null : new Date(expiresAt),
    metadata: metadata ?? null,
    idempotencyKey: idempotencyKey === undefined ? null : String(idempotencyKey),
  };
}

/** The version that an `If-Match` header asks for; null: whatever it is. */
function versionOf(ifMatch: string | undefined): number | null {
  if (ifMatch === undefined || ifMatch === '*') return null;
  const version = /^"(\d{1,9})"$/.exec(ifMatch)?.[1];
  if (version !== undefined) return Number(version);
  throw new ApiError('BAD_USER_INPUT', 'If-Match takes one ETag that a key was answered with, or *.', {
    argument: 'If-Match',
  });
}
