import type { ObjectLiteral, QueryRunner } from 'typeorm';
import type { SqlValue } from './sql';

/** How many values one statement may bind on the smaller of the two databases, with room to spare. */
const MAX_VALUES = 30_000;

/** Inserts plain rows in as few statements as the database takes, without building an entity for each. */
export async function insertRows<Entity extends ObjectLiteral>(
  runner: QueryRunner,
  entity: new () => Entity,
  rows: readonly Entity[],
): Promise<void> {
  const { tableName, columns } = runner.dataSource.getMetadata(entity);
  const names = columns.map((column) => column.databaseName).join(', ');
  const placeholders = `(${columns.map(() => '?').join(', ')})`;
  const chunk = Math.floor(MAX_VALUES / columns.length);
  for (let start = 0; start < rows.length; start += chunk) {
    const part = rows.slice(start, start + chunk);
    const values = part.flatMap((row) => columns.map((column) => toSql(row[column.propertyName])));
    await runner.query(
      `INSERT INTO ${tableName} (${names}) VALUES ${part.map(() => placeholders).join(', ')}`,
      values,
    );
  }
}

function toSql(value: unknown): SqlValue {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value === null || typeof value === 'string' || typeof value === 'number') return value;
  throw new TypeError(`A column takes text, a number, a boolean or null, not ${typeof value}.`);
}
