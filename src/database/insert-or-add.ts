import type { ObjectLiteral, QueryRunner } from 'typeorm';
import { insertRows } from './insert-rows';

/**
 * Inserts rows. Where one of the same primary key is there already, adds to the number in one of its columns instead, in the
 * words that each database has for it.
 */
export async function insertOrAdd<Entity extends ObjectLiteral>(
  runner: QueryRunner,
  entity: new () => Entity,
  rows: readonly Entity[],
  added: keyof Entity & string,
): Promise<void> {
  const { primaryColumns, columns } = runner.dataSource.getMetadata(entity);
  const column = columns.find(({ propertyName }) => propertyName === added)?.databaseName;
  const key = primaryColumns.map(({ databaseName }) => databaseName).join(', ');
  const embedded = runner.dataSource.options.type === 'better-sqlite3';
  const otherwise = embedded
    ? ` ON CONFLICT (${key}) DO UPDATE SET ${column} = ${column} + excluded.${column}`
    : ` ON DUPLICATE KEY UPDATE ${column} = ${column} + VALUES(${column})`;
  await insertRows(runner, entity, rows, otherwise);
}
