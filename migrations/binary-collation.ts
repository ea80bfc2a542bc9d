import type { QueryRunner } from 'typeorm';

/**
 * Makes utf8mb4 with a binary collation the default of the database, whatever the server's is, so that every table made
 * later compares text as it is: by code point, with case and trailing spaces. The embedded database always does.
 */
export async function useBinaryCollation(runner: QueryRunner): Promise<void> {
  if (runner.dataSource.options.type === 'better-sqlite3') return;
  // Without a name, it is the database of the connection.
  await runner.query('ALTER DATABASE CHARACTER SET utf8mb4 COLLATE utf8mb4_bin');
}
