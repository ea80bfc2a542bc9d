import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { parseId } from '../../shared/ids';
import { answer } from '../../shared/payload';
import type { ResourceMutationContext } from '../resource-mutations';
import type { SyncCall } from './sync-call';
import { syncResources } from './sync-resources';
import { SyncResourcesInput, SyncResourcesPayload } from './sync-types';

@Resolver()
export class SyncMutation {
  @Mutation(() => SyncResourcesPayload, {
    description:
      'Brings the tree to what a platform tells of it, all of it or nothing: for services with `resources:sync`. A call that ' +
      'is repeated changes nothing more.',
  })
  async syncResources(
    @Arg('input', () => SyncResourcesInput, { description: 'What is there, and what is no more.' })
    input: SyncResourcesInput,
    @Ctx() { change, keysOnTree }: ResourceMutationContext,
  ): Promise<SyncResourcesPayload> {
    const call = toCall(input);
    return answer(() => change((open) => syncResources(open, keysOnTree, call)));
  }
}

function toCall({ upserts, deletes }: SyncResourcesInput): SyncCall {
  return {
    upserts: upserts.map(({ id, level, parentId, name, slug }) => ({
      id: parseId(id, 'input.upserts.id'),
      level,
      parentId: parentId == null ? null : parseId(parentId, 'input.upserts.parentId'),
      name,
      slug: slug ?? null,
    })),
    deletes: deletes.map((id) => parseId(id, 'input.deletes')),
  };
}
