import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { toGrants } from '../api-keys/changing/scope-input';
import type { MakeChange } from '../audit/change';
import type { Grant } from '../scopes';
import { parseId } from '../shared/ids';
import { answer } from '../shared/payload';
import { addMembership } from './add-membership';
import { changeMembership } from './change-membership';
import type { PeopleContext } from './membership-resolvers';
import {
  AddMembershipInput,
  ChangeMembershipInput,
  RemoveMembershipInput,
  type NarrowingInput,
} from './people-inputs';
import { AddMembershipPayload, ChangeMembershipPayload, RemoveMembershipPayload } from './people-payloads';
import { removeMembership } from './remove-membership';

/** What the mutations of memberships need of a request. */
export interface PeopleMutationContext extends PeopleContext {
  readonly change: MakeChange;
}

@Resolver()
export class PeopleMutations {
  @Mutation(() => AddMembershipPayload, {
    description:
      'Gives a user a place in an organization, which its owners may. A service with `resources:sync` may give an ' +
      'organization without owners, such as one that it has synced, its first.',
  })
  async addMembership(
    @Arg('input', () => AddMembershipInput, { description: 'Who, where and as what.' })
    { organizationId, userId, role, narrowedTo }: AddMembershipInput,
    @Ctx() { change }: PeopleMutationContext,
  ): Promise<AddMembershipPayload> {
    const added = {
      organizationId: parseId(organizationId, 'input.organizationId'),
      userId,
      role,
      narrowedTo: toNarrowing(narrowedTo),
    };
    return answer(() => change(async (open) => ({ membership: await addMembership(open, added) })));
  }

  @Mutation(() => ChangeMembershipPayload, {
    description: 'Gives a user another role in an organization, or another part of it, which its owners may.',
  })
  async changeMembership(
    @Arg('input', () => ChangeMembershipInput, { description: 'What shall be changed.' })
    { id, role, narrowedTo, widen, revokeKeys }: ChangeMembershipInput,
    @Ctx() { change }: PeopleMutationContext,
  ): Promise<ChangeMembershipPayload> {
    const changed = {
      id: parseId(id, 'input.id'),
      role: role ?? null,
      narrowedTo: toNarrowing(narrowedTo),
      widen,
      revokeKeys,
    };
    return answer(() => change((open) => changeMembership(open, changed)));
  }

  @Mutation(() => RemoveMembershipPayload, {
    description: "Takes a user's place in an organization away, which its owners may.",
  })
  async removeMembership(
    @Arg('input', () => RemoveMembershipInput, { description: 'Whose place.' })
    { id, revokeKeys }: RemoveMembershipInput,
    @Ctx() { change }: PeopleMutationContext,
  ): Promise<RemoveMembershipPayload> {
    const removed = { id: parseId(id, 'input.id'), revokeKeys };
    return answer(() => change((open) => removeMembership(open, removed)));
  }
}

function toNarrowing(input: NarrowingInput | null | undefined): readonly Grant[] | null {
  return input == null ? null : toGrants(input);
}
