import { GraphQLJSONObject } from 'graphql-scalars';
import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { GrantType } from '../api-keys/api-key-types';
import { ResourceLevel } from '../resources/resource-level';
import type { Grant, Level, Path } from '../scopes';
import type { EnumOf } from '../shared/enum-of';
import { Payload } from '../shared/payload';
import type { LimitState } from './limits/limit-state';
import type { Verification } from './verification';
import { VerificationCode } from './verification-code';
import { MAX_COST, MAX_QUESTIONS } from './verifier';
import { DateTimeISO } from '../shared/date-time';

@InputType({ description: 'A resource, by its level and its id.' })
export class ResourceInput {
  @Field(() => ResourceLevel, { description: 'The level of the resource.' })
  readonly level: Level;

  @Field(() => ID, { description: 'The id of the resource.' })
  readonly id: string;
}

@InputType({ description: 'May whoever holds this secret key touch this resource?' })
export class VerificationInput {
  @Field({ description: 'The whole secret key, as it was shown when it was made.' })
  readonly secretKey: string;

  @Field(() => ResourceInput, {
    nullable: true,
    description: 'What the key is to be used on. Without it: is the key good for anything?',
  })
  readonly resource?: ResourceInput | null;

  @Field(() => Int, {
    defaultValue: 1,
    description: `How much of the limits of the key this uses up: 0 (nothing) to ${MAX_COST}.`,
  })
  readonly cost: number;
}

@InputType({ description: 'A question about one secret key.' })
export class VerifyApiKeyInput extends VerificationInput {
  @Field({
    defaultValue: false,
    description: 'Whether to ask the database, rather than answer from memory as it was a moment ago.',
  })
  readonly fresh: boolean;
}

@InputType({ description: 'Questions about many secret keys.' })
export class VerifyApiKeysInput {
  @Field(() => [VerificationInput], { description: `The questions: 1 to ${MAX_QUESTIONS}.` })
  readonly verifications: readonly VerificationInput[];

  @Field({
    defaultValue: false,
    description: 'Whether to ask the database, rather than answer from memory as it was a moment ago.',
  })
  readonly fresh: boolean;
}

@ObjectType('ResourceRef', { description: 'A resource of a path, by its level and its id.' })
class ResourceRefType {
  @Field(() => ResourceLevel, { description: 'The level of the resource.' })
  readonly level: Level;

  @Field(() => ID, { name: 'resourceId', description: 'The id of the resource.' })
  readonly id: string;
}

@ObjectType('GrantedBy', { description: 'Why a key may touch a resource.' })
class GrantedByType {
  @Field(() => GrantType, { description: 'The nearest grant of the key that reaches the resource.' })
  readonly grant: Grant;

  @Field(() => [ResourceRefType], {
    description:
      'The way from the granted resource, which comes first, down to the one that was asked about.',
  })
  readonly path: Path;
}

@ObjectType('VerifiedScope', { description: 'What a verified key may touch, by ids.' })
export class VerifiedScope {
  @Field(() => ID, { nullable: true, description: 'The organization, if the key may touch all of it.' })
  readonly organizationId: string | null;

  @Field(() => [ID], { description: 'The granted accounts.' })
  readonly accountIds: readonly string[];

  @Field(() => [ID], { description: 'The granted widgets.' })
  readonly widgetIds: readonly string[];

  @Field(() => [ID], { description: 'The granted environments.' })
  readonly environmentIds: readonly string[];
}

@ObjectType('VerifiedApiKey', { description: 'A key, as services that verify it see it.' })
export class VerifiedApiKey {
  @Field(() => ID, { description: 'The id of the key.' })
  readonly id: string;

  @Field({ description: 'The name, for people.' })
  readonly name: string;

  @Field(() => ID, { description: 'The organization of the key.' })
  readonly organizationId: string;

  @Field(() => VerifiedScope, { description: 'What the key may touch.' })
  readonly scope: VerifiedScope;

  @Field(() => GraphQLJSONObject, { nullable: true, description: 'What the maker keeps with the key.' })
  readonly metadata: object | null;

  @Field(() => DateTimeISO, {
    nullable: true,
    description: 'When the key ends by itself; null: never.',
  })
  readonly expiresAt: number | null;
}

const LimitKind: EnumOf<LimitState['kind']> = { RATE_LIMIT: 'RATE_LIMIT', QUOTA: 'QUOTA' };

registerEnumType(LimitKind, {
  name: 'LimitKind',
  description: 'What kind of limit a key has.',
  valuesConfig: {
    RATE_LIMIT: { description: 'So many uses in a window of time, which begins with the first use.' },
    QUOTA: { description: 'So many uses until the next refill.' },
  },
});

@ObjectType('LimitState', { description: 'What is left of a limit of a key.' })
class LimitStateType {
  @Field(() => LimitKind, { description: 'What kind of limit it is.' })
  readonly kind: LimitState['kind'];

  @Field(() => Int, { description: 'How many uses it allows.' })
  readonly limit: number;

  @Field(() => Int, { description: 'How many uses are left.' })
  readonly remaining: number;

  @Field(() => DateTimeISO, { description: 'When all of them are there again.' })
  readonly resetsAt: number;

  @Field(() => Int, { description: 'The same in seconds from now, for clocks that differ.' })
  readonly resetsInSeconds: number;

  @Field(() => Int, {
    description: 'The length of the window, or of the period between refills, in seconds.',
  })
  readonly windowSeconds: number;
}

@ObjectType('Verification', { description: 'Whether a key may touch a resource, and why.' })
export class VerificationType {
  @Field({ description: 'Whether it may: whether the code is VALID.' })
  readonly valid: boolean;

  @Field(() => VerificationCode, { description: 'What came of it.' })
  readonly code: VerificationCode;

  @Field(() => VerifiedApiKey, {
    nullable: true,
    description: 'The key, also when it may not; null when there is none, or none that you may verify.',
  })
  readonly apiKey: VerifiedApiKey | null;

  @Field(() => GrantedByType, {
    nullable: true,
    description: 'Why the key may touch the resource; null when it may not, or when none was asked about.',
  })
  readonly grantedBy: Verification['grantedBy'];

  @Field(() => GrantType, {
    nullable: true,
    description:
      'The least that would have to be granted, when the code is OUT_OF_SCOPE; null when nothing could be, since the ' +
      'resource is of another organization.',
  })
  readonly missingGrant: Grant | null;

  @Field(() => [LimitStateType], {
    description: 'What is left of the limits of the key. Empty without limits.',
  })
  readonly limits: readonly LimitState[];

  @Field(() => Int, {
    nullable: true,
    description:
      'After how many seconds the limits would allow this use, when the code is RATE_LIMITED or USAGE_EXCEEDED; null when ' +
      'they never would, since it costs more than they allow at once.',
  })
  readonly retryAfterSeconds: number | null;
}

@ObjectType({ description: 'The answer to a question about one key.' })
export class VerifyApiKeyPayload extends Payload {
  @Field(() => VerificationType, { nullable: true, description: 'The answer.' })
  readonly verification?: VerificationType;
}

@ObjectType({ description: 'The answers to questions about many keys.' })
export class VerifyApiKeysPayload extends Payload {
  @Field(() => [VerificationType], {
    nullable: true,
    description: 'The answers, in the order of the questions.',
  })
  readonly verifications?: readonly VerificationType[];
}
