import type { RowSource } from '../database/database';
import { chunksOf } from '../database/chunks';
import { isIn } from '../database/sql';
import { ANCESTOR_JOINS, PATH_COLUMNS, PathReader } from './resource-columns';
import type { ResourceNode } from './resource-node';

/** The resources of some ids, with their ancestors, many to a statement. Ids of which there is none are left out. */
export async function findPaths(source: RowSource, ids: readonly string[]): Promise<ResourceNode[]> {
  return findPathsBy(source, 'r0.id', ids);
}

/** The organizations of some slugs, as `findPaths` does. */
export async function findBySlugs(source: RowSource, slugs: readonly string[]): Promise<ResourceNode[]> {
  return findPathsBy(source, 'r0.slug', slugs);
}

async function findPathsBy(
  source: RowSource,
  column: string,
  values: readonly string[],
): Promise<ResourceNode[]> {
  const reader = new PathReader();
  const found: ResourceNode[] = [];
  for (const part of chunksOf(values)) {
    const where = isIn(column, part);
    const rows = await source.rows<Record<string, string | number | null>>(
      `SELECT ${PATH_COLUMNS} FROM resources r0 ${ANCESTOR_JOINS} WHERE ${where.text}`,
      where.values,
    );
    for (const row of rows) found.push(reader.read(row));
  }
  return found;
}
