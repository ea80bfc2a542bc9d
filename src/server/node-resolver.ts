import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import { readable } from '../resources/resource-resolvers';
import { RESOURCE_TYPES } from '../resources/resource-types';
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
  ): Promise<object | null> {
    const nodeId = parseId(id, 'id');
    const resource = readable(await context.resources.find(nodeId), context);
    if (resource !== null) return { ...resource, __typename: RESOURCE_TYPES[resource.level].type.name };
    const key = await context.apiKeys.find(nodeId);
    return key === null ? null : { ...key, __typename: 'ApiKey' };
  }
}
