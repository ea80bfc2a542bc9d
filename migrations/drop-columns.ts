import type { QueryRunner } from 'typeorm';

/**
 * Drops columns that no key or index names any more.
 *
 * TypeORM's own way rebuilds the table on SQLite. It reverts a migration in a transaction, where foreign keys cannot be
 * switched off, so that dropping the old table would take away the rows of every table that refers to it.
 */
export async function dropColumns(
  runner: QueryRunner,
  table: string,
  columns: readonly string[],
): Promise<void> {
  for (const column of columns) await runner.query(`ALTER TABLE ${table} DROP COLUMN ${column}`);
}
