import { Arg, Args, Ctx, FieldResolver, ID, Resolver, Root } from 'type-graphql';
import type { ResourceNode } from '../resources/resource-node';
import { readable } from '../resources/resource-resolvers';
import { ResourceLevel } from '../resources/resource-level';
import { Organization, RESOURCE_TYPES, Resource } from '../resources/resource-types';
import type { Breadth, Grant, Level } from '../scopes';
import { ConnectionArgs, connectionCost, toConnection, type Connection } from '../shared/connection';
import { parsePage } from '../shared/pagination';
import type { ApiKey } from './api-key';
import { ScopeBreadth } from './api-key-enums';
import { GRANT_ORDERING } from './api-key-repository';
import type { ApiKeyContext } from './api-key-resolver';
import { GrantConnection, GrantType, ScopeType } from './api-key-types';

/** How many entries a list of a scope is taken to have when the cost of a query is estimated. */
const TYPICAL_GRANTS = 5;

const ADVICE: Record<Level, string> = {
  ORGANIZATION: 'VERY wide: it covers everything in the organization. Not recommended in most cases.',
  ACCOUNT: 'Wide: each covers all widgets and environments of the account. Not recommended.',
  WIDGET: 'Fairly wide: each covers all environments of the widget. Not recommended.',
  ENVIRONMENT: 'Narrow. Recommended.',
};

/** The resolvers of a scope have its key for a root. */
@Resolver(() => ScopeType)
class ScopeResolver {
  @FieldResolver(() => ScopeBreadth, { description: 'How wide the scope is: the level of its widest grant.' })
  async breadth(@Root() key: ApiKey, @Ctx() { apiKeys }: ApiKeyContext): Promise<Breadth> {
    return apiKeys.breadthOf(key.id);
  }

  @FieldResolver(() => ID, {
    nullable: true,
    description: `The organization, if it is granted as a whole. ${ADVICE.ORGANIZATION}`,
  })
  async organizationId(@Root() key: ApiKey, @Ctx() { apiKeys }: ApiKeyContext): Promise<string | null> {
    // Only that of the key itself can be granted.
    return (await apiKeys.breadthOf(key.id)) === 'ORGANIZATION' ? key.organizationId : null;
  }

  @FieldResolver(() => Organization, {
    nullable: true,
    description: `The organization, if it is granted as a whole. ${ADVICE.ORGANIZATION}`,
  })
  async organization(@Root() key: ApiKey, @Ctx() context: ApiKeyContext): Promise<ResourceNode | null> {
    const { breadth, resources } = await context.apiKeys.readScope(key.id, 'BREADTH');
    if (breadth !== 'ORGANIZATION') return null;
    // The widest comes first, if they were asked for along with it.
    return readable(resources?.[0] ?? (await context.resources.find(key.organizationId)), context);
  }

  @FieldResolver(() => GrantConnection, {
    complexity: connectionCost,
    description: 'The grants of the scope, widest first: for scopes with too many of them to list at once.',
  })
  async grants(
    @Root() key: ApiKey,
    @Args() args: ConnectionArgs,
    @Arg('levels', () => [ResourceLevel], { nullable: true, description: 'Only grants of these levels.' })
    levels: Level[] | null,
    @Ctx() { apiKeys }: ApiKeyContext,
  ): Promise<Connection<Grant>> {
    const page = parsePage(args, GRANT_ORDERING);
    return toConnection(await apiKeys.listGrants(key.id, levels ?? null, page), GRANT_ORDERING);
  }
}

@Resolver(() => GrantType)
class GrantResolver {
  @FieldResolver(() => Resource, {
    nullable: true,
    description: 'The granted resource; null when you may not read it.',
  })
  async resource(@Root() grant: Grant, @Ctx() context: ApiKeyContext): Promise<ResourceNode | null> {
    return readable(await context.resources.find(grant.id), context);
  }
}

/**
 * `accountIds` and `accounts`, for each level below the organization. The methods are named as their fields are, since
 * type-graphql takes methods of one name on one type for the same field.
 */
function grantedLists(level: Level) {
  const { type, one, many } = RESOURCE_TYPES[level];
  const ids = `${one}Ids`;

  @Resolver(() => ScopeType)
  class GrantedListsResolver {
    @FieldResolver(() => [ID], {
      description: `The ids of the granted ${many}. ${ADVICE[level]}`,
    })
    async [ids](@Root() key: ApiKey, @Ctx() { apiKeys }: ApiKeyContext): Promise<readonly string[]> {
      return (await apiKeys.scopeOf(key.id)).idsAt(level);
    }

    @FieldResolver(() => [type], {
      complexity: ({ childComplexity }) => 1 + TYPICAL_GRANTS * childComplexity,
      description: `The granted ${many} that you may read. ${ADVICE[level]}`,
    })
    async [many](@Root() key: ApiKey, @Ctx() context: ApiKeyContext): Promise<readonly ResourceNode[]> {
      return grantedAt(level, key, context);
    }
  }
  return GrantedListsResolver;
}

async function grantedAt(
  level: Level,
  key: ApiKey,
  context: ApiKeyContext,
): Promise<readonly ResourceNode[]> {
  const granted = await context.apiKeys.grantedResources(key.id);
  return granted.filter((resource) => resource.level === level && readable(resource, context) !== null);
}

export const SCOPE_RESOLVERS = [
  ScopeResolver,
  GrantResolver,
  grantedLists('ACCOUNT'),
  grantedLists('WIDGET'),
  grantedLists('ENVIRONMENT'),
];
