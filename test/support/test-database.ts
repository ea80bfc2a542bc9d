import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';

declare const TEST_DATABASE: 'embedded' | 'server';

/** Which of the two kinds of database this run of a test is on. */
export const databaseKind = TEST_DATABASE;

export interface TestDatabase {
  /** The settings that lead to it. */
  readonly environment: Readonly<Record<string, string>>;
  remove(): Promise<void>;
}

/** An empty database that nothing else uses. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const dataDir = await mkdtemp(join(tmpdir(), 'scopegate-test-'));
  const removeDataDir = () => rm(dataDir, { recursive: true, force: true });
  if (TEST_DATABASE === 'embedded') return { environment: { DATA_DIR: dataDir }, remove: removeDataDir };

  const server = process.env['TEST_MYSQL_URL'];
  if (!server) throw new Error('The set-up of the tests has not started a server.');
  const name = `test_${randomBytes(8).toString('hex')}`;
  await onServer(server, `CREATE DATABASE ${name}`);
  return {
    environment: { DATA_DIR: dataDir, DATABASE_URL: new URL(`/${name}`, server).href },
    remove: async () => {
      await onServer(server, `DROP DATABASE ${name}`);
      await removeDataDir();
    },
  };
}

async function onServer(uri: string, statement: string): Promise<void> {
  const connection = await createConnection({ uri });
  await connection.query(statement);
  await connection.end();
}
