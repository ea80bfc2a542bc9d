import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import type { Permissions } from '../auth/authorize';
import { LEVELS, type Level } from '../scopes';
import { connectionCost, connectionTypes, toConnection, type Connection } from '../shared/connection';
import { parseId } from '../shared/ids';
import { parsePage, type ListedPage, type PageRequest } from '../shared/pagination';
import { ResourceListArgs, toListing } from './resource-listing';
import { pathOf, type ResourceNode } from './resource-node';
import type { ResourceListing, ResourceRepository } from './resource-repository';
import { RESOURCE_TYPES, Resource } from './resource-types';
import { readable, shown, type ShownResource } from './shown-resource';

/** What the resolvers of resources need of a request. */
export interface ResourceContext {
  readonly permissions: Permissions;
  readonly resources: ResourceRepository;
}

const CONNECTIONS = Object.fromEntries(
  LEVELS.map((level) => {
    const { type } = RESOURCE_TYPES[level];
    return [level, connectionTypes<Resource>(type.name, () => type).Connection];
  }),
) as Record<Level, ReturnType<typeof connectionTypes<Resource>>['Connection']>;

/** `account(id)`, for each level. */
function lookUp(level: Level) {
  const { type, one } = RESOURCE_TYPES[level];

  @Resolver()
  class LookUpResolver {
    @Query(() => type, {
      name: one,
      nullable: true,
      description: `The ${one} of an id; null when there is none that you may read.`,
    })
    async find(
      @Arg('id', () => ID, { description: `The id of the ${one}.` }) id: string,
      @Ctx() context: ResourceContext,
    ): Promise<ShownResource | null> {
      const resource = await context.resources.find(parseId(id, 'id'));
      return resource?.level === level ? readable(resource, context) : null;
    }
  }
  return LookUpResolver;
}

/** `Organization.accounts`, for each level that has one below it. */
function childrenField(level: Level, childLevel: Level) {
  const { type, one } = RESOURCE_TYPES[level];
  const { many } = RESOURCE_TYPES[childLevel];

  @Resolver(() => type)
  class ChildrenResolver {
    @FieldResolver(() => CONNECTIONS[childLevel], {
      name: many,
      complexity: connectionCost,
      description: `The ${many} of the ${one} that you may read.`,
    })
    async children(
      @Root() parent: ResourceNode,
      @Args() args: ResourceListArgs,
      @Ctx() context: ResourceContext,
    ): Promise<Connection<ShownResource>> {
      const allowed = context.permissions.readableChildren(pathOf(parent));
      return listed(args, context, (listing, page) =>
        context.resources.children(parent, allowed, listing, page),
      );
    }
  }
  return ChildrenResolver;
}

@Resolver()
class OrganizationsResolver {
  @Query(() => CONNECTIONS.ORGANIZATION, {
    complexity: connectionCost,
    description: 'The organizations that you may read.',
  })
  async organizations(
    @Args() args: ResourceListArgs,
    @Ctx() context: ResourceContext,
  ): Promise<Connection<ShownResource>> {
    const allowed = context.permissions.readableOrganizationIds();
    return listed(args, context, (listing, page) => context.resources.organizations(allowed, listing, page));
  }
}

async function listed(
  args: ResourceListArgs,
  context: ResourceContext,
  read: (listing: ResourceListing, page: PageRequest) => Promise<ListedPage<ResourceNode>>,
): Promise<Connection<ShownResource>> {
  const listing = toListing(args);
  const { page, count } = await read(listing, parsePage(args, listing.ordering));
  const items = page.items.map(({ item, position }) => ({ item: shown(item, context), position }));
  return toConnection({ page: { ...page, items }, count }, listing.ordering);
}

/** Neighbouring levels, the wider first. */
const NEIGHBOURS = LEVELS.slice(1).map((level, index) => [LEVELS[index], level] as [Level, Level]);

export const RESOURCE_RESOLVERS = [
  OrganizationsResolver,
  ...LEVELS.map((level) => lookUp(level)),
  ...NEIGHBOURS.map(([wider, narrower]) => childrenField(wider, narrower)),
];
