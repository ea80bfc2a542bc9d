import { Field, ObjectType } from 'type-graphql';
import type { ApiKey } from '../api-keys/api-key';
import { ApiKeyType } from '../api-keys/api-key-types';
import type { Membership } from '../auth/principal';
import { Payload } from '../shared/payload';
import { MembershipType } from './membership-types';

@ObjectType({ description: 'A new membership.' })
export class AddMembershipPayload extends Payload {
  @Field(() => MembershipType, { nullable: true, description: 'The membership.' })
  readonly membership?: Membership;
}

@ObjectType()
abstract class RevokingPayload extends Payload {
  @Field(() => [ApiKeyType], {
    nullable: true,
    description: 'The API keys of the user that were revoked with it, if that was asked for.',
  })
  readonly revokedApiKeys?: readonly ApiKey[];
}

@ObjectType({ description: 'A membership that was changed.' })
export class ChangeMembershipPayload extends RevokingPayload {
  @Field(() => MembershipType, { nullable: true, description: 'The membership as it is now.' })
  readonly membership?: Membership;
}

@ObjectType({ description: 'A membership that is no more.' })
export class RemoveMembershipPayload extends RevokingPayload {
  @Field(() => MembershipType, { nullable: true, description: 'The membership as it was.' })
  readonly membership?: Membership;
}
