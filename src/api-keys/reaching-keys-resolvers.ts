import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { pathOf, type ResourceNode } from '../resources/resource-node';
import { Resource } from '../resources/resource-types';
import type { Grant, Path } from '../scopes';
import { connectionCost, toConnection, type Connection } from '../shared/connection';
import { parsePage } from '../shared/pagination';
import type { ApiKey } from './api-key';
import { ReachingApiKeyListArgs, toListing } from './api-key-listing';
import type { ApiKeyContext } from './api-key-resolver';
import { GrantType, ResourceApiKeyConnection, ResourceApiKeyEdge } from './api-key-types';

/** An edge from a resource to a key that reaches it. */
interface ReachingEdge {
  readonly node: ApiKey;
  readonly path: Path;
}

/** `apiKeys`, on each of the four types of resources. */
@Resolver(() => Resource)
class ReachingKeysResolver {
  @FieldResolver(() => ResourceApiKeyConnection, {
    complexity: connectionCost,
    description: 'The API keys that you may read and that may touch this resource.',
  })
  async apiKeys(
    @Root() resource: ResourceNode,
    @Args() args: ReachingApiKeyListArgs,
    @Ctx() { apiKeys }: ApiKeyContext,
  ): Promise<Connection<ApiKey>> {
    const listing = toListing(args);
    const path = pathOf(resource);
    const selection = { organizationId: null, reaching: path };
    const page = await apiKeys.list(selection, listing, parsePage(args, listing.ordering));
    const connection = toConnection(page, listing.ordering);
    return { ...connection, edges: connection.edges.map(({ node, cursor }) => ({ node, cursor, path })) };
  }
}

@Resolver(() => ResourceApiKeyEdge)
class ReachingKeyEdgeResolver {
  @FieldResolver(() => [GrantType], {
    description:
      'The grants by which the key reaches the resource: on the resource itself or above it, nearest first.',
  })
  async grants(
    @Root() { node, path }: ReachingEdge,
    @Ctx() { apiKeys }: ApiKeyContext,
  ): Promise<readonly Grant[]> {
    return (await apiKeys.scopeOf(node)).grantsReaching(path);
  }
}

export const REACHING_KEYS_RESOLVERS = [ReachingKeysResolver, ReachingKeyEdgeResolver];
