import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { parseId } from '../../shared/ids';
import { answer } from '../../shared/payload';
import type { ApiKeyMutationContext } from '../changing/api-key-mutations';
import { importApiKeys, type ImportedKey } from './import-api-keys';
import { ImportApiKeysInput, ImportApiKeysPayload, type ImportedKeyInput } from './import-types';
import { toGrants } from '../changing/scope-input';

@Resolver()
export class ImportMutation {
  @Mutation(() => ImportApiKeysPayload, {
    complexity: ({ args, childComplexity }) =>
      1 + (args['input'] as ImportApiKeysInput).keys.length * childComplexity,
    description:
      'Brings keys in that exist elsewhere, all or none: their holders go on using them as they are. For owners and admins.',
  })
  async importApiKeys(
    @Arg('input', () => ImportApiKeysInput, { description: 'Which keys, and where to.' })
    input: ImportApiKeysInput,
    @Ctx() { change, secretKeys }: ApiKeyMutationContext,
  ): Promise<ImportApiKeysPayload> {
    const organizationId = parseId(input.organizationId, 'input.organizationId');
    const keys = input.keys.map(toKey);
    return answer(() =>
      change(async (open) => ({ apiKeys: await importApiKeys(open, secretKeys, { organizationId, keys }) })),
    );
  }
}

function toKey({ scope, expiresAt, metadata, ...rest }: ImportedKeyInput): ImportedKey {
  return {
    ...rest,
    grants: toGrants(scope),
    expiresAt: expiresAt ?? null,
    metadata: metadata ?? null,
  };
}
