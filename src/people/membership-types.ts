import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import type { Role } from '../auth/principal';
import { connectionTypes } from '../shared/connection';
import type { EnumOf } from '../shared/enum-of';
import { DateTimeISO } from '../shared/date-time';

export const MembershipRole: EnumOf<Role> = { OWNER: 'OWNER', ADMIN: 'ADMIN', MEMBER: 'MEMBER' };

registerEnumType(MembershipRole, {
  name: 'Role',
  description: 'What a user is in an organization.',
  valuesConfig: {
    OWNER: { description: 'Sees and manages every key of the organization, its policy and its people.' },
    ADMIN: { description: 'Sees and manages every key of the organization.' },
    MEMBER: { description: 'Sees and manages the keys that they made.' },
  },
});

@ObjectType('Membership', { description: "A user's place in an organization." })
export class MembershipType {
  @Field(() => ID, { description: 'The id of the membership.' })
  readonly id: string;

  @Field(() => ID, { description: 'The id of the organization.' })
  readonly organizationId: string;

  @Field({ description: 'The user: the `sub` of their tokens.' })
  readonly userId: string;

  @Field(() => MembershipRole, { description: 'What the user is there.' })
  readonly role: Role;

  @Field(() => DateTimeISO, { description: 'Since when the user belongs there.' })
  readonly createdAt: number;
}

export const MembershipConnection = connectionTypes<MembershipType>(
  'Membership',
  () => MembershipType,
).Connection;
