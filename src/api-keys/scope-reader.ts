import DataLoader from 'dataloader';
import { MAX_BATCH } from '../database/batch-by-key';
import type { Database } from '../database/database';
import { isIn, selectList } from '../database/sql';
import { ANCESTOR_JOINS, PATH_COLUMNS, PathReader } from '../resources/resource-columns';
import type { ResourceNode } from '../resources/resource-node';
import { withAncestors, type KnownTree } from '../resources/tree-memory';
import { Scope, levelAt, type Grant } from '../scopes';
import { ApiError } from '../shared/errors';
import { groupBy } from '../shared/group-by';
import type { MaybePromise } from '../shared/when-ready';
import type { ReadScope, ScopedKey } from './read-scope';
import { isRemembered, type KnownScopes } from './scope-memory';

/** How much is read of a scope. Each brings what those before it do, and costs more. */
const DETAILS = ['BREADTH', 'GRANTS', 'RESOURCES'] as const;
export type ScopeDetail = (typeof DETAILS)[number];

export interface GrantRow {
  readonly apiKeyId: string;
  readonly level: number;
  readonly resourceId: string;
}

export const GRANT_COLUMNS = {
  apiKeyId: 'g.api_key_id',
  level: 'g.level',
  resourceId: 'g.resource_id',
} satisfies Record<keyof GrantRow, string>;

export function toGrant({ level, resourceId }: GrantRow): Grant {
  return { level: levelAt(level), id: resourceId };
}

interface Wanted {
  readonly key: ScopedKey;
  readonly detail: ScopeDetail;
}

type GrantedRow = Record<string, string | number | null> & { readonly apiKeyId: string };

/** How many grants one statement reads at most: as ids, and with the resources that they grant. */
const MAX_GRANTS = 250_000;
const MAX_GRANTED = 50_000;

/** What is read of scopes, before it is told whose they are. */
type Unassigned = Omit<ReadScope, keyof ScopedKey>;

const NOTHING: Unassigned = { breadth: 'NONE', scope: Scope.NOTHING, resources: [] };

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
    const read = this.known.find(id);
    if (read === undefined) return null;
    if (detail !== 'RESOURCES' || read.resources !== null) return read;
    const resources = this.tree.findAll(read.scope.grants);
    if (resources === null) return null;
    const withResources = { ...read, resources };
    this.known.remember([withResources]);
    return withResources;
  }

  private async readAll(wanted: readonly Wanted[]): Promise<ReadScope[]> {
    const keys = new Map(wanted.map(({ key }) => [key.id, key]));
    const detail = mostDetailed(wanted.map((one) => one.detail)) ?? 'BREADTH';
    const found = await this.readIn(detail, keys);
    const read = wanted.map(({ key: { id, organizationId } }): ReadScope => {
      return { id, organizationId, ...(found.get(id) ?? NOTHING) };
    });
    this.known.remember(read.filter(isRemembered));
    return read;
  }

  private async readIn(
    detail: ScopeDetail,
    keys: ReadonlyMap<string, ScopedKey>,
  ): Promise<ReadonlyMap<string, Unassigned>> {
    const ids = Array.from(keys.keys());
    switch (detail) {
      case 'BREADTH':
        return this.readBreadths(ids);
      case 'GRANTS':
        return this.readGrants(ids);
      case 'RESOURCES':
        return Array.from(keys.values()).every((key) => this.mayKnowResources(key))
          ? this.readResources(ids)
          : this.readPaths(ids);
    }
  }

  /**
   * Where a scope is known, the tree was asked before, and lacks something of it; and where not even the organization is known,
   * nothing of its tree is.
   */
  private mayKnowResources({ id, organizationId }: ScopedKey): boolean {
    return this.known.find(id) === undefined && this.tree.find(organizationId) !== undefined;
  }

  private async readBreadths(ids: readonly string[]): Promise<ReadonlyMap<string, Unassigned>> {
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

  private async readGrants(ids: readonly string[]): Promise<ReadonlyMap<string, Unassigned>> {
    const grants = await this.readGrantRows(ids, MAX_GRANTS);
    return mapValues(byKey(grants), (rows) => readScope(rows.map(toGrant), null));
  }

  private async readResources(ids: readonly string[]): Promise<ReadonlyMap<string, Unassigned>> {
    const grants = byKey(await this.readGrantRows(ids, MAX_GRANTED));
    const scopes = new Map<string, Unassigned>();
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
      `SELECT ${selectList(GRANT_COLUMNS)} FROM api_key_grants g WHERE ${where.text} ORDER BY g.level, g.resource_id ` +
        `LIMIT ${most + 1}`,
      where.values,
    );
    assertAtMost(most, rows);
    return rows;
  }

  /** The scopes with the whole paths of what they grant, which are remembered from then on. */
  private async readPaths(ids: readonly string[]): Promise<ReadonlyMap<string, Unassigned>> {
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

function readScope(grants: Iterable<Grant>, resources: readonly ResourceNode[] | null): Unassigned {
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
