import type { Permissions } from '../auth/authorize';
import { loadOne } from '../database/batch-by-key';
import { chunksOf } from '../database/chunks';
import type { Database } from '../database/database';
import { ListReader, type ListQuery, type ListSource } from '../database/list-reader';
import { allOf, isIn, selectList, sql } from '../database/sql';
import { Scope, depthOf, type Breadth, type Grant, type Level, type Path } from '../scopes';
import type { ListedPage, Ordering, PageRequest } from '../shared/pagination';
import type { MaybePromise } from '../shared/when-ready';
import { API_KEY_COLUMNS, type ApiKey } from './api-key';
import { BEYOND_MAKER, fits, inRange, inRanges, reaches, type ApiKeyCriteria } from './api-key-filter';
import type { ReadScope, ScopedKey } from './read-scope';
import { GRANT_COLUMNS, ScopeReader, toGrant, type GrantRow, type ScopeDetail } from './scope-reader';

export const API_KEY_ORDERINGS = {
  CREATED_AT: { name: 'CREATED_AT', column: 'k.created_at', holds: 'number' },
  MODIFIED_AT: { name: 'MODIFIED_AT', column: 'k.modified_at', holds: 'number' },
  NAME: { name: 'NAME', column: 'k.name_folded', holds: 'string' },
} as const satisfies Record<string, Ordering>;

/** The grants of a key are listed widest first. */
export const GRANT_ORDERING = {
  name: 'LEVEL',
  column: 'g.level',
  holds: 'number',
} as const satisfies Ordering;

const API_KEYS: ListSource = { columns: API_KEY_COLUMNS, from: 'api_keys k', idColumn: 'k.id' };

const GRANTS: ListSource = {
  columns: GRANT_COLUMNS,
  from: 'api_key_grants g',
  idColumn: 'g.resource_id',
  placedRow: 'g.api_key_id = page.listKey AND g.resource_id = page.sortId',
};

/** How a list of keys is filtered and sorted. */
export interface ApiKeyListing {
  readonly criteria: ApiKeyCriteria;
  readonly ordering: Ordering;
  readonly descending: boolean;
}

/** Which keys a list is made of, of those that the caller may read. */
export interface KeySelection {
  /** Those of one organization. */
  readonly organizationId: string | null;
  /** Those that reach the end of a path. */
  readonly reaching: Path | null;
  /** Those that reach beyond what their maker may touch. */
  readonly beyondMaker?: boolean;
}

/**
 * The API keys that the caller may read, for one request: what is asked for together is read together, and only once.
 * What may be read is part of every query, so that keys of other tenants never leave the database.
 */
export class ApiKeyRepository {
  private readonly lists: ListReader;
  private readonly byId = loadOne<ApiKey>(
    (ids) => this.readKeys(ids),
    (key) => key.id,
  );

  constructor(
    private readonly database: Database,
    private readonly permissions: Permissions,
    /** The time at which statuses are told. */
    private readonly now: number,
    private readonly scopes: ScopeReader,
  ) {
    this.lists = new ListReader(database);
  }

  /** A key; null when there is none of that id that the caller may read. */
  async find(id: string): Promise<ApiKey | null> {
    return this.byId.load(id);
  }

  /** The keys that the caller may read. */
  async list(
    { organizationId, reaching, beyondMaker = false }: KeySelection,
    listing: ApiKeyListing,
    request: PageRequest,
  ): Promise<ListedPage<ApiKey>> {
    const ranges = this.permissions
      .readableKeys(organizationId ?? undefined)
      .filter((range) => reaching === null || range.organizationId === reaching.at(-1)?.id)
      .map((range) =>
        allOf([
          inRange(range),
          ...(reaching === null ? [] : [reaches(reaching)]),
          ...(beyondMaker ? [sql(BEYOND_MAKER)] : []),
        ]),
      );
    // All keys, and those that reach an empty path, which are none, are two lists.
    const key = JSON.stringify([organizationId, reaching && (reaching[0]?.id ?? ''), beyondMaker]);
    const list = { key, ranges };
    const query: ListQuery = {
      source: API_KEYS,
      filter: fits(listing.criteria, this.now),
      ordering: listing.ordering,
      descending: listing.descending,
    };
    return {
      page: await this.lists.page<ApiKey>(list, query, request),
      count: () => this.lists.count(list, query),
    };
  }

  /** Forgets what has been read, since it has been changed. */
  forget(): void {
    this.byId.clearAll();
    this.scopes.forget();
    this.lists.forget();
  }

  /** What a key may touch, in as much detail as is asked for, or more. */
  readScope(key: ScopedKey, detail: ScopeDetail): MaybePromise<ReadScope> {
    return this.scopes.read(key, detail);
  }

  async breadthOf(key: ScopedKey): Promise<Breadth> {
    return (await this.scopes.read(key, 'BREADTH')).breadth;
  }

  async scopeOf(key: ScopedKey): Promise<Scope> {
    return (await this.scopes.read(key, 'GRANTS')).scope ?? Scope.NOTHING;
  }

  /** A page of the grants of a key. */
  async listGrants(
    apiKeyId: string,
    levels: readonly Level[] | null,
    request: PageRequest,
  ): Promise<ListedPage<Grant>> {
    const query: ListQuery = {
      source: GRANTS,
      filter: levels === null ? [] : [isIn('g.level', levels.map(depthOf))],
      ordering: GRANT_ORDERING,
      descending: false,
    };
    const list = { key: apiKeyId, ranges: [sql('g.api_key_id = ?', apiKeyId)] };
    const { items, ...rest } = await this.lists.page<GrantRow>(list, query, request);
    const entries = items.map(({ item, position }) => ({ item: toGrant(item), position }));
    return { page: { items: entries, ...rest }, count: () => this.lists.count(list, query) };
  }

  private async readKeys(ids: readonly string[]): Promise<ApiKey[]> {
    const ranges = this.permissions.readableKeys();
    if (ranges.length === 0) return [];
    const found: ApiKey[] = [];
    for (const part of chunksOf(ids)) {
      const where = allOf([isIn('k.id', part), inRanges(ranges)]);
      const statement = `SELECT ${selectList(API_KEY_COLUMNS)} FROM api_keys k WHERE ${where.text}`;
      found.push(...(await this.database.rows<ApiKey>(statement, where.values)));
    }
    return found;
  }
}
