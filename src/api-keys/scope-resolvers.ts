import { Arg, Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { readableOnceFound, type ShownResource } from '../resources/shown-resource';
import { ResourceLevel } from '../resources/resource-level';
import { Resource } from '../resources/resource-types';
import type { Grant, Level } from '../scopes';
import { ConnectionArgs, connectionCost, toConnection, type Connection } from '../shared/connection';
import type { MaybePromise } from '../shared/when-ready';
import { parsePage } from '../shared/pagination';
import { GRANT_ORDERING } from './api-key-repository';
import type { ApiKeyContext } from './api-key-resolver';
import { GrantConnection, GrantType } from './api-key-types';
import type { KeyScope } from './key-scope';
import { ScopeType } from './scope-type';

@Resolver(() => ScopeType)
class ScopeResolver {
  @FieldResolver(() => GrantConnection, {
    complexity: connectionCost,
    description: 'The grants of the scope, widest first: for scopes with too many of them to list at once.',
  })
  async grants(
    @Root() { keyId }: KeyScope,
    @Args() args: ConnectionArgs,
    @Arg('levels', () => [ResourceLevel], { nullable: true, description: 'Only grants of these levels.' })
    levels: Level[] | null,
    @Ctx() { apiKeys }: ApiKeyContext,
  ): Promise<Connection<Grant>> {
    const page = parsePage(args, GRANT_ORDERING);
    return toConnection(await apiKeys.listGrants(keyId, levels ?? null, page), GRANT_ORDERING);
  }
}

@Resolver(() => GrantType)
class GrantResolver {
  @FieldResolver(() => Resource, {
    nullable: true,
    description: 'The granted resource; null when you may not read it.',
  })
  resource(@Root() grant: Grant, @Ctx() context: ApiKeyContext): MaybePromise<ShownResource | null> {
    return readableOnceFound(context.resources.find(grant.id), context);
  }
}

export const SCOPE_RESOLVERS = [ScopeResolver, GrantResolver];
