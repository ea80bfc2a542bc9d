import type { RowSource } from '../../database/database';
import { allOf, isIn, sql, type Fragment } from '../../database/sql';
import type { ResourceNode } from '../../resources/resource-node';
import { depthOf, type Level } from '../../scopes';
import { NOTHING, type CountsBelow, type Reach } from './scope-preview';

/**
 * Counts what lies below granted resources, which are all of one organization, in one statement for each level that is
 * granted. That of the organization stands beside the ids, so that however many they are, no more than its tree is read.
 */
export async function countBelow(source: RowSource, granted: readonly ResourceNode[]): Promise<CountsBelow> {
  const counts = await Promise.all(
    COUNTED.map(async ([level, count]) => {
      const resources = granted.filter((resource) => resource.level === level);
      const [first] = resources;
      return first === undefined
        ? []
        : count(
            source,
            first.organizationId,
            resources.map(({ id }) => id),
          );
    }),
  );
  return new Map(counts.flat());
}

type Count = (
  source: RowSource,
  organizationId: string,
  ids: readonly string[],
) => Promise<readonly (readonly [id: string, below: Reach])[]>;

/** Nothing lies below an environment. */
const COUNTED: readonly (readonly [Level, Count])[] = [
  ['ORGANIZATION', belowOrganization],
  ['ACCOUNT', belowAccounts],
  ['WIDGET', belowWidgets],
];

async function belowOrganization(source: RowSource, organizationId: string) {
  const rows = await source.rows<{ parentLevel: number; total: number }>(
    'SELECT parent_level AS parentLevel, COUNT(*) AS total FROM resources WHERE organization_id = ? GROUP BY parent_level',
    [organizationId],
  );
  const below = (parent: Level) =>
    rows.find(({ parentLevel }) => parentLevel === depthOf(parent))?.total ?? 0;
  const reach = { accounts: below('ORGANIZATION'), widgets: below('ACCOUNT'), environments: below('WIDGET') };
  return [[organizationId, reach] as const];
}

async function belowAccounts(source: RowSource, organizationId: string, ids: readonly string[]) {
  const where = childrenOf('w', organizationId, ids);
  const rows = await source.rows<{ id: string; widgets: number; environments: number }>(
    'SELECT w.parent_id AS id, COUNT(DISTINCT w.id) AS widgets, COUNT(e.id) AS environments FROM resources w ' +
      `LEFT JOIN resources e ON e.parent_id = w.id WHERE ${where.text} GROUP BY w.parent_id`,
    where.values,
  );
  return rows.map(({ id, widgets, environments }) => [id, { ...NOTHING, widgets, environments }] as const);
}

async function belowWidgets(source: RowSource, organizationId: string, ids: readonly string[]) {
  const where = childrenOf('e', organizationId, ids);
  const rows = await source.rows<{ id: string; environments: number }>(
    `SELECT e.parent_id AS id, COUNT(*) AS environments FROM resources e WHERE ${where.text} GROUP BY e.parent_id`,
    where.values,
  );
  return rows.map(({ id, environments }) => [id, { ...NOTHING, environments }] as const);
}

function childrenOf(alias: string, organizationId: string, ids: readonly string[]): Fragment {
  return allOf([sql(`${alias}.organization_id = ?`, organizationId), isIn(`${alias}.parent_id`, ids)]);
}
