import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import type { ApiKey } from '../api-keys/api-key';
import { readable, type ShownResource } from '../resources/shown-resource';
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
  ): Promise<ShownResource | ApiKey | null> {
    const nodeId = parseId(id, 'id');
    const resource = readable(await context.resources.find(nodeId), context);
    return resource ?? context.apiKeys.find(nodeId);
  }
}
