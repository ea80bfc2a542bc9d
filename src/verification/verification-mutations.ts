import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { Permissions } from '../auth/authorize';
import { parseId } from '../shared/ids';
import { onceFor } from '../shared/once-for';
import { answer } from '../shared/payload';
import { rejected } from '../shared/user-errors';
import { whenReady, type MaybePromise } from '../shared/when-ready';
import type { Question, Verification } from './verification';
import { verifiedKey } from './verification-json';
import {
  VerifyApiKeyInput,
  VerifyApiKeyPayload,
  VerifyApiKeysInput,
  VerifyApiKeysPayload,
  type VerificationInput,
  type VerificationType,
} from './verification-types';
import { MAX_COST, MAX_QUESTIONS, type Verifier } from './verifier';

/** What the verification of keys needs of a request. */
export interface VerificationContext {
  readonly permissions: Permissions;
  readonly verifier: Verifier;
}

/** Mutations, since they use up limits, and since a query could be sent by GET, with a secret key in its address. */
@Resolver()
export class VerificationMutations {
  @Mutation(() => VerifyApiKeyPayload, {
    description:
      'Tells whether a secret key may touch a resource, and why. For services with api-keys:verify.',
  })
  verifyApiKey(
    @Arg('input', () => VerifyApiKeyInput, { description: 'The question.' }) input: VerifyApiKeyInput,
    @Ctx() context: VerificationContext,
  ): MaybePromise<VerifyApiKeyPayload> {
    return answer(() =>
      whenReady(verify([input], input.fresh, context), ([verification]) => ({
        ...(verification && { verification }),
      })),
    );
  }

  @Mutation(() => VerifyApiKeysPayload, {
    complexity: ({ args, childComplexity }) =>
      1 + (args['input'] as VerifyApiKeysInput).verifications.length * childComplexity,
    description: 'The same for many secret keys at once. For services with api-keys:verify.',
  })
  async verifyApiKeys(
    @Arg('input', () => VerifyApiKeysInput, { description: 'The questions.' }) input: VerifyApiKeysInput,
    @Ctx() context: VerificationContext,
  ): Promise<VerifyApiKeysPayload> {
    return answer(async () => {
      const { length } = input.verifications;
      if (length < 1 || length > MAX_QUESTIONS) {
        const message = `Expected 1 to ${MAX_QUESTIONS} questions, got ${length}.`;
        throw rejected('INVALID', message, ['verifications']);
      }
      return { verifications: await verify(input.verifications, input.fresh, context) };
    });
  }
}

function verify(
  inputs: readonly VerificationInput[],
  fresh: boolean,
  { permissions, verifier }: VerificationContext,
): MaybePromise<readonly VerificationType[]> {
  permissions.requireService('api-keys:verify');
  return whenReady(verifier.verify(inputs.map(toQuestion), permissions, fresh), (verifications) =>
    verifications.map(toType),
  );
}

function toQuestion({ secretKey, resource, cost }: VerificationInput): Question {
  if (cost < 0 || cost > MAX_COST) {
    throw rejected('INVALID', `Expected a cost from 0 to ${MAX_COST}, got ${cost}.`, ['cost']);
  }
  return {
    secretKey,
    resource:
      resource == null ? null : { level: resource.level, id: parseId(resource.id, 'input.resource.id') },
    cost,
  };
}

/** An answer that stands is given many times. */
const toType = onceFor(({ key, ...verification }: Verification): VerificationType => ({
  ...verification,
  valid: verification.code === 'VALID',
  apiKey: key && verifiedKey(key),
}));
