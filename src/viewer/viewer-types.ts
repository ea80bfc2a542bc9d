import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import type { Principal } from '../auth/principal';
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

@ObjectType('Viewer', { description: 'Who calls.' })
export class ViewerType {
  @Field(() => PrincipalKind, { description: 'What kind of caller it is.' })
  readonly kind: Principal['kind'];

  @Field(() => ID, {
    description: 'The `sub` of the token of a user or a service; the id of the API key of a secret key.',
  })
  readonly id: string;
}
