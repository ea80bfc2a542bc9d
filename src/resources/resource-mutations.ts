import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { Change, MakeChange } from '../audit/change';
import { parseId } from '../shared/ids';
import { answer } from '../shared/payload';
import { createOrganization } from './create-organization';
import { createResource } from './create-resource';
import { deleteResource } from './delete-resource';
import type { KeysOnTree } from './keys-on-tree';
import { moveResource } from './move-resource';
import { renameResource } from './rename-resource';
import {
  CreateOrganizationInput,
  CreateResourceInput,
  DeleteResourceInput,
  MoveResourceInput,
  RenameResourceInput,
} from './resource-inputs';
import { CreateOrganizationPayload, DeleteResourcePayload, ResourcePayload } from './resource-payloads';
import type { ResourceNode } from './resource-node';
import type { ResourceContext } from './resource-resolvers';
import { shown } from './shown-resource';

/** What the mutations of resources need of a request. */
export interface ResourceMutationContext extends ResourceContext {
  readonly change: MakeChange;
  readonly keysOnTree: KeysOnTree;
}

@Resolver()
export class ResourceMutations {
  @Mutation(() => CreateOrganizationPayload, {
    description: 'Makes an organization, and you its owner.',
  })
  async createOrganization(
    @Arg('input', () => CreateOrganizationInput, { description: 'What the organization shall be.' })
    input: CreateOrganizationInput,
    @Ctx() context: ResourceMutationContext,
  ): Promise<CreateOrganizationPayload> {
    return answer(async () => {
      const organization = await context.change((change) => createOrganization(change, input));
      return { organization: shown(organization, context) };
    });
  }

  @Mutation(() => ResourcePayload, {
    description: 'Makes an account, a widget or an environment: what its parent is made of.',
  })
  async createResource(
    @Arg('input', () => CreateResourceInput, { description: 'What the resource shall be.' })
    input: CreateResourceInput,
    @Ctx() context: ResourceMutationContext,
  ): Promise<ResourcePayload> {
    const resource = { parentId: parseId(input.parentId, 'input.parentId'), name: input.name };
    return changed((change) => createResource(change, resource), context);
  }

  @Mutation(() => ResourcePayload, { description: 'Gives a resource of any level another name.' })
  async renameResource(
    @Arg('input', () => RenameResourceInput, { description: 'Which resource, and its name.' })
    input: RenameResourceInput,
    @Ctx() context: ResourceMutationContext,
  ): Promise<ResourcePayload> {
    const renaming = { id: parseId(input.id, 'input.id'), name: input.name };
    return changed((change) => renameResource(change, renaming), context);
  }

  @Mutation(() => ResourcePayload, {
    description:
      'Moves a widget to another account, or an environment to another widget, with all below it. From then on the API ' +
      'keys of its new place reach it, and those of its old place no longer; keys that were granted it itself still do.',
  })
  async moveResource(
    @Arg('input', () => MoveResourceInput, { description: 'Which resource, and where.' })
    input: MoveResourceInput,
    @Ctx() context: ResourceMutationContext,
  ): Promise<ResourcePayload> {
    const move = {
      id: parseId(input.id, 'input.id'),
      parentId: parseId(input.parentId, 'input.parentId'),
    };
    return changed((change) => moveResource(change, move), context);
  }

  @Mutation(() => DeleteResourcePayload, {
    description:
      'Deletes a resource with all below it, for good. API keys lose what they were granted there, and get nothing in its ' +
      'place. An organization, which only its owners delete, takes its keys, people, policy and webhooks along.',
  })
  async deleteResource(
    @Arg('input', () => DeleteResourceInput, { description: 'Which resource.' }) input: DeleteResourceInput,
    @Ctx() context: ResourceMutationContext,
  ): Promise<DeleteResourcePayload> {
    const id = parseId(input.id, 'input.id');
    return changed((change) => deleteResource(change, context.keysOnTree, id), context);
  }
}

async function changed(
  work: (change: Change) => Promise<ResourceNode>,
  context: ResourceMutationContext,
): Promise<ResourcePayload> {
  return answer(async () => ({ resource: shown(await context.change(work), context) }));
}
