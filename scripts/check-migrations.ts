import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { MysqlServer } from '../test/support/mysql-server';

/**
 * `npm run migrations:check`: runs the migrations on an empty database of each kind through the TypeORM command line, and
 * fails when TypeORM would still change the schema to fit the entities.
 */
async function main(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'scopegate-migrations-'));
  try {
    check('the embedded database', { DATA_DIR: dataDir });
    await onServer((url) => {
      check('a MySQL-protocol server', { DATA_DIR: dataDir, DATABASE_URL: url });
    });
  } finally {
    rmSync(dataDir, { recursive: true });
  }
}

async function onServer(work: (url: string) => void): Promise<void> {
  const server = await MysqlServer.create();
  try {
    const connection = await createConnection({ uri: server.url });
    await connection.query('CREATE DATABASE scopegate');
    await connection.end();
    work(`${server.url}/scopegate`);
  } finally {
    await server.remove();
  }
}

function check(database: string, settings: Readonly<Record<string, string>>): void {
  typeorm(['migration:run'], settings);
  typeorm(['migration:generate', '--check', 'migrations/missing'], settings);
  process.stdout.write(`The migrations bring ${database} to what the entities describe.\n`);
}

function typeorm(args: readonly string[], settings: Readonly<Record<string, string>>): void {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [require.resolve('typeorm/cli'), '-d', join(__dirname, '..', 'ormconfig.js'), ...args],
    // Only the place of the database comes from outside, whatever the caller's own settings are.
    { encoding: 'utf8', env: { PATH: process.env['PATH'], ...settings } },
  );
  if (status !== 0) throw new Error(`typeorm ${args.join(' ')} failed:\n${stdout}\n${stderr}`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
