import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import type { Principal, Role } from '../auth/principal';
import type { EnumOf } from '../shared/enum-of';

const PrincipalKind: EnumOf<Principal['kind']> = { USER: 'USER', SERVICE: 'SERVICE', API_KEY: 'API_KEY' };

registerEnumType(PrincipalKind, {
  name: 'PrincipalKind',
  description: 'What kind of caller it is.',
  valuesConfig: {
    USER: { description: 'A person, with a token.' },
    SERVICE: { description: 'A program of the platform, with a token.' },
    API_KEY: { description: 'A program of a customer, with a secret key.' },
  },
});

const MembershipRole: EnumOf<Role> = { OWNER: 'OWNER', ADMIN: 'ADMIN', MEMBER: 'MEMBER' };

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

  @Field(() => MembershipRole, { description: 'What the user is there.' })
  readonly role: Role;
}

@ObjectType('Viewer', { description: 'Who calls.' })
export class ViewerType {
  @Field(() => PrincipalKind, { description: 'What kind of caller it is.' })
  readonly kind: Principal['kind'];

  @Field(() => ID, {
    description: 'The `sub` of the token of a user or a service; the id of the API key of a secret key.',
  })
  readonly id: string;
}
