import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Database } from '../../src/database/database';
import { Tenancy } from '../../src/demo/tenancy';
import type { ResourceEntity } from '../../src/resources/resource-entity';
import { openMigrated } from '../support/migrated-database';
import { createTestDatabase, type TestDatabase } from '../support/test-database';

/** Names that a collation might take for one another, in pairs. */
const NAMES = [
  'shop',
  'Shop',
  'shop ',
  ' shop',
  'shop\t',
  'caf\u00e9',
  'cafe\u0301',
  'cafe',
  'stra\u00dfe',
  'strasse',
  '🚀',
  '🛒',
  '👩‍👩‍👧',
  '👩👩👧',
  '1',
  '01',
  '0',
  '%',
  '_',
  'O\'Hara \\ "quoted"',
];

describe('text in the database', () => {
  let testDatabase: TestDatabase;
  let database: Database;
  let acme: ResourceEntity;

  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    database = await openMigrated(testDatabase);
    const tenancy = new Tenancy(Date.now());
    acme = tenancy.organization('Acme', 'acme');
    for (const name of NAMES) {
      tenancy.child(acme, name);
      tenancy.membership(acme, { id: name, email: 'same@example.com' }, 'MEMBER');
    }
    await database.transaction((transaction) => tenancy.write(transaction));
  });

  afterAll(async () => {
    await database.close();
    await testDatabase.remove();
  });

  test('is kept as it was given, with emoji, accents, case and spaces at its ends', async () => {
    const rows = await database.rows<{ name: string }>('SELECT name FROM resources WHERE parent_id = ?', [
      acme.id,
    ]);
    expect(rows.map(({ name }) => name).sort()).toEqual([...NAMES].sort());
  });

  test.each(NAMES)('%j is equal to itself only', async (name) => {
    const resources = 'SELECT name FROM resources WHERE parent_id = ? AND name = ?';
    expect(await database.rows(resources, [acme.id, name])).toEqual([{ name }]);
    const members = 'SELECT user_id FROM memberships WHERE organization_id = ? AND user_id = ?';
    expect(await database.rows(members, [acme.id, name])).toEqual([{ user_id: name }]);
  });

  test('is sorted by code point', async () => {
    const rows = await database.rows<{ name: string }>(
      'SELECT name FROM resources WHERE parent_id = ? ORDER BY name',
      [acme.id],
    );
    const byCodePoint = [...NAMES].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect(rows.map(({ name }) => name)).toEqual(byCodePoint);
  });
});
