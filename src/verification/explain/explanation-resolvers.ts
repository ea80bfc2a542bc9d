import { Arg, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import type { ApiKeyContext } from '../../api-keys/api-key-resolver';
import { ScopeInput, toGrants } from '../../api-keys/changing/scope-input';
import type { ResourceNode } from '../../resources/resource-node';
import { readable } from '../../resources/shown-resource';
import { parseId } from '../../shared/ids';
import { ResourceInput } from '../verification-types';
import { explain, type AccessExplanation } from './access-explanation';
import { AccessExplanationType } from './access-explanation-types';
import type { ScopePreview } from './scope-preview';
import { ScopePreviewType } from './scope-preview-types';
import type { ScopePreviewer } from './scope-previewer';

/** What explanations and previews need of a request. */
export interface ExplanationContext extends ApiKeyContext {
  readonly scopePreviewer: ScopePreviewer;
}

@Resolver(() => AccessExplanationType)
class AccessExplanationResolver {
  @Query(() => AccessExplanationType, {
    nullable: true,
    description:
      'Explains whether a key may touch a resource: decided as a verification would decide it, but for people, and ' +
      'without counting a use. Null when there is no such key that you may read.',
  })
  async explainAccess(
    @Arg('apiKeyId', () => ID, { description: 'The id of the key.' }) apiKeyId: string,
    @Arg('resource', () => ResourceInput, { description: 'What the key is to be used on.' })
    { level, id }: ResourceInput,
    @Ctx() context: ExplanationContext,
  ): Promise<AccessExplanation | null> {
    const { apiKeys, resources, now } = context;
    const [keyId, asked] = [parseId(apiKeyId, 'apiKeyId'), { level, id: parseId(id, 'resource.id') }];
    const [key, resource] = await Promise.all([apiKeys.find(keyId), resources.find(asked.id)]);
    if (key === null) return null;
    const scope = await apiKeys.scopeOf(key);
    const show = (node: ResourceNode) => readable(node, context);
    return explain({ ...key, scope }, asked, readable(resource, context), show, now);
  }

  @FieldResolver(() => Boolean, { description: 'Whether it may: whether the code is VALID.' })
  valid(@Root() { code }: AccessExplanation): boolean {
    return code === 'VALID';
  }
}

@Resolver()
class ScopePreviewResolver {
  @Query(() => ScopePreviewType, {
    nullable: true,
    complexity: ({ args, childComplexity }) => childComplexity + previewCost(args['scope'] as ScopeInput),
    description:
      'What a key with this scope would reach in the tree as it is now. For users. The scope must be one that you may give to a ' +
      'key: what is wrong with it is told as an error with the ids at fault.',
  })
  async previewScope(
    @Arg('scope', () => ScopeInput, { description: 'What a key is to be granted.' }) scope: ScopeInput,
    @Ctx() { scopePreviewer }: ExplanationContext,
  ): Promise<ScopePreview> {
    return scopePreviewer.preview(toGrants(scope));
  }
}

/** Much can be granted, and counted below, by a variable that stands in a query many times. */
function previewCost({ organizationId, accountIds, widgetIds, environmentIds }: ScopeInput): number {
  const wide = (organizationId == null ? 0 : 1) + (accountIds?.length ?? 0);
  return 1 + WIDE_GRANT_COST * wide + (widgetIds?.length ?? 0) + (environmentIds?.length ?? 0);
}

const WIDE_GRANT_COST = 100;

export const EXPLANATION_RESOLVERS = [AccessExplanationResolver, ScopePreviewResolver];
