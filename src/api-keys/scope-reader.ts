import DataLoader from 'dataloader';
import { MAX_BATCH } from '../database/batch-by-key';
import type { Database } from '../database/database';
import { isIn } from '../database/sql';
import { ANCESTOR_JOINS, PATH_COLUMNS, PathReader } from '../resources/resource-columns';
import type { ResourceNode } from '../resources/resource-node';
import { Scope, levelAt, type Breadth, type Grant } from '../scopes';
import { ApiError } from '../shared/errors';
import { groupBy } from '../shared/group-by';

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

interface Wanted {
  readonly apiKeyId: string;
  readonly detail: ScopeDetail;
}

type GrantedRow = Record<string, string | number | null> & { readonly apiKeyId: string };

/** How many grants one statement reads at most: as ids, and with the resources that they grant. */
const MAX_GRANTS = 250_000;
const MAX_GRANTED = 50_000;

const NOTHING: ReadScope = { breadth: 'NONE', scope: Scope.NOTHING, resources: [] };

/**
 * Reads the scopes of keys, for one request. What is asked for together is read by one statement, in the most detail that
 * was asked for: a page that shows ids and resources costs no more than one that shows resources.
 */
export class ScopeReader {
  private readonly scopes = new DataLoader<Wanted, ReadScope, string>((wanted) => this.readAll(wanted), {
    cacheKeyFn: ({ apiKeyId, detail }) => `${detail} ${apiKeyId}`,
    maxBatchSize: MAX_BATCH,
  });

  constructor(private readonly database: Database) {}

  async read(apiKeyId: string, detail: ScopeDetail): Promise<ReadScope> {
    return this.scopes.load({ apiKeyId, detail });
  }

  /** Forgets what has been read, since it has been changed. */
  forget(): void {
    this.scopes.clearAll();
  }

  private async readAll(wanted: readonly Wanted[]): Promise<ReadScope[]> {
    const ids = [...new Set(wanted.map(({ apiKeyId }) => apiKeyId))];
    const read = await this.readIn(mostOf(wanted), ids);
    return wanted.map(({ apiKeyId }) => read.get(apiKeyId) ?? NOTHING);
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
    const where = isIn('g.api_key_id', ids);
    const rows = await this.database.rows<GrantRow>(
      `SELECT ${GRANT_COLUMNS} FROM api_key_grants g WHERE ${where.text} ORDER BY g.level, g.resource_id ` +
        `LIMIT ${MAX_GRANTS + 1}`,
      where.values,
    );
    assertAtMost(MAX_GRANTS, rows);
    return mapValues(
      groupBy(rows, ({ apiKeyId }) => apiKeyId),
      (grants) => readScope(grants.map(toGrant), null),
    );
  }

  private async readResources(ids: readonly string[]): Promise<ReadonlyMap<string, ReadScope>> {
    const where = isIn('g.api_key_id', ids);
    const rows = await this.database.rows<GrantedRow>(
      `SELECT g.api_key_id AS apiKeyId, ${PATH_COLUMNS} FROM api_key_grants g ` +
        `JOIN resources r0 ON r0.id = g.resource_id ${ANCESTOR_JOINS} ` +
        `WHERE ${where.text} ORDER BY g.level, g.resource_id LIMIT ${MAX_GRANTED + 1}`,
      where.values,
    );
    assertAtMost(MAX_GRANTED, rows);
    const paths = new PathReader();
    return mapValues(
      groupBy(rows, ({ apiKeyId }) => apiKeyId),
      (granted) => {
        const resources = granted.map((row) => paths.read(row));
        return readScope(resources, resources);
      },
    );
  }
}

function mostOf(wanted: readonly Wanted[]): ScopeDetail {
  const most = Math.max(...new Set(wanted.map(({ detail }) => DETAILS.indexOf(detail))));
  return DETAILS[most] ?? 'RESOURCES';
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
