import { Field, ID, ObjectType } from 'type-graphql';
import { Payload } from '../../shared/payload';
import { UserError } from '../../shared/user-errors';
import type { ApiKey } from '../api-key';
import { ApiKeyType } from '../api-key-types';

@ObjectType({ description: 'What became of a key.' })
export class ApiKeyPayload extends Payload {
  @Field(() => ApiKeyType, { nullable: true, description: 'The key as it is now.' })
  readonly apiKey?: ApiKey;
}

@ObjectType({ description: 'A key that was changed.' })
export class UpdateApiKeyPayload extends ApiKeyPayload {
  @Field(() => [String], { nullable: true, description: 'What you should know of a new scope, in words.' })
  readonly warnings?: readonly string[];
}

@ObjectType({ description: 'A new key, with its secret.' })
export class CreateApiKeyPayload extends UpdateApiKeyPayload {
  @Field(() => String, {
    nullable: true,
    description:
      'The secret key: the whole credential, shown this once. Null when a repeated request is answered with the key ' +
      'of the first: rotate it to get another secret.',
  })
  readonly secretKey?: string | null;
}

@ObjectType({ description: 'A key with a new secret.' })
export class RotateApiKeyPayload extends ApiKeyPayload {
  @Field(() => String, {
    nullable: true,
    description: 'The new secret key: the whole credential, shown this once.',
  })
  readonly secretKey?: string;
}

@ObjectType({ description: 'What became of one of many keys.' })
export class Revocation {
  @Field(() => ID, { description: 'The id that was asked for.' })
  readonly id: string;

  @Field(() => ApiKeyType, {
    nullable: true,
    description: 'The key, revoked now or before; null if it was not.',
  })
  readonly apiKey: ApiKey | null;

  @Field(() => UserError, { nullable: true, description: 'Why it was not revoked; null if it was.' })
  readonly error: UserError | null;
}

@ObjectType({ description: 'What became of each of many keys.' })
export class RevokeApiKeysPayload extends Payload {
  @Field(() => [Revocation], { nullable: true, description: 'One by one, in the order that was asked for.' })
  readonly revocations?: readonly Revocation[];
}
