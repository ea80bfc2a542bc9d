import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import type { Permissions } from '../auth/authorize';
import { LEVELS, type Level } from '../scopes';
import { connectionCost, connectionTypes, toConnection, type Connection } from '../shared/connection';
import { parseId } from '../shared/ids';
import { whenReady, type MaybePromise } from '../shared/when-ready';
import { parsePage, type ListedPage, type PageRequest } from '../shared/pagination';
import { ResourceListArgs, toListing } from './resource-listing';
import { pathOf, type ResourceNode } from './resource-node';
import type { ResourceListing, ResourceRepository } from './resource-repository';
import { RESOURCE_TYPES, Resource } from './resource-types';

/** What the resolvers of resources need of a request. */
export interface ResourceContext {
  readonly permissions: Permissions;
  readonly resources: ResourceRepository;
}

/** The resource if the caller may read it, else null, as for a resource that does not exist. */
export function readable(
  resource: ResourceNode | null,
  { permissions }: ResourceContext,
): ResourceNode | null {
  return resource !== null && permissions.mayReadResource(pathOf(resource)) ? resource : null;
}

/** The same for a resource that may have to be waited for. */
export function readableOnceFound(
  resource: MaybePromise<ResourceNode | null>,
  context: ResourceContext,
): MaybePromise<ResourceNode | null> {
  return whenReady(resource, (found) => readable(found, context));
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
    ): Promise<ResourceNode | null> {
      const resource = await context.resources.find(parseId(id, 'id'));
      return resource?.level === level ? readable(resource, context) : null;
    }
  }
  return LookUpResolver;
}

/** `Account.organization`, for each level that has one above it. */
function parentField(level: Level, parentLevel: Level) {
  const { type, one } = RESOURCE_TYPES[level];
  const { type: parentType, one: parentName } = RESOURCE_TYPES[parentLevel];

  @Resolver(() => type)
  class ParentResolver {
    @FieldResolver(() => parentType, {
      name: parentName,
      nullable: true,
      description: `The ${parentName} that the ${one} belongs to; null when you may not read it.`,
    })
    parent(@Root() resource: ResourceNode, @Ctx() context: ResourceContext): ResourceNode | null {
      return readable(resource.parent, context);
    }
  }
  return ParentResolver;
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
      @Ctx() { permissions, resources }: ResourceContext,
    ): Promise<Connection<ResourceNode>> {
      const allowed = permissions.readableChildren(pathOf(parent));
      return listed(args, (listing, page) => resources.children(parent, allowed, listing, page));
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
    @Ctx() { permissions, resources }: ResourceContext,
  ): Promise<Connection<ResourceNode>> {
    const allowed = permissions.readableOrganizationIds();
    return listed(args, (listing, page) => resources.organizations(allowed, listing, page));
  }
}

async function listed(
  args: ResourceListArgs,
  read: (listing: ResourceListing, page: PageRequest) => Promise<ListedPage<ResourceNode>>,
): Promise<Connection<ResourceNode>> {
  const listing = toListing(args);
  return toConnection(await read(listing, parsePage(args, listing.ordering)), listing.ordering);
}

/** Neighbouring levels, the wider first. */
const NEIGHBOURS = LEVELS.slice(1).map((level, index) => [LEVELS[index], level] as [Level, Level]);

export const RESOURCE_RESOLVERS = [
  OrganizationsResolver,
  ...LEVELS.map((level) => lookUp(level)),
  ...NEIGHBOURS.map(([wider, narrower]) => parentField(narrower, wider)),
  ...NEIGHBOURS.map(([wider, narrower]) => childrenField(wider, narrower)),
];
