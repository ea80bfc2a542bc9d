import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { Payload } from '../../shared/payload';
import type { ApiKey } from '../api-key';
import { ApiKeyType } from '../api-key-types';
import { MAX_IMPORT } from './import-api-keys';
import { NewKeyInput } from '../changing/api-key-inputs';

@InputType({ description: 'A key that exists elsewhere, as it shall be here.' })
export class ImportedKeyInput extends NewKeyInput {
  @Field({
    description:
      'The SHA-256 digest of the whole key in plain text (UTF-8), as 64 hexadecimal digits. The key itself is not needed.',
  })
  readonly sha256: string;
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
