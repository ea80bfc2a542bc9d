import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { MakeChange } from '../../audit/change';
import { parseId } from '../../shared/ids';
import { answer } from '../../shared/payload';
import {
  CreateApiKeyInput,
  RevokeApiKeyInput,
  RevokeApiKeysInput,
  RotateApiKeyInput,
  SwitchApiKeyInput,
  UpdateApiKeyInput,
} from './api-key-inputs';
import {
  ApiKeyPayload,
  CreateApiKeyPayload,
  RevokeApiKeysPayload,
  RotateApiKeyPayload,
  UpdateApiKeyPayload,
} from './api-key-payloads';
import type { ApiKeyContext } from '../api-key-resolver';
import { createApiKey } from './create-api-key';
import { revokeApiKey, revokeApiKeys } from './revoke-api-keys';
import { endApiKeyRotation, rotateApiKey } from './rotate-api-key';
import { toGrants } from './scope-input';
import type { SecretKeys } from '../secrets/secret-key';
import { disableApiKey, enableApiKey, type KeyRef } from './switch-api-key';
import { updateApiKey } from './update-api-key';

/** What the mutations of API keys need of a request. */
export interface ApiKeyMutationContext extends ApiKeyContext {
  readonly change: MakeChange;
  readonly secretKeys: SecretKeys;
}

@Resolver()
export class ApiKeyMutations {
  @Mutation(() => CreateApiKeyPayload, { description: 'Makes a key, and shows its secret this once.' })
  async createApiKey(
    @Arg('input', () => CreateApiKeyInput, { description: 'What the key shall be.' })
    input: CreateApiKeyInput,
    @Ctx() { change, secretKeys }: ApiKeyMutationContext,
  ): Promise<CreateApiKeyPayload> {
    const { scope, organizationId, expiresAt, metadata, idempotencyKey, ...rest } = input;
    const newKey = {
      ...rest,
      grants: toGrants(scope),
      organizationId: organizationId == null ? null : parseId(organizationId, 'input.organizationId'),
      expiresAt: expiresAt ?? null,
      metadata: metadata ?? null,
      idempotencyKey: idempotencyKey ?? null,
    };
    return answer(() => change((open) => createApiKey(open, secretKeys, newKey)));
  }

  @Mutation(() => UpdateApiKeyPayload, {
    description: 'Changes what is said of a key, or what it may touch.',
  })
  async updateApiKey(
    @Arg('input', () => UpdateApiKeyInput, { description: 'What shall be changed.' })
    input: UpdateApiKeyInput,
    @Ctx() { change }: ApiKeyMutationContext,
  ): Promise<UpdateApiKeyPayload> {
    const update = {
      id: parseId(input.id, 'input.id'),
      version: input.version,
      name: input.name ?? undefined,
      description: input.description ?? undefined,
      grants: input.scope == null ? undefined : toGrants(input.scope),
      expiresAt: input.expiresAt,
      metadata: input.metadata,
      rateLimits: input.rateLimits,
      quota: input.quota,
    };
    return answer(() => change((open) => updateApiKey(open, update)));
  }

  @Mutation(() => ApiKeyPayload, { description: 'Switches a key off. It can be switched on again.' })
  async disableApiKey(
    @Arg('input', () => SwitchApiKeyInput, { description: 'Which key.' }) input: SwitchApiKeyInput,
    @Ctx() { change }: ApiKeyMutationContext,
  ): Promise<ApiKeyPayload> {
    const ref = toRef(input);
    return answer(() => change(async (open) => ({ apiKey: await disableApiKey(open, ref) })));
  }

  @Mutation(() => ApiKeyPayload, { description: 'Switches a key on again.' })
  async enableApiKey(
    @Arg('input', () => SwitchApiKeyInput, { description: 'Which key.' }) input: SwitchApiKeyInput,
    @Ctx() { change }: ApiKeyMutationContext,
  ): Promise<ApiKeyPayload> {
    const ref = toRef(input);
    return answer(() => change(async (open) => ({ apiKey: await enableApiKey(open, ref) })));
  }

  @Mutation(() => RotateApiKeyPayload, {
    description: 'Gives a key a new secret, shown this once. Its id, scope and all else stay.',
  })
  async rotateApiKey(
    @Arg('input', () => RotateApiKeyInput, { description: 'Which key, and how.' }) input: RotateApiKeyInput,
    @Ctx() { change, secretKeys }: ApiKeyMutationContext,
  ): Promise<RotateApiKeyPayload> {
    const rotation = { ...toRef(input), gracePeriodSeconds: input.gracePeriodSeconds };
    return answer(() => change((open) => rotateApiKey(open, secretKeys, rotation)));
  }

  @Mutation(() => ApiKeyPayload, {
    description: 'Ends the old secret of a rotation before its grace period is over.',
  })
  async endApiKeyRotation(
    @Arg('input', () => SwitchApiKeyInput, { description: 'Which key.' }) input: SwitchApiKeyInput,
    @Ctx() { change }: ApiKeyMutationContext,
  ): Promise<ApiKeyPayload> {
    const ref = toRef(input);
    return answer(() => change(async (open) => ({ apiKey: await endApiKeyRotation(open, ref) })));
  }

  @Mutation(() => ApiKeyPayload, { description: 'Ends a key for good. It stays listed, for the record.' })
  async revokeApiKey(
    @Arg('input', () => RevokeApiKeyInput, { description: 'Which key, and why.' }) input: RevokeApiKeyInput,
    @Ctx() { change }: ApiKeyMutationContext,
  ): Promise<ApiKeyPayload> {
    const id = parseId(input.id, 'input.id');
    return answer(() =>
      change(async (open) => ({ apiKey: await revokeApiKey(open, { id }, input.reason ?? null) })),
    );
  }

  @Mutation(() => RevokeApiKeysPayload, {
    complexity: ({ args, childComplexity }) =>
      1 + (args['input'] as RevokeApiKeysInput).ids.length * childComplexity,
    description: 'Ends many keys for good, as after a leak. What cannot be revoked does not stop the others.',
  })
  async revokeApiKeys(
    @Arg('input', () => RevokeApiKeysInput, { description: 'Which keys, and why.' })
    input: RevokeApiKeysInput,
    @Ctx() { change }: ApiKeyMutationContext,
  ): Promise<RevokeApiKeysPayload> {
    const ids = input.ids.map((id) => parseId(id, 'input.ids'));
    return answer(() =>
      change(async (open) => ({ revocations: await revokeApiKeys(open, ids, input.reason ?? null) })),
    );
  }
}

function toRef({ id, version }: SwitchApiKeyInput): KeyRef {
  return { id: parseId(id, 'input.id'), version: version ?? null };
}
