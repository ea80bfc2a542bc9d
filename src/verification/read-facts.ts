import { parseLimits } from '../api-keys/limits/key-limits';
import { scopeOfJoined, type JoinedGrant } from '../auth/joined-grants';
import type { RowSource } from '../database/database';
import { headOf } from '../database/head-of';
import { isIn } from '../database/sql';
import { ANCESTOR_JOINS } from '../resources/resource-columns';
import { LEVELS, levelAt } from '../scopes';
import { groupBy } from '../shared/group-by';
import type { KeyFacts, Place } from './facts';

/** What was read, and the position in the change feed at which it was so. */
export interface Reading<Item> {
  readonly position: number;
  readonly items: readonly Item[];
}

interface KeyRow extends JoinedGrant, Omit<KeyFacts, 'scope' | 'selector' | 'metadata' | 'limits'> {
  readonly head: number;
  readonly selector: string | null;
  /** As JSON. */
  readonly metadata: string | null;
  readonly limits: string | null;
}

/** The keys that secrets of these selectors open, with their scopes. */
export async function readKeys(source: RowSource, selectors: readonly string[]): Promise<Reading<KeyFacts>> {
  const which = isIn('s.selector', selectors);
  const rows = await source.rows<KeyRow>(
    'SELECT h.position AS head, s.selector AS selector, s.digest AS digest, s.pepper_version AS pepperVersion, ' +
      's.source AS source, s.expires_at AS secretExpiresAt, k.id AS id, k.organization_id AS organizationId, ' +
      'k.name AS name, k.metadata AS metadata, k.expires_at AS expiresAt, k.disabled_at AS disabledAt, ' +
      'k.revoked_at AS revokedAt, k.limits AS limits, g.level AS grantLevel, g.resource_id AS grantResourceId ' +
      `FROM change_feed_head h LEFT JOIN api_key_secrets s ON ${which.text} ` +
      'LEFT JOIN api_keys k ON k.id = s.api_key_id LEFT JOIN api_key_grants g ON g.api_key_id = k.id',
    which.values,
  );
  const found = groupBy(rows, ({ selector }) => selector);
  found.delete(null);
  return { position: headOf(rows), items: Array.from(found.values(), toKeyFacts) };
}

function toKeyFacts(rows: readonly [KeyRow, ...KeyRow[]]): KeyFacts {
  const [row] = rows;
  return {
    selector: row.selector ?? '',
    digest: row.digest,
    pepperVersion: row.pepperVersion,
    source: row.source,
    secretExpiresAt: row.secretExpiresAt,
    id: row.id,
    organizationId: row.organizationId,
    name: row.name,
    metadata: row.metadata === null ? null : (JSON.parse(row.metadata) as object),
    expiresAt: row.expiresAt,
    disabledAt: row.disabledAt,
    revokedAt: row.revokedAt,
    limits: row.limits === null ? null : parseLimits(row.limits),
    scope: scopeOfJoined(rows),
  };
}

const STEPS = LEVELS.map((_, step) => step);

/** The places of resources, and of all above them. */
export async function readPlaces(source: RowSource, ids: readonly string[]): Promise<Reading<Place>> {
  const which = isIn('r0.id', ids);
  const columns = STEPS.map((step) => `r${step}.id AS id${step}, r${step}.level AS level${step}`).join(', ');
  const rows = await source.rows<Record<string, string | number | null>>(
    `SELECT h.position AS head, r0.organization_id AS organizationId, ${columns} ` +
      `FROM change_feed_head h LEFT JOIN resources r0 ON ${which.text} ${ANCESTOR_JOINS}`,
    which.values,
  );
  return { position: headOf(rows), items: rows.flatMap(toPlaces) };
}

/** The places on the path that a row holds, the resource itself first. */
function toPlaces(row: Record<string, string | number | null>): Place[] {
  return STEPS.filter((step) => row[`id${step}`] !== null).map((step) => ({
    id: row[`id${step}`] as string,
    level: levelAt(row[`level${step}`] as number),
    organizationId: row['organizationId'] as string,
    parentId: (row[`id${step + 1}`] ?? null) as string | null,
  }));
}

/** Whether any secret key was brought in from elsewhere. Their selectors sort before all others. */
export async function hasImportedSecrets(source: RowSource): Promise<boolean> {
  const rows = await source.rows(`SELECT selector FROM api_key_secrets WHERE selector < '0' LIMIT 1`, []);
  return rows.length > 0;
}
