import { GraphQLDateTimeISO, GraphQLJSONObject } from 'graphql-scalars';
import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { Payload } from '../../shared/payload';
import type { ApiKey } from '../api-key';
import { ApiKeyType } from '../api-key-types';
import { MAX_IMPORT } from './import-api-keys';
import { MAX_DESCRIPTION_LENGTH, MAX_NAME_LENGTH } from '../changing/key-fields';
import { ScopeInput } from '../changing/scope-input';

@InputType({ description: 'A key that exists elsewhere, as it shall be here.' })
export class ImportedKeyInput {
  @Field({
    description:
      'The SHA-256 digest of the whole key in plain text (UTF-8), as 64 hexadecimal digits. The key itself is not needed.',
  })
  readonly sha256: string;

  @Field({ description: `The name, for people: 1 to ${MAX_NAME_LENGTH} characters. It need not be unique.` })
  readonly name: string;

  @Field({
    defaultValue: '',
    description: `What the key is for: at most ${MAX_DESCRIPTION_LENGTH} characters.`,
  })
  readonly description: string;

  @Field(() => ScopeInput, { description: 'What the key may touch: no more than you may touch yourself.' })
  readonly scope: ScopeInput;

  @Field(() => GraphQLDateTimeISO, {
    nullable: true,
    description: 'When the key ends by itself. Without it, never.',
  })
  readonly expiresAt?: Date | null;

  @Field(() => GraphQLJSONObject, {
    nullable: true,
    description: 'What you keep with the key: at most 4,096 bytes.',
  })
  readonly metadata?: object | null;
}

@InputType({ description: 'Keys that exist elsewhere, and the organization that they shall belong to.' })
export class ImportApiKeysInput {
  @Field(() => ID, { description: 'The organization of the keys, in which all of their grants lie.' })
  readonly organizationId: string;

  @Field(() => [ImportedKeyInput], { description: `The keys: 1 to ${MAX_IMPORT}.` })
  readonly keys: readonly ImportedKeyInput[];
}

@ObjectType({ description: 'Keys that were brought in.' })
export class ImportApiKeysPayload extends Payload {
  @Field(() => [ApiKeyType], { nullable: true, description: 'The keys, in the order of the input.' })
  readonly apiKeys?: readonly ApiKey[];
}
