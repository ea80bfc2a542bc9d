import { Arg, Args, Ctx, FieldResolver, ID, Resolver, Root } from 'type-graphql';
import type { ResourceNode } from '../resources/resource-node';
import { readable, readableOnceFound } from '../resources/resource-resolvers';
import { ResourceLevel } from '../resources/resource-level';
import { Organization, RESOURCE_TYPES, Resource } from '../resources/resource-types';
import type { Breadth, Grant, Level } from '../scopes';
import { ConnectionArgs, connectionCost, toConnection, type Connection } from '../shared/connection';
import type { MaybePromise } from '../shared/when-ready';
import { parsePage } from '../shared/pagination';
import { ScopeBreadth } from './api-key-enums';
import { GRANT_ORDERING } from './api-key-repository';
import type { ApiKeyContext } from './api-key-resolver';
import { GrantConnection, GrantType, ScopeType } from './api-key-types';
import type { KeyScope } from './key-scope';

/** How many entries a list of a scope is taken to have when the cost of a query is estimated. */
const TYPICAL_GRANTS = 5;

const ADVICE: Record<Level, string> = {
  ORGANIZATION: 'VERY wide: it covers everything in the organization. Not recommended in most cases.',
  ACCOUNT: 'Wide: each covers all widgets and environments of the account. Not recommended.',
  WIDGET: 'Fairly wide: each covers all environments of the widget. Not recommended.',
  ENVIRONMENT: 'Narrow. Recommended.',
};

@Resolver(() => ScopeType)
class ScopeResolver {
  @FieldResolver(() => ScopeBreadth, { description: 'How wide the scope is: the level of its widest grant.' })
  breadth(@Root() { read }: KeyScope): Breadth {
    return known(read).breadth;
  }

  @FieldResolver(() => ID, {
    nullable: true,
    description: `The organization, if it is granted as a whole. ${ADVICE.ORGANIZATION}`,
  })
  organizationId(@Root() { key, read }: KeyScope): string | null {
    // Only that of the key itself can be granted.
    return known(read).breadth === 'ORGANIZATION' ? key.organizationId : null;
  }

  @FieldResolver(() => Organization, {
    nullable: true,
    description: `The organization, if it is granted as a whole. ${ADVICE.ORGANIZATION}`,
  })
  organization(
    @Root() { key, read }: KeyScope,
    @Ctx() context: ApiKeyContext,
  ): MaybePromise<ResourceNode | null> {
    const { breadth, resources } = known(read);
    if (breadth !== 'ORGANIZATION') return null;
    // The widest comes first, if they were asked for along with it.
    return readableOnceFound(resources?.[0] ?? context.resources.find(key.organizationId), context);
  }

  @FieldResolver(() => GrantConnection, {
    complexity: connectionCost,
    description: 'The grants of the scope, widest first: for scopes with too many of them to list at once.',
  })
  async grants(
    @Root() { key }: KeyScope,
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
  resource(@Root() grant: Grant, @Ctx() context: ApiKeyContext): MaybePromise<ResourceNode | null> {
    return readableOnceFound(context.resources.find(grant.id), context);
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
    [ids](@Root() { read }: KeyScope): readonly string[] {
      return known(known(read).scope).idsAt(level);
    }

    @FieldResolver(() => [type], {
      complexity: ({ childComplexity }) => 1 + TYPICAL_GRANTS * childComplexity,
      description: `The granted ${many} that you may read. ${ADVICE[level]}`,
    })
    [many](@Root() { read }: KeyScope, @Ctx() context: ApiKeyContext): readonly ResourceNode[] {
      const granted = known(known(read).resources);
      return granted.filter((resource) => resource.level === level && readable(resource, context) !== null);
    }
  }
  return GrantedListsResolver;
}

/** What was read for the fields that are asked for: see `readKeyScope`. */
function known<Read>(read: Read | null): Read {
  if (read === null) throw new Error('The scope was read in less detail than one of its fields shows.');
  return read;
}

export const SCOPE_RESOLVERS = [
  ScopeResolver,
  GrantResolver,
  grantedLists('ACCOUNT'),
  grantedLists('WIDGET'),
  grantedLists('ENVIRONMENT'),
];
