import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import type { ApiKey } from '../api-keys/api-key';
import type { ResourceNode } from '../resources/resource-node';
import { readable } from '../resources/resource-resolvers';
import { parseId } from '../shared/ids';
import { Node } from '../shared/node';
import type { RequestContext } from './request-context';

@Resolver()
export class NodeResolver {
  @Query(() => Node, {
    nullable: true,
    description: 'Anything by its id; null when there is nothing of that id that you may read.',
  })
  async node(
    @Arg('id', () => ID, { description: 'The id.' }) id: string,
    @Ctx() context: RequestContext,
  ): Promise<ResourceNode | ApiKey | null> {
    const nodeId = parseId(id, 'id');
    const resource = readable(await context.resources.find(nodeId), context);
    return resource ?? context.apiKeys.find(nodeId);
  }
}
