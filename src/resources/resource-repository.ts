import type { ReadableChildren } from '../auth/authorize';
import { loadOne } from '../database/batch-by-key';
import type { Database } from '../database/database';
import { ListReader, type List, type ListQuery, type ListSource } from '../database/list-reader';
import { allOf, contains, isIn, sql, type Fragment } from '../database/sql';
import { foldName } from '../shared/folded-name';
import type { MaybePromise } from '../shared/when-ready';
import type { ListedPage, Ordering, PageRequest } from '../shared/pagination';
import { findBySlugs, findPaths } from './find-paths';
import { resourceColumns, toResource } from './resource-columns';
import type { ResourceNode } from './resource-node';
import { withAncestors, type KnownTree } from './tree-memory';

export const RESOURCE_ORDERINGS = {
  NAME: { name: 'NAME', column: 'r0.name_folded', holds: 'string' },
  CREATED_AT: { name: 'CREATED_AT', column: 'r0.created_at', holds: 'number' },
} as const satisfies Record<string, Ordering>;

/** How a list of resources is filtered and sorted. */
export interface ResourceListing {
  readonly nameContains: string | null;
  readonly ordering: Ordering;
  readonly descending: boolean;
}

/** Finds resources with their ancestors, for one request: those that are not known are read together. */
export class ResourceFinder {
  private readonly unknown = loadOne<ResourceNode>(
    (ids) => this.read(ids),
    (resource) => resource.id,
  );

  constructor(
    private readonly database: Database,
    private readonly tree: KnownTree,
  ) {}

  /** A resource; null when there is none of that id. What is known comes at once. */
  find(id: string): MaybePromise<ResourceNode | null> {
    return this.tree.find(id) ?? this.unknown.load(id);
  }

  /** Forgets what has been read, since it has been changed. */
  forget(): void {
    this.tree.forget();
    this.unknown.clearAll();
  }

  private async read(ids: readonly string[]): Promise<ResourceNode[]> {
    const found = await findPaths(this.database, ids);
    this.tree.remember(withAncestors(found));
    return found;
  }
}

type ResourceRow = Record<string, string | number | null>;

/** The resources, for one request: what is asked for together is read together, and only once. */
export class ResourceRepository {
  private readonly lists: ListReader;
  private readonly bySlug = loadOne<ResourceNode>(
    (slugs) => findBySlugs(this.database, slugs),
    (organization) => organization.slug ?? '',
  );

  /** @param byId finds resources, which are the same for everybody */
  constructor(
    private readonly database: Database,
    private readonly byId: ResourceFinder,
  ) {
    this.lists = new ListReader(database);
  }

  /** A resource with its ancestors; null when there is none of that id. What is known comes at once. */
  find(id: string): MaybePromise<ResourceNode | null> {
    return this.byId.find(id);
  }

  /** An organization by its slug; null when there is none. */
  async findBySlug(slug: string): Promise<ResourceNode | null> {
    return this.bySlug.load(slug);
  }

  /** Forgets what has been read, since it has been changed. */
  forget(): void {
    this.byId.forget();
    this.bySlug.clearAll();
    this.lists.forget();
  }

  async organizations(
    ids: readonly string[],
    listing: ResourceListing,
    request: PageRequest,
  ): Promise<ListedPage<ResourceNode>> {
    const list = { key: 'organizations', ranges: ids.length === 0 ? [] : [isIn('r0.id', ids)] };
    return this.list(list, null, listing, request);
  }

  async children(
    parent: ResourceNode,
    readable: ReadableChildren,
    listing: ResourceListing,
    request: PageRequest,
  ): Promise<ListedPage<ResourceNode>> {
    return this.list({ key: parent.id, ranges: childRanges(parent, readable) }, parent, listing, request);
  }

  private async list(
    list: List,
    parent: ResourceNode | null,
    listing: ResourceListing,
    request: PageRequest,
  ): Promise<ListedPage<ResourceNode>> {
    const query = listQuery(listing);
    const { items, ...rest } = await this.lists.page<ResourceRow>(list, query, request);
    const entries = items.map(({ item, position }) => ({ item: toResource(item, 'r0', parent), position }));
    return { page: { items: entries, ...rest }, count: () => this.lists.count(list, query) };
  }
}

function childRanges(parent: ResourceNode, readable: ReadableChildren): Fragment[] {
  const ofParent = sql('r0.parent_id = ?', parent.id);
  if (readable === 'ALL') return [ofParent];
  return readable.length === 0 ? [] : [allOf([ofParent, isIn('r0.id', readable)])];
}

const SOURCE: ListSource = { columns: resourceColumns('r0'), from: 'resources r0', idColumn: 'r0.id' };

function listQuery({ nameContains, ordering, descending }: ResourceListing): ListQuery {
  return {
    source: SOURCE,
    filter: nameContains === null ? [] : [contains('r0.name_folded', foldName(nameContains))],
    ordering,
    descending,
  };
}
