import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { ResourceNode } from '../resources/resource-node';
import { Organization } from '../resources/resource-types';
import { ConnectionArgs, connectionCost, toConnection, type Connection } from '../shared/connection';
import { parsePage } from '../shared/pagination';
import type { ApiKey } from './api-key';
import { toListing } from './api-key-listing';
import type { ApiKeyContext } from './api-key-resolver';
import { ApiKeyConnection } from './api-key-types';

@Resolver(() => Organization)
export class KeysBeyondMakerResolver {
  @FieldResolver(() => ApiKeyConnection, {
    nullable: true,
    complexity: connectionCost,
    description:
      'The API keys, not revoked, that reach beyond what their maker may touch now, since the maker was narrowed or is no ' +
      'member any more: the newest first. Null when you are not an owner or admin of the whole organization.',
  })
  async keysBeyondTheirMaker(
    @Root() { id }: ResourceNode,
    @Args() args: ConnectionArgs,
    @Ctx() { permissions, apiKeys }: ApiKeyContext,
  ): Promise<Connection<ApiKey> | null> {
    const listing = toListing({});
    const page = parsePage(args, listing.ordering);
    if (!permissions.may('people:read', id)) return null;
    const selection = { organizationId: id, reaching: null, beyondMaker: true };
    return toConnection(await apiKeys.list(selection, listing, page), listing.ordering);
  }
}
