import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import type { ApiKey } from '../../api-keys/api-key';
import type { ApiKeyMutationContext } from '../../api-keys/changing/api-key-mutations';
import { ApiKeyType } from '../../api-keys/api-key-types';
import { parseId } from '../../shared/ids';
import { answer } from '../../shared/payload';
import { applyScopeAdvice } from './apply-scope-advice';
import { adviseScope, type ScopeAdvice } from './scope-advice';
import { ApplyScopeAdviceInput, ApplyScopeAdvicePayload, ScopeAdviceType } from './scope-advice-types';
import type { UsageContext } from './usage-resolvers';
import { firstDayOfAdvice } from './used-resources';

/** How many grants advice is taken to name when the cost of a query is estimated. */
const TYPICAL_GRANTS = 5;

@Resolver(() => ApiKeyType)
class ApiKeyAdviceResolver {
  @FieldResolver(() => ScopeAdviceType, {
    nullable: true,
    complexity: ({ childComplexity }) => 1 + TYPICAL_GRANTS * childComplexity,
    description:
      'The narrowest scope that would do for what the key is used for, going by its last 30 days. It goes by what was ' +
      'answered VALID and by what exists now. Null for the key itself, as with `usage`.',
  })
  async scopeAdvice(
    @Root() key: ApiKey,
    @Ctx() { permissions, apiKeys, usage, now }: UsageContext & ApiKeyMutationContext,
  ): Promise<ScopeAdviceType | null> {
    if (!permissions.mayReadUseOfKeys()) return null;
    const [scope, used] = await Promise.all([apiKeys.scopeOf(key), usage.usedResources(key.id)]);
    return toType(adviseScope(scope, used), now);
  }
}

@Resolver()
class AdviceMutation {
  @Mutation(() => ApplyScopeAdvicePayload, {
    description:
      'Gives a key the scope that is advised for it, as `updateApiKey` would: you must be able to grant it, and the policy ' +
      'must allow the key. If nothing is advised any more, nothing is changed.',
  })
  async applyScopeAdvice(
    @Arg('input', () => ApplyScopeAdviceInput, { description: 'Which key.' }) input: ApplyScopeAdviceInput,
    @Ctx() { change, now }: ApiKeyMutationContext,
  ): Promise<ApplyScopeAdvicePayload> {
    const wanted = {
      id: parseId(input.id, 'input.id'),
      version: input.version,
      revision: input.revision ?? null,
    };
    return answer(async () => {
      const { advice, ...updated } = await change((open) => applyScopeAdvice(open, wanted));
      return { ...updated, applied: toType(advice, now) };
    });
  }
}

function toType({ reason, scope, removed, added, revision }: ScopeAdvice, now: number): ScopeAdviceType {
  return {
    since: firstDayOfAdvice(now),
    reason,
    grants: scope?.grants ?? null,
    breadth: scope?.breadth ?? null,
    removedGrants: removed,
    addedGrants: added,
    revision,
  };
}

export const ADVICE_RESOLVERS = [ApiKeyAdviceResolver, AdviceMutation];
