import type { RowSource } from '../database/database';
import { isIn } from '../database/sql';
import { ANCESTOR_JOINS, PATH_COLUMNS, PathReader } from './resource-columns';
import type { ResourceNode } from './resource-node';

/** The resources of some ids, with their ancestors, in one statement. Ids of which there is none are left out. */
export async function findPaths(source: RowSource, ids: readonly string[]): Promise<ResourceNode[]> {
  if (ids.length === 0) return [];
  const where = isIn('r0.id', ids);
  const rows = await source.rows<Record<string, string | number | null>>(
    `SELECT ${PATH_COLUMNS} FROM resources r0 ${ANCESTOR_JOINS} WHERE ${where.text}`,
    where.values,
  );
  const reader = new PathReader();
  return rows.map((row) => reader.read(row));
}
