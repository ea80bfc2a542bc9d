import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { ResourceLevel } from '../resources/resource-level';
import type { Level } from '../scopes';
import type { EnumOf } from '../shared/enum-of';
import { Payload } from '../shared/payload';
import type { KeyMakers } from './organization-policy';

const KeyMakersEnum: EnumOf<KeyMakers> = { ADMINS: 'ADMINS', MEMBERS: 'MEMBERS' };

registerEnumType(KeyMakersEnum, {
  name: 'KeyMakers',
  description: 'Who may make API keys in an organization.',
  valuesConfig: {
    ADMINS: { description: 'Owners and admins only.' },
    MEMBERS: { description: 'Every member.' },
  },
});

@ObjectType('OrganizationPolicy', {
  description:
    'The limits that an organization sets to its API keys. They hold for what is made or changed: a stricter policy leaves ' +
    'the keys that there are as they are, and `violatesPolicy` finds those that are against it.',
})
export class OrganizationPolicyType {
  @Field(() => ID, { name: 'id', description: 'The id of the organization, which has one policy.' })
  readonly organizationId: string;

  @Field(() => ResourceLevel, {
    description: 'The widest level that a key may be granted; ORGANIZATION: no limit.',
  })
  readonly widestGrant: Level;

  @Field({ description: 'Whether every key must have an expiry.' })
  readonly expiryRequired: boolean;

  @Field(() => Int, {
    nullable: true,
    description:
      'The longest time, in seconds, for which a key may be made. With it, every key must have an expiry. Null: no limit.',
  })
  readonly maxLifetimeSeconds: number | null;

  @Field(() => Int, { nullable: true, description: 'How many keys may be active at once; null: no limit.' })
  readonly maxActiveKeys: number | null;

  @Field(() => KeyMakersEnum, { description: 'Who may make keys.' })
  readonly keyMakers: KeyMakers;
}

@InputType({
  description: 'What of a policy shall be changed. What is left out stays as it is, and null lifts a limit.',
})
export class UpdateOrganizationPolicyInput {
  @Field(() => ID, { description: 'The id of the organization.' })
  readonly organizationId: string;

  @Field(() => ResourceLevel, {
    nullable: true,
    description: 'The widest level that a key may be granted; null: no limit.',
  })
  readonly widestGrant?: Level | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether every key must have an expiry; null: no.' })
  readonly expiryRequired?: boolean | null;

  @Field(() => Int, {
    nullable: true,
    description: 'The longest time, in seconds, for which a key may be made: 1 or more; null: no limit.',
  })
  readonly maxLifetimeSeconds?: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'How many keys may be active at once: 0 or more; null: no limit.',
  })
  readonly maxActiveKeys?: number | null;

  @Field(() => KeyMakersEnum, { nullable: true, description: 'Who may make keys; null: every member.' })
  readonly keyMakers?: KeyMakers | null;
}

@ObjectType({ description: 'The policy of an organization after a change.' })
export class UpdateOrganizationPolicyPayload extends Payload {
  @Field(() => OrganizationPolicyType, { nullable: true, description: 'The policy as it is now.' })
  readonly policy?: OrganizationPolicyType;
}
