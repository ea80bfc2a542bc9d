import { Field, ObjectType } from 'type-graphql';
import { GrantType } from '../../api-keys/api-key-types';
import type { Grant } from '../../scopes';
import type { ShownResource } from '../../resources/shown-resource';
import { Resource } from '../../resources/resource-types';
import { VerificationCode } from '../verification-code';

@ObjectType('AccessExplanation', { description: 'Why a key may touch a resource, or why not.' })
export class AccessExplanationType {
  @Field(() => VerificationCode, {
    description:
      'What a verification of the key would answer now, apart from its limits, which are neither looked at nor used up.',
  })
  readonly code: VerificationCode;

  @Field({ description: 'Why, and what to do about it, in words for people.' })
  readonly reason: string;

  @Field(() => GrantType, {
    nullable: true,
    description:
      'The nearest grant of the key that reaches the resource; null when none does. It is told of a key that is ' +
      'switched off or has ended, too.',
  })
  readonly grant: Grant | null;

  @Field(() => [Resource], {
    description:
      'The way from the granted resource, which comes first, down to the one that was asked about, as far as you may ' +
      'read it. Empty when no grant reaches it.',
  })
  readonly path: readonly ShownResource[];

  @Field(() => GrantType, {
    nullable: true,
    description:
      'The least that would have to be granted; null when the scope covers the resource, or when nothing could be ' +
      'granted, since the resource is of another organization or there is none that you may read.',
  })
  readonly missingGrant: Grant | null;
}
