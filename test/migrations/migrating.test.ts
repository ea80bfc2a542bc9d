import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { MIGRATIONS } from '../../migrations';
import { Tenancy } from '../../src/demo/tenancy';
import { openDataSource } from '../support/data-source';
import { openMigrated } from '../support/migrated-database';
import { createTestDatabase, databaseKind, type TestDatabase } from '../support/test-database';

const owner = { id: 'owner@acme.example', email: 'owner@acme.example' };
const MIGRATIONS_TABLE = 'migrations';

describe('migrating', () => {
  let testDatabase: TestDatabase;
  let dataSource: DataSource;

  beforeEach(async () => {
    testDatabase = await createTestDatabase();
    dataSource = await openDataSource(testDatabase);
  });

  afterEach(async () => {
    await dataSource.destroy();
    await testDatabase.remove();
  });

  test('an empty database gets every migration, and TypeORM would change nothing more', async () => {
    const done = await dataSource.runMigrations({ transaction: 'each' });
    expect(done.map(({ name }) => name)).toEqual(MIGRATIONS.map(({ name }) => name));
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
  });

  test('each migration can be taken back, which leaves nothing of it behind', async () => {
    const before: unknown[] = [];
    for (const migration of MIGRATIONS) {
      before.push(await describeTables(dataSource));
      await runOne(dataSource, migration);
    }
    for (const described of before.reverse()) {
      await dataSource.undoLastMigration({ transaction: 'each' });
      expect(await describeTables(dataSource)).toEqual(described);
    }
  });

  test('migrations that were taken back run again, and end the same', async () => {
    await dataSource.runMigrations({ transaction: 'each' });
    const described = await describeTables(dataSource);
    expect(described.length).toBeGreaterThanOrEqual(6);
    await takeBack(dataSource, MIGRATIONS.length);
    await dataSource.runMigrations({ transaction: 'each' });
    expect(await describeTables(dataSource)).toEqual(described);
  });

  test('rows survive the migrations after the one that made their tables', async () => {
    await dataSource.runMigrations({ transaction: 'each' });
    await fill(testDatabase);
    await takeBack(dataSource, MIGRATIONS.length - 1);
    const rows = await readAll(dataSource);
    expect(Object.values(rows).every(({ length }) => length > 0)).toBe(true);

    await dataSource.runMigrations({ transaction: 'each' });
    expect(await readAll(dataSource)).toMatchObject(rows);
  });

  // Replicas share a server, whose lock makes them take turns. An embedded database belongs to one program: of several that
  // start at once, some may be refused, and can be started again.
  test('programs that start at once on an empty database leave it whole', async () => {
    const starts = await Promise.allSettled([1, 2, 3].map(() => openMigrated(testDatabase)));
    const started = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
    for (const database of started) await database.close();
    if (databaseKind === 'server') expect(started).toHaveLength(3);
    expect(started.length).toBeGreaterThanOrEqual(1);

    const database = await openMigrated(testDatabase);
    const done = await database.rows(`SELECT name FROM ${MIGRATIONS_TABLE} ORDER BY id`);
    await database.close();
    expect(done).toEqual(MIGRATIONS.map(({ name }) => ({ name })));
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    expect(upQueries).toEqual([]);
  });

  test('a program that starts again changes nothing', async () => {
    await fill(testDatabase);
    const [tables, rows] = [await describeTables(dataSource), await readAll(dataSource)];
    await (await openMigrated(testDatabase)).close();
    expect(await describeTables(dataSource)).toEqual(tables);
    expect(await readAll(dataSource)).toEqual(rows);
  });
});

/** Takes back the last migrations. */
async function takeBack(dataSource: DataSource, count: number): Promise<void> {
  for (let left = count; left > 0; left--) await dataSource.undoLastMigration({ transaction: 'each' });
}

/** Runs the one migration, whatever comes after it. */
async function runOne(dataSource: DataSource, migration: (typeof MIGRATIONS)[number]): Promise<void> {
  const all = dataSource.migrations.splice(0);
  dataSource.migrations.push(...all.filter(({ constructor }) => constructor.name === migration.name));
  await dataSource.runMigrations({ transaction: 'each' });
  dataSource.migrations.splice(0, Infinity, ...all);
}

/** Writes at least one row into each table of the first migration. */
async function fill(testDatabase: TestDatabase): Promise<void> {
  const database = await openMigrated(testDatabase);
  const tenancy = new Tenancy(1_700_000_000_000);
  const acme = tenancy.organization('Acme', 'acme');
  const retail = tenancy.child(acme, 'Retail');
  tenancy.membership(acme, owner, 'ADMIN', [retail]);
  const secret = { selector: 'selector', digest: 'digest', pepperVersion: 1 };
  tenancy.apiKey({ organization: acme, name: 'One', creator: owner, grants: [retail], secret });
  await database.transaction((transaction) => tenancy.write(transaction));
  await database.close();
}

async function tableNames(dataSource: DataSource): Promise<string[]> {
  const rows: { name: string }[] = await dataSource.query(
    databaseKind === 'embedded'
      ? "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
      : 'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY name',
  );
  return rows.map(({ name }) => name).filter((name) => name !== MIGRATIONS_TABLE);
}

/** The tables in the database's own words. */
async function describeTables(dataSource: DataSource): Promise<unknown[]> {
  const described: unknown[] = [];
  for (const name of await tableNames(dataSource)) {
    described.push(
      await dataSource.query(
        databaseKind === 'embedded'
          ? `SELECT type, name, sql FROM sqlite_master WHERE tbl_name = '${name}' ORDER BY type, name`
          : `SHOW CREATE TABLE ${name}`,
      ),
    );
  }
  return described;
}

async function readAll(dataSource: DataSource): Promise<Record<string, unknown[]>> {
  const rows: Record<string, unknown[]> = {};
  for (const name of await tableNames(dataSource))
    rows[name] = await dataSource.query(`SELECT * FROM ${name} ORDER BY 1`);
  return rows;
}
