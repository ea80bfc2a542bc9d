import type { ObjectLiteral, QueryRunner } from 'typeorm';
import { chunksWithin } from './chunks';
import type { SqlValue } from './sql';

/** How many values one statement may bind on the smaller of the two databases, with room to spare. */
const MAX_VALUES = 30_000;

/**
 * How much text one statement may hold, give or take a row: a server takes 16 MB by default, and a character can become
 * several bytes there.
 */
const MAX_CHARACTERS = 1_000_000;

/**
 * Inserts plain rows in as few statements as the database takes, without building an entity for each.
 *
 * @param otherwise what each statement ends with: what to do with rows that are there already
 */
export async function insertRows<Entity extends ObjectLiteral>(
  runner: QueryRunner,
  entity: new () => Entity,
  rows: readonly Entity[],
  otherwise = '',
): Promise<void> {
  const { tableName, columns } = runner.dataSource.getMetadata(entity);
  const names = columns.map((column) => column.databaseName).join(', ');
  const placeholders = `(${columns.map(() => '?').join(', ')})`;
  const sqlRows = rows.map((row) => columns.map((column) => toSql(row[column.propertyName])));
  const items = Math.floor(MAX_VALUES / columns.length);
  for (const part of chunksWithin(sqlRows, { items, weight: MAX_CHARACTERS, weigh: charactersOf })) {
    await runner.query(
      `INSERT INTO ${tableName} (${names}) VALUES ${part.map(() => placeholders).join(', ')}${otherwise}`,
      part.flat(),
    );
  }
}

function charactersOf(row: readonly SqlValue[]): number {
  return row.reduce((sum: number, value) => sum + (typeof value === 'string' ? value.length : 0), 0);
}

function toSql(value: unknown): SqlValue {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value === null || typeof value === 'string' || typeof value === 'number') return value;
  throw new TypeError(`A column takes text, a number, a boolean or null, not ${typeof value}.`);
}
