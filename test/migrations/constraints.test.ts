import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ApiKeyGrantEntity } from '../../src/api-keys/api-key-grant-entity';
import { MembershipGrantEntity } from '../../src/auth/membership-grant-entity';
import type { Database } from '../../src/database/database';
import { Tenancy, type User } from '../../src/demo/tenancy';
import { ResourceEntity } from '../../src/resources/resource-entity';
import { newId } from '../../src/shared/ids';
import { openMigrated } from '../support/migrated-database';
import { createTestDatabase, type TestDatabase } from '../support/test-database';

const ann: User = { id: 'ann', email: 'ann@example.com' };
const REFUSED = /foreign key constraint/i;

/** One customer, with a key and a narrowed membership on its account. */
function customer(tenancy: Tenancy, slug: string) {
  const organization = tenancy.organization(slug, slug);
  const account = tenancy.child(organization, 'Retail');
  const widget = tenancy.child(account, 'Checkout');
  const environment = tenancy.child(widget, 'Production');
  const key = tenancy.apiKey({ organization, name: 'Key', creator: ann, grants: [account, environment] });
  const membership = tenancy.membership(organization, ann, 'MEMBER', [account, environment]);
  return { organization, account, widget, environment, key, membership };
}

type Customer = ReturnType<typeof customer>;

describe('the database itself', () => {
  let testDatabase: TestDatabase;
  let database: Database;
  let acme: Customer;
  let globex: Customer;

  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    database = await openMigrated(testDatabase);
    const tenancy = new Tenancy(Date.now());
    acme = customer(tenancy, 'acme');
    globex = customer(tenancy, 'globex');
    await database.transaction((transaction) => tenancy.write(transaction));
  });

  afterAll(async () => {
    await database.close();
    await testDatabase.remove();
  });

  const insert = <Row extends object>(entity: new () => Row, row: Row) =>
    database.transaction((transaction) => transaction.insert(entity, [row]));

  const grant = ({ organizationId, id, level }: ResourceEntity) => ({
    organizationId,
    resourceId: id,
    level,
  });

  const environmentBelow = (parentId: string, parentLevel: number): ResourceEntity => ({
    id: newId(),
    organizationId: acme.organization.id,
    level: 3,
    parentId,
    parentLevel,
    name: 'Staging',
    nameFolded: 'staging',
    slug: null,
    createdAt: 0,
    modifiedAt: 0,
  });

  test('takes a grant on a resource of the same organization', async () => {
    await insert(ApiKeyGrantEntity, { apiKeyId: acme.key.id, ...grant(acme.widget) });
    await insert(MembershipGrantEntity, { membershipId: acme.membership.id, ...grant(acme.widget) });
  });

  test('refuses a key a grant on a resource of another organization, whichever of the two the grant names', async () => {
    const stolen = { apiKeyId: acme.key.id, ...grant(globex.widget) };
    await expect(insert(ApiKeyGrantEntity, stolen)).rejects.toThrow(REFUSED);
    const disguised = { ...stolen, organizationId: acme.organization.id };
    await expect(insert(ApiKeyGrantEntity, disguised)).rejects.toThrow(REFUSED);
  });

  test('refuses a membership a grant on a resource of another organization, whichever the grant names', async () => {
    const stolen = { membershipId: acme.membership.id, ...grant(globex.widget) };
    await expect(insert(MembershipGrantEntity, stolen)).rejects.toThrow(REFUSED);
    const disguised = { ...stolen, organizationId: acme.organization.id };
    await expect(insert(MembershipGrantEntity, disguised)).rejects.toThrow(REFUSED);
  });

  test('refuses a grant that says another level than the resource has', async () => {
    const widened = { apiKeyId: globex.key.id, ...grant(globex.widget), level: 0 };
    await expect(insert(ApiKeyGrantEntity, widened)).rejects.toThrow(REFUSED);
  });

  test('takes a child of a resource of the same organization', async () => {
    await insert(ResourceEntity, environmentBelow(acme.widget.id, acme.widget.level));
  });

  test('refuses a parent in another organization', async () => {
    const row = environmentBelow(globex.widget.id, globex.widget.level);
    await expect(insert(ResourceEntity, row)).rejects.toThrow(REFUSED);
  });

  test('refuses a parent that is not of the level that the child says', async () => {
    const row = environmentBelow(acme.account.id, acme.widget.level);
    await expect(insert(ResourceEntity, row)).rejects.toThrow(REFUSED);
  });

  test('refuses to move a resource to another organization', async () => {
    const move = (organizationId: string, parentId: string) =>
      database.transaction((transaction) =>
        transaction.execute('UPDATE resources SET organization_id = ?, parent_id = ? WHERE id = ?', [
          organizationId,
          parentId,
          acme.environment.id,
        ]),
      );
    await expect(move(globex.organization.id, globex.widget.id)).rejects.toThrow(REFUSED);
    await expect(move(acme.organization.id, globex.widget.id)).rejects.toThrow(REFUSED);
  });

  test('takes the grants on a deleted resource and on everything below it, and leaves key and membership', async () => {
    const tenancy = new Tenancy(Date.now());
    const initech = customer(tenancy, 'initech');
    await database.transaction((transaction) => tenancy.write(transaction));
    const granted = (table: string, holder: string, id: string) =>
      database.rows(`SELECT resource_id FROM ${table} WHERE ${holder} = ?`, [id]);
    const grants = async () => [
      ...(await granted('api_key_grants', 'api_key_id', initech.key.id)),
      ...(await granted('membership_grants', 'membership_id', initech.membership.id)),
    ];
    expect(await grants()).toHaveLength(4);

    await database.transaction((transaction) =>
      transaction.execute('DELETE FROM resources WHERE id = ?', [initech.account.id]),
    );
    expect(await grants()).toEqual([]);
    expect(await database.rows('SELECT id FROM api_keys WHERE id = ?', [initech.key.id])).toHaveLength(1);
    const narrowed = 'SELECT narrowed FROM memberships WHERE id = ?';
    expect(await database.rows(narrowed, [initech.membership.id])).toEqual([{ narrowed: 1 }]);
    expect(await granted('api_key_grants', 'api_key_id', globex.key.id)).toHaveLength(2);
  });

  test('refuses to delete an organization that still has keys', async () => {
    const deletion = database.transaction((transaction) =>
      transaction.execute('DELETE FROM resources WHERE id = ?', [globex.organization.id]),
    );
    await expect(deletion).rejects.toThrow(REFUSED);
    const grants = 'SELECT resource_id FROM api_key_grants WHERE api_key_id = ?';
    expect(await database.rows(grants, [globex.key.id])).toHaveLength(2);
  });
});
