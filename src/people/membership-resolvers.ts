import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { GrantType } from '../api-keys/api-key-types';
import type { Membership } from '../auth/principal';
import type { ResourceNode } from '../resources/resource-node';
import type { ResourceContext } from '../resources/resource-resolvers';
import { readable, type ShownResource } from '../resources/shown-resource';
import { Organization } from '../resources/resource-types';
import type { Grant } from '../scopes';
import { ConnectionArgs, connectionCost, toConnection, type Connection } from '../shared/connection';
import { parsePage } from '../shared/pagination';
import { MembershipConnection, MembershipType } from './membership-types';
import { MEMBERSHIP_ORDERING, type PeopleRepository } from './people-repository';

/** What the resolvers of memberships need of a request. */
export interface PeopleContext extends ResourceContext {
  readonly people: PeopleRepository;
}

@Resolver(() => MembershipType)
class MembershipResolver {
  @FieldResolver(() => Organization, {
    nullable: true,
    description: 'The organization; null when you may not read it.',
  })
  async organization(
    @Root() membership: Membership,
    @Ctx() context: ResourceContext,
  ): Promise<ShownResource | null> {
    return readable(await context.resources.find(membership.organizationId), context);
  }

  @FieldResolver(() => [GrantType], {
    nullable: true,
    description:
      'What the membership is narrowed to; null when it reaches the whole organization. Empty: it reaches nothing.',
  })
  narrowedTo(@Root() membership: Membership): readonly Grant[] | null {
    return membership.narrowedTo?.grants ?? null;
  }
}

@Resolver(() => Organization)
class OrganizationPeopleResolver {
  @FieldResolver(() => MembershipConnection, {
    nullable: true,
    complexity: connectionCost,
    description:
      'The people of the organization, by their id; null when you are not one of its owners or admins.',
  })
  async memberships(
    @Root() { id }: ResourceNode,
    @Args() args: ConnectionArgs,
    @Ctx() { permissions, people }: PeopleContext,
  ): Promise<Connection<Membership> | null> {
    const page = parsePage(args, MEMBERSHIP_ORDERING);
    if (!permissions.may('people:read', id)) return null;
    return toConnection(await people.list(id, page), MEMBERSHIP_ORDERING);
  }
}

export const MEMBERSHIP_RESOLVERS = [MembershipResolver, OrganizationPeopleResolver];
