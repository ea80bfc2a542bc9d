import { GraphQLJSONObject } from 'graphql-scalars';
import { Field, ID, InputType, Int } from 'type-graphql';
import { MAX_DESCRIPTION_LENGTH, MAX_NAME_LENGTH, MAX_REASON_LENGTH } from './key-fields';
import { MAX_GRACE_SECONDS } from './rotate-api-key';
import { MAX_BULK } from './revoke-api-keys';
import { ScopeInput } from './scope-input';
import { MAX_RATE_LIMITS } from '../limits/check-limits';
import { QuotaInput, RateLimitInput } from '../limits/limit-types';
import { DateTimeISO } from '../../shared/date-time';

/** What is said of a key that is made here, and of one that is brought in. */
@InputType()
export abstract class NewKeyInput {
  @Field({ description: `The name, for people: 1 to ${MAX_NAME_LENGTH} characters. It need not be unique.` })
  readonly name: string;

  @Field({
    defaultValue: '',
    description: `What the key is for: at most ${MAX_DESCRIPTION_LENGTH} characters.`,
  })
  readonly description: string;

  @Field(() => ScopeInput, { description: 'What the key may touch: no more than you may touch yourself.' })
  readonly scope: ScopeInput;

  @Field(() => DateTimeISO, {
    nullable: true,
    description: 'When the key ends by itself. Without it, never.',
  })
  readonly expiresAt?: Date | null;

  @Field(() => GraphQLJSONObject, {
    nullable: true,
    description: 'What you keep with the key: at most 4,096 bytes.',
  })
  readonly metadata?: object | null;

  @Field(() => [RateLimitInput], {
    nullable: true,
    description:
      'How often services may find the key valid, each in a window of another length: at most ' +
      `${MAX_RATE_LIMITS}. Without it, as often as they like.`,
  })
  readonly rateLimits?: readonly RateLimitInput[] | null;

  @Field(() => QuotaInput, {
    nullable: true,
    description:
      'How often services may find the key valid until the next refill. Without it, as often as they like.',
  })
  readonly quota?: QuotaInput | null;
}

@InputType({ description: 'What a new key shall be.' })
export class CreateApiKeyInput extends NewKeyInput {
  @Field(() => ID, {
    nullable: true,
    description: 'The organization of the key. Needed only if the scope is empty and you belong to several.',
  })
  readonly organizationId?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'A value of your choice that makes a repetition harmless: within a day, the same value from the same user makes ' +
      'no second key, but answers with the first.',
  })
  readonly idempotencyKey?: string | null;
}

@InputType({ description: 'What of a key shall be changed. What is left out stays as it is.' })
export class UpdateApiKeyInput {
  @Field(() => ID, { description: 'The id of the key.' })
  readonly id: string;

  @Field(() => Int, {
    description: 'The version that you have seen. If there is a newer one, nothing is changed.',
  })
  readonly version: number;

  @Field(() => String, { nullable: true, description: `The name: 1 to ${MAX_NAME_LENGTH} characters.` })
  readonly name?: string | null;

  @Field(() => String, {
    nullable: true,
    description: `What it is for: at most ${MAX_DESCRIPTION_LENGTH} characters.`,
  })
  readonly description?: string | null;

  @Field(() => ScopeInput, {
    nullable: true,
    description: 'The whole new scope, no more than you may touch yourself.',
  })
  readonly scope?: ScopeInput | null;

  @Field(() => DateTimeISO, {
    nullable: true,
    description: 'When the key ends by itself; null: never.',
  })
  readonly expiresAt?: Date | null;

  @Field(() => GraphQLJSONObject, {
    nullable: true,
    description: 'What you keep with the key; null: nothing.',
  })
  readonly metadata?: object | null;

  @Field(() => [RateLimitInput], {
    nullable: true,
    description:
      `All the new rate limits, at most ${MAX_RATE_LIMITS}; null or none: no limit. A window of a length that there was before ` +
      'goes on with what has been used of it.',
  })
  readonly rateLimits?: readonly RateLimitInput[] | null;

  @Field(() => QuotaInput, {
    nullable: true,
    description:
      'The new quota; null: no limit. With the same refill it goes on with what has been used of it.',
  })
  readonly quota?: QuotaInput | null;
}

@InputType({ description: 'Which key to switch on or off.' })
export class SwitchApiKeyInput {
  @Field(() => ID, { description: 'The id of the key.' })
  readonly id: string;

  @Field(() => Int, { nullable: true, description: 'The version that you have seen, to change no other.' })
  readonly version?: number | null;
}

@InputType({ description: 'Which key gets a new secret, and what becomes of the old one.' })
export class RotateApiKeyInput extends SwitchApiKeyInput {
  @Field(() => Int, {
    defaultValue: 0,
    description: `How long the old secret goes on: 0 (it ends now) to ${MAX_GRACE_SECONDS} seconds (7 days).`,
  })
  readonly gracePeriodSeconds: number;
}

@InputType({ description: 'Which key to end for good.' })
export class RevokeApiKeyInput {
  @Field(() => ID, { description: 'The id of the key.' })
  readonly id: string;

  @Field(() => String, {
    nullable: true,
    description: `Why, for the record: at most ${MAX_REASON_LENGTH} characters.`,
  })
  readonly reason?: string | null;
}

@InputType({ description: 'Which keys to end for good.' })
export class RevokeApiKeysInput {
  @Field(() => [ID], { description: `The ids of the keys: 1 to ${MAX_BULK}.` })
  readonly ids: readonly string[];

  @Field(() => String, {
    nullable: true,
    description: `Why, for the record: at most ${MAX_REASON_LENGTH} characters.`,
  })
  readonly reason?: string | null;
}
