import type { Permissions } from '../auth/authorize';
import { loadMany, loadOne } from '../database/batch-by-key';
import { chunksOf } from '../database/chunks';
import type { Database } from '../database/database';
import { ListReader, type ListQuery } from '../database/list-reader';
import { allOf, isIn, sql } from '../database/sql';
import { ANCESTOR_JOINS, PATH_COLUMNS, PathReader } from '../resources/resource-columns';
import type { ResourceNode } from '../resources/resource-node';
import { Scope, depthOf, levelAt, type Breadth, type Grant, type Level, type Path } from '../scopes';
import { ApiError } from '../shared/errors';
import type { ListedPage, Ordering, PageRequest } from '../shared/pagination';
import { API_KEY_COLUMNS, type ApiKey } from './api-key';
import { BEYOND_MAKER, fits, inRange, inRanges, reaches, type ApiKeyCriteria } from './api-key-filter';

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

/** How many grants one statement reads at most: as ids, and with the resources that they grant. */
const MAX_GRANTS = 250_000;
const MAX_GRANTED = 50_000;

interface BreadthRow {
  readonly apiKeyId: string;
  readonly level: number;
}

interface GrantRow {
  readonly apiKeyId: string;
  readonly level: number;
  readonly resourceId: string;
}

type GrantedRow = Record<string, string | number | null> & { readonly apiKeyId: string };

interface Granted {
  readonly apiKeyId: string;
  readonly resource: ResourceNode;
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
  private readonly grants = loadMany<GrantRow>(
    (ids) => this.readGrants(ids),
    (grant) => grant.apiKeyId,
  );
  private readonly widest = loadOne<BreadthRow>(
    (ids) => this.readBreadths(ids),
    ({ apiKeyId }) => apiKeyId,
  );
  private readonly granted = loadMany<Granted>(
    (ids) => this.readGranted(ids),
    (grant) => grant.apiKeyId,
  );

  constructor(
    private readonly database: Database,
    private readonly permissions: Permissions,
    /** The time at which statuses are told. */
    private readonly now: number,
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
      columns: API_KEY_COLUMNS,
      from: 'api_keys k',
      filter: fits(listing.criteria, this.now),
      ordering: listing.ordering,
      idColumn: 'k.id',
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
    this.grants.clearAll();
    this.widest.clearAll();
    this.granted.clearAll();
    this.lists.forget();
  }

  async breadthOf(apiKeyId: string): Promise<Breadth> {
    const widest = await this.widest.load(apiKeyId);
    return widest === null ? 'NONE' : levelAt(widest.level);
  }

  async scopeOf(apiKeyId: string): Promise<Scope> {
    const rows = await this.grants.load(apiKeyId);
    return new Scope(rows.map(toGrant));
  }

  /** The resources that a key grants, with their ancestors. */
  async grantedResources(apiKeyId: string): Promise<readonly ResourceNode[]> {
    const granted = await this.granted.load(apiKeyId);
    return granted.map(({ resource }) => resource);
  }

  /** A page of the grants of a key. */
  async listGrants(
    apiKeyId: string,
    levels: readonly Level[] | null,
    request: PageRequest,
  ): Promise<ListedPage<Grant>> {
    const query: ListQuery = {
      columns: GRANT_COLUMNS,
      from: 'api_key_grants g',
      filter: levels === null ? [] : [isIn('g.level', levels.map(depthOf))],
      ordering: GRANT_ORDERING,
      idColumn: 'g.resource_id',
      placedRow: 'g.api_key_id = page.listKey AND g.resource_id = page.sortId',
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
      const statement = `SELECT ${API_KEY_COLUMNS} FROM api_keys k WHERE ${where.text}`;
      found.push(...(await this.database.rows<ApiKey>(statement, where.values)));
    }
    return found;
  }

  private async readBreadths(apiKeyIds: readonly string[]): Promise<BreadthRow[]> {
    const where = isIn('g.api_key_id', apiKeyIds);
    return this.database.rows<BreadthRow>(
      `SELECT g.api_key_id AS apiKeyId, MIN(g.level) AS level FROM api_key_grants g WHERE ${where.text} GROUP BY g.api_key_id`,
      where.values,
    );
  }

  private async readGrants(apiKeyIds: readonly string[]): Promise<GrantRow[]> {
    const where = isIn('g.api_key_id', apiKeyIds);
    const rows = await this.database.rows<GrantRow>(
      `SELECT ${GRANT_COLUMNS} FROM api_key_grants g WHERE ${where.text} ORDER BY g.level, g.resource_id ` +
        `LIMIT ${MAX_GRANTS + 1}`,
      where.values,
    );
    return atMost(MAX_GRANTS, rows);
  }

  private async readGranted(apiKeyIds: readonly string[]): Promise<Granted[]> {
    const where = isIn('g.api_key_id', apiKeyIds);
    const rows = await this.database.rows<GrantedRow>(
      `SELECT g.api_key_id AS apiKeyId, ${PATH_COLUMNS} FROM api_key_grants g ` +
        `JOIN resources r0 ON r0.id = g.resource_id ${ANCESTOR_JOINS} ` +
        `WHERE ${where.text} ORDER BY g.level, g.resource_id LIMIT ${MAX_GRANTED + 1}`,
      where.values,
    );
    const paths = new PathReader();
    return atMost(MAX_GRANTED, rows).map((row) => ({ apiKeyId: row.apiKeyId, resource: paths.read(row) }));
  }
}

/** @throws ApiError QUERY_TOO_COMPLEX when there are more */
function atMost<Row>(most: number, rows: readonly Row[]): Row[] {
  if (rows.length <= most) return [...rows];
  const message = `The keys have more than ${most} grants in all. Ask for fewer keys at once.`;
  throw new ApiError('QUERY_TOO_COMPLEX', message);
}

const GRANT_COLUMNS = 'g.api_key_id AS apiKeyId, g.level AS level, g.resource_id AS resourceId';

function toGrant({ level, resourceId }: GrantRow): Grant {
  return { level: levelAt(level), id: resourceId };
}
