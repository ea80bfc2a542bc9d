import { GraphQLJSONObject } from 'graphql-scalars';
import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, FieldResolver, ID, Info, Query, Resolver, Root } from 'type-graphql';
import type { PolicyRepository } from '../policies/policy-repository';
import { policyViolations } from '../policies/policy-violations';
import { pathOf } from '../resources/resource-node';
import { readable, readableOnceFound, type ShownResource } from '../resources/shown-resource';
import { Organization } from '../resources/resource-types';
import type { Path } from '../scopes';
import { connectionCost, toConnection, type Connection } from '../shared/connection';
import { parseId } from '../shared/ids';
import type { MaybePromise } from '../shared/when-ready';
import { parsePage } from '../shared/pagination';
import type { ApiKey } from './api-key';
import { KeyStatus } from './api-key-enums';
import { ApiKeyListArgs, toListing } from './api-key-listing';
import { statusOf, type ApiKeyStatus } from './api-key-status';
import { ApiKeyConnection, ApiKeyType } from './api-key-types';
import { readKeyScope, type KeyScope, type KeyScopeContext } from './key-scope';
import { ScopeType } from './scope-type';

/** What the resolvers of API keys need of a request. */
export interface ApiKeyContext extends KeyScopeContext {
  readonly policies: PolicyRepository;
  /** The time of the request, in milliseconds. */
  readonly now: number;
}

@Resolver(() => ApiKeyType)
export class ApiKeyResolver {
  @Query(() => ApiKeyType, {
    nullable: true,
    description: 'The API key of an id; null when there is none that you may read.',
  })
  async apiKey(
    @Arg('id', () => ID, { description: 'The id of the key.' }) id: string,
    @Ctx() { apiKeys }: ApiKeyContext,
  ): Promise<ApiKey | null> {
    return apiKeys.find(parseId(id, 'id'));
  }

  @Query(() => ApiKeyConnection, {
    complexity: connectionCost,
    description:
      'The API keys that you may read: all of an organization for its owners and admins, else your own.',
  })
  async apiKeys(@Args() args: ApiKeyListArgs, @Ctx() context: ApiKeyContext): Promise<Connection<ApiKey>> {
    const { organizationId, reaches } = args.filter ?? {};
    const listing = toListing(args);
    const page = parsePage(args, listing.ordering);
    const selection = {
      organizationId: organizationId == null ? null : parseId(organizationId, 'filter.organizationId'),
      reaching: reaches == null ? null : await readablePath(parseId(reaches, 'filter.reaches'), context),
    };
    return toConnection(await context.apiKeys.list(selection, listing, page), listing.ordering);
  }

  @FieldResolver(() => KeyStatus, { description: 'Where the key is in its life.' })
  status(@Root() key: ApiKey, @Ctx() { now }: ApiKeyContext): ApiKeyStatus {
    return statusOf(key, now);
  }

  @FieldResolver(() => [String], {
    description:
      'In which ways the key is against the policy of its organization, in words: it may have been made before the policy ' +
      'became as strict as it is. Its lifetime counts from when it was made. Empty for a key that fits or is revoked.',
  })
  async violatesPolicy(
    @Root() key: ApiKey,
    @Ctx() { apiKeys, policies }: ApiKeyContext,
  ): Promise<readonly string[]> {
    if (key.revokedAt !== null) return [];
    const [policy, breadth] = await Promise.all([policies.find(key.organizationId), apiKeys.breadthOf(key)]);
    const { expiresAt, createdAt } = key;
    return policyViolations({ breadth, createdAt, expiresAt }, policy).map(({ message }) => message);
  }

  @FieldResolver(() => GraphQLJSONObject, {
    nullable: true,
    description: 'What the maker keeps with the key.',
  })
  metadata(@Root() key: ApiKey): object | null {
    return key.metadata === null ? null : (JSON.parse(key.metadata) as object);
  }

  @FieldResolver(() => Organization, {
    nullable: true,
    description: 'The organization of the key; null when you may not read it.',
  })
  organization(@Root() key: ApiKey, @Ctx() context: ApiKeyContext): MaybePromise<ShownResource | null> {
    return readableOnceFound(context.resources.find(key.organizationId), context);
  }

  @FieldResolver(() => ScopeType, { description: 'What the key may touch.' })
  scope(
    @Root() key: ApiKey,
    @Ctx() context: ApiKeyContext,
    @Info() info: GraphQLResolveInfo,
  ): MaybePromise<KeyScope> {
    return readKeyScope(key, context, info);
  }
}

/** The path of a resource, empty when there is none that the caller may read: no key reaches the end of that. */
async function readablePath(id: string, context: ApiKeyContext): Promise<Path> {
  const resource = readable(await context.resources.find(id), context);
  return resource === null ? [] : pathOf(resource);
}
