import type { QueryRunner } from 'typeorm';

/** Their `utf8mb4_bin` ignores trailing spaces, so that a token for "ann " would have the rights of "ann". */
const COLLATIONS: Readonly<Record<string, string>> = {
  mysql: 'utf8mb4_0900_bin',
  mariadb: 'utf8mb4_nopad_bin',
};

/**
 * Makes utf8mb4 with a binary collation the default of the database, whatever the server's is, so that every table made
 * later compares text as it is: by code point, with case and trailing spaces. The embedded database always does.
 */
export async function useBinaryCollation(runner: QueryRunner): Promise<void> {
  const collation = COLLATIONS[runner.dataSource.options.type];
  if (collation === undefined) return;
  // Without a name it is the database of the connection.
  await runner.query(`ALTER DATABASE CHARACTER SET utf8mb4 COLLATE ${collation}`);
}
