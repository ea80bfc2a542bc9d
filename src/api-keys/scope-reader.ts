import DataLoader from 'dataloader';
import { MAX_BATCH } from '../database/batch-by-key';
import type { Database } from '../database/database';
import { isIn } from '../database/sql';
import { ANCESTOR_JOINS, PATH_COLUMNS, PathReader } from '../resources/resource-columns';
import type { ResourceNode } from '../resources/resource-node';
import { withAncestors, type KnownTree } from '../resources/tree-memory';
import { Scope, levelAt, type Breadth, type Grant } from '../scopes';
import { ApiError } from '../shared/errors';
import { groupBy } from '../shared/group-by';
import type { MaybePromise } from '../shared/when-ready';
import type { ApiKey } from './api-key';
import type { KnownScopes } from './scope-memory';

/** How much is read of a scope. Each brings what those before it do, and costs more. */
const DETAILS = ['BREADTH', 'GRANTS', 'RESOURCES'] as const;
export type ScopeDetail = (typeof DETAILS)[number];

/** What was read of a scope: as much as was asked for, or more. */
export interface ReadScope {
  readonly breadth: Breadth;
  /** Null: only the breadth was read. */
  readonly scope: Scope | null;
  /** The granted resources with their ancestors, widest first; null: they were not read. */
  readonly resources: readonly ResourceNode[] | null;
}

export interface GrantRow {
  readonly apiKeyId: string;
  readonly level: number;
  readonly resourceId: string;
}

export const GRANT_COLUMNS = 'g.api_key_id AS apiKeyId, g.level AS level, g.resource_id AS resourceId';

export function toGrant({ level, resourceId }: GrantRow): Grant {
  return { level: levelAt(level), id: resourceId };
}

/** Whose scope it is. */
export type ScopedKey = Pick<ApiKey, 'id' | 'organizationId'>;

interface Wanted {
  readonly key: ScopedKey;
  readonly detail: ScopeDetail;
}

type GrantedRow = Record<string, string | number | null> & { readonly apiKeyId: string };

/** How many grants one statement reads at most: as ids, and with the resources that they grant. */
const MAX_GRANTS = 250_000;
const MAX_GRANTED = 50_000;

const NOTHING: ReadScope = { breadth: 'NONE', scope: Scope.NOTHING, resources: [] };

/**
 * Reads the scopes of keys, for one request: those that are not remembered together, in the most detail that was asked for,
 * by one statement, and by another for the paths of resources that are not remembered.
 */
export class ScopeReader {
  private readonly scopes = new DataLoader<Wanted, ReadScope, string>((wanted) => this.readAll(wanted), {
    cacheKeyFn: ({ key, detail }) => `${detail} ${key.id}`,
    maxBatchSize: MAX_BATCH,
  });

  /**
   * @param known spares reading scopes, where it knows them
   * @param tree spares reading the paths of resources, where it knows them
   */
  constructor(
    private readonly database: Database,
    private readonly known: KnownScopes,
    private readonly tree: KnownTree,
  ) {}

  /** At once where it is remembered. */
  read(key: ScopedKey, detail: ScopeDetail): MaybePromise<ReadScope> {
    return this.remembered(key, detail) ?? this.scopes.load({ key, detail });
  }

  /** Forgets what has been read, since it has been changed. */
  forget(): void {
    this.known.forget();
    this.tree.forget();
    this.scopes.clearAll();
  }

  private remembered({ id }: ScopedKey, detail: ScopeDetail): ReadScope | null {
    const scope = this.known.find(id)?.scope;
    if (scope === undefined) return null;
    const { breadth, grants } = scope;
    if (detail !== 'RESOURCES') return { breadth, scope, resources: null };
    const resources = this.tree.findAll(grants);
    return resources && { breadth, scope, resources };
  }

  private async readAll(wanted: readonly Wanted[]): Promise<ReadScope[]> {
    const keys = new Map(wanted.map(({ key }) => [key.id, key]));
    const detail = mostDetailed(wanted.map((one) => one.detail));
    const found = await this.readIn(detail ?? 'BREADTH', [...keys.keys()]);
    const read = (id: string) => found.get(id) ?? NOTHING;
    this.known.remember(
      Array.from(keys.values()).flatMap(({ id, organizationId }) => {
        const { scope } = read(id);
        return scope === null ? [] : [{ id, organizationId, scope }];
      }),
    );
    return wanted.map(({ key }) => read(key.id));
  }

  private async readIn(detail: ScopeDetail, ids: readonly string[]): Promise<ReadonlyMap<string, ReadScope>> {
    switch (detail) {
      case 'BREADTH':
        return this.readBreadths(ids);
      case 'GRANTS':
        return this.readGrants(ids);
      case 'RESOURCES':
        return this.readResources(ids);
    }
  }

  private async readBreadths(ids: readonly string[]): Promise<ReadonlyMap<string, ReadScope>> {
    const where = isIn('g.api_key_id', ids);
    const rows = await this.database.rows<Omit<GrantRow, 'resourceId'>>(
      `SELECT g.api_key_id AS apiKeyId, MIN(g.level) AS level FROM api_key_grants g WHERE ${where.text} GROUP BY g.api_key_id`,
      where.values,
    );
    return new Map(
      rows.map(({ apiKeyId, level }) => [
        apiKeyId,
        { breadth: levelAt(level), scope: null, resources: null },
      ]),
    );
  }

  private async readGrants(ids: readonly string[]): Promise<ReadonlyMap<string, ReadScope>> {
    const grants = await this.readGrantRows(ids, MAX_GRANTS);
    return mapValues(byKey(grants), (rows) => readScope(rows.map(toGrant), null));
  }

  private async readResources(ids: readonly string[]): Promise<ReadonlyMap<string, ReadScope>> {
    // Where a scope is known, the tree was asked before, and lacks something of it.
    if (!this.tree.isKnown || ids.some((id) => this.known.find(id))) return this.readPaths(ids);
    const grants = byKey(await this.readGrantRows(ids, MAX_GRANTED));
    const scopes = new Map<string, ReadScope>();
    for (const [apiKeyId, rows] of grants) {
      const resources = this.tree.findAll(rows.map(toGrant));
      if (resources === null) return this.readPaths(ids);
      scopes.set(apiKeyId, readScope(resources, resources));
    }
    return scopes;
  }

  private async readGrantRows(ids: readonly string[], most: number): Promise<readonly GrantRow[]> {
    const where = isIn('g.api_key_id', ids);
    const rows = await this.database.rows<GrantRow>(
      `SELECT ${GRANT_COLUMNS} FROM api_key_grants g WHERE ${where.text} ORDER BY g.level, g.resource_id ` +
        `LIMIT ${most + 1}`,
      where.values,
    );
    assertAtMost(most, rows);
    return rows;
  }

  /** The scopes with the whole paths of what they grant, which are remembered from then on. */
  private async readPaths(ids: readonly string[]): Promise<ReadonlyMap<string, ReadScope>> {
    const where = isIn('g.api_key_id', ids);
    const rows = await this.database.rows<GrantedRow>(
      `SELECT g.api_key_id AS apiKeyId, ${PATH_COLUMNS} FROM api_key_grants g ` +
        `JOIN resources r0 ON r0.id = g.resource_id ${ANCESTOR_JOINS} ` +
        `WHERE ${where.text} ORDER BY g.level, g.resource_id LIMIT ${MAX_GRANTED + 1}`,
      where.values,
    );
    assertAtMost(MAX_GRANTED, rows);
    const paths = new PathReader();
    const granted = mapValues(byKey(rows), (ofKey) => ofKey.map((row) => paths.read(row)));
    this.tree.remember(withAncestors(Array.from(granted.values()).flat()));
    return mapValues(granted, (resources) => readScope(resources, resources));
  }
}

function byKey<Row extends { readonly apiKeyId: string }>(
  rows: readonly Row[],
): Map<string, [Row, ...Row[]]> {
  return groupBy(rows, ({ apiKeyId }) => apiKeyId);
}

/** The one of some details that brings what all of them do; null when there is none. */
export function mostDetailed(details: Iterable<ScopeDetail>): ScopeDetail | null {
  let most = -1;
  for (const detail of details) most = Math.max(most, DETAILS.indexOf(detail));
  return DETAILS[most] ?? null;
}

function readScope(grants: Iterable<Grant>, resources: readonly ResourceNode[] | null): ReadScope {
  const scope = new Scope(grants);
  return { breadth: scope.breadth, scope, resources };
}

function mapValues<Key, From, To>(map: ReadonlyMap<Key, From>, to: (value: From) => To): Map<Key, To> {
  return new Map(Array.from(map, ([key, value]) => [key, to(value)]));
}

/** @throws ApiError QUERY_TOO_COMPLEX when there are more */
function assertAtMost(most: number, rows: readonly unknown[]): void {
  if (rows.length <= most) return;
  const message = `The keys have more than ${most} grants in all. Ask for fewer keys at once.`;
  throw new ApiError('QUERY_TOO_COMPLEX', message);
}
