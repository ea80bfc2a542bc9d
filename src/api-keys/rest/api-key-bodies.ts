import type { ScopeInput } from '../changing/scope-input';
import type { SaidOfLimits } from '../limits/check-limits';

/** What a client sends to make a key. */
export interface CreateApiKeyBody extends SaidOfLimits {
  readonly name: string;
  readonly scope: ScopeInput;
  readonly description?: string;
  readonly organizationId?: string | null;
  readonly expiresAt?: string | null;
  readonly metadata?: object | null;
}

/** What a client sends to change what is said of a key. */
export interface UpdateApiKeyBody extends SaidOfLimits {
  readonly name?: string;
  readonly description?: string;
}

const LIMITS = {
  rateLimits: {
    type: 'array',
    nullable: true,
    items: {
      type: 'object',
      required: ['limit', 'windowSeconds'],
      additionalProperties: false,
      properties: { limit: { type: 'integer' }, windowSeconds: { type: 'integer' } },
    },
  },
  quota: {
    type: 'object',
    nullable: true,
    required: ['limit', 'refill'],
    additionalProperties: false,
    properties: { limit: { type: 'integer' }, refill: { enum: ['DAILY', 'MONTHLY'] } },
  },
};

const ids = { type: 'array', nullable: true, items: { type: 'string' } };

/**
 * `POST /v1/api-keys`
 *
 * Header `Idempotency-Key`, optional: 1 to 128 printable ASCII characters. Within a day, the same value from the same user
 * makes no second key.
 *
 * - 201 `{"secretKey": "…"}`: the key is made, and this is the only time that its secret is shown. `Location` leads to it.
 * - 200 `{"secretKey": null}` with `Idempotent-Replayed: true`: the request was made before, and `Location` leads to the key
 *   that it made. The secret is not stored, so that it cannot be answered again: rotate the key, or delete it.
 */
export const CREATE_API_KEY_BODY = {
  type: 'object',
  required: ['name', 'scope'],
  additionalProperties: false,
  properties: {
    name: { type: 'string' },
    description: { type: 'string' },
    scope: {
      type: 'object',
      additionalProperties: false,
      properties: {
        organizationId: { type: 'string', nullable: true },
        accountIds: ids,
        widgetIds: ids,
        environmentIds: ids,
      },
    },
    organizationId: { type: 'string', nullable: true },
    expiresAt: { type: 'string', format: 'date-time', nullable: true },
    metadata: { type: 'object', nullable: true },
    ...LIMITS,
  },
};

/**
 * `PATCH /v1/api-keys/{id}`
 *
 * Header `If-Match`, optional: the `ETag` that the key was answered with. 200 with the changed key, 412 if it has been
 * changed since.
 */
export const UPDATE_API_KEY_BODY = {
  type: 'object',
  minProperties: 1,
  additionalProperties: false,
  properties: {
    name: { type: 'string' },
    description: { type: 'string' },
    ...LIMITS,
  },
};
