import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { NOWHERE, atOnce, credentials, eventsOf, keysReaching, mutate } from '../support/mutating';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE, twoCustomers, type Person, type TwoCustomers } from '../support/two-customers';

interface Deleted {
  readonly resource: { readonly id: string; readonly name: string } | null;
}

/** The tables that hold rows of an organization, and the column that says of which. */
const TABLES = [
  'resources',
  'memberships',
  'membership_grants',
  'api_keys',
  'api_key_grants',
  'api_key_secrets',
  'organization_policies',
  'webhook_endpoints',
];

describe('deleting a resource', () => {
  let program: TestProgram;
  let customers: TwoCustomers;
  let as: Record<Person, Credential>;

  beforeEach(async () => {
    program = await TestProgram.start();
    customers = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys));
    as = await credentials(program);
  });

  afterEach(() => program.stop());

  const remove = (credential: Credential, id: string) =>
    mutate<Deleted>(program, credential, 'deleteResource', { id });
  const exists = async (id: string) =>
    (await program.database.rows('SELECT id FROM resources WHERE id = ?', [id])).length === 1;
  const rowsOf = async (organizationId: string) => {
    const counts = TABLES.map(async (table) => {
      const where = `SELECT COUNT(*) AS total FROM ${table} WHERE organization_id = ?`;
      const [row] = await program.database.rows<{ total: number }>(where, [organizationId]);
      return [table, row?.total];
    });
    return Object.fromEntries(await Promise.all(counts)) as Record<string, number>;
  };
  const grantsOf = (apiKeyId: string) =>
    program.database.rows('SELECT resource_id AS id FROM api_key_grants WHERE api_key_id = ?', [apiKeyId]);

  test('all below it goes, and what lies beside it stays', async () => {
    const { retail, checkout, checkoutProduction, search, searchProduction, wholesale, ordering } =
      customers.acme;
    const { resource, userErrors } = await remove(as.admin, retail.id);
    expect(userErrors).toEqual([]);
    expect(resource).toMatchObject({ id: retail.id, name: 'Retail' });
    for (const { id } of [retail, checkout, checkoutProduction, search, searchProduction]) {
      expect(await exists(id)).toBe(false);
    }
    for (const { id } of [wholesale, ordering, customers.globex.energy]) expect(await exists(id)).toBe(true);
  });

  test('keys lose what they were granted there and get nothing for it; other grants stay', async () => {
    const { retail, ordering, orderingProduction, keys, checkoutProduction } = customers.acme;
    await remove(as.owner, retail.id);
    expect(await grantsOf(keys.account.key.id)).toEqual([]);
    const left = (await grantsOf(keys.mixed.key.id)) as { id: string }[];
    expect(left.map(({ id }) => id).sort()).toEqual([ordering.id, orderingProduction.id].sort());
    expect(await keysReaching(program, as.owner, checkoutProduction.id)).toEqual([]);
    expect(await keysReaching(program, as.owner, ordering.id)).toEqual([
      'Search and ordering',
      'Whole organization',
    ]);
    const { data } = await program.graphql(
      { 'x-api-key': keys.account.secretKey },
      '{ viewer { apiKey { scope { breadth } } } organizations { nodes { id } } }',
    );
    expect(data).toEqual({
      viewer: { apiKey: { scope: { breadth: 'NONE' } } },
      organizations: { nodes: [] },
    });
  });

  test('people who were narrowed to it reach nothing since, rather than everything', async () => {
    const { organization, retail, ordering, orderingProduction } = customers.acme;
    await remove(as.owner, retail.id);
    const answer = await program.graphql(
      as.narrowedAdmin,
      `query($widget: ID!) { viewer { memberships { role narrowedTo { level } } }
        organizations { nodes { id accounts { nodes { id } } } } widget(id: $widget) { id } }`,
      { widget: ordering.id },
    );
    expect(answer.data).toEqual({
      viewer: { memberships: [{ role: 'ADMIN', narrowedTo: [] }] },
      organizations: { nodes: [{ id: organization.id, accounts: { nodes: [] } }] },
      widget: null,
    });
    const { userErrors } = await remove(as.narrowedAdmin, orderingProduction.id);
    expect(userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
  });

  test('is recorded with its path, how much went with it, and how many keys lost grants', async () => {
    const { organization, retail, checkout } = customers.acme;
    await remove(as.owner, checkout.id);
    const before = { level: 'WIDGET', name: 'Checkout', path: [checkout.id, retail.id, organization.id] };
    expect(await eventsOf(program, organization.id)).toEqual([
      {
        action: 'RESOURCE_DELETED',
        subjectId: checkout.id,
        actorId: PEOPLE.owner.id,
        // The widget's own key, and those of its environments: one active, one disabled, one expired.
        before: { ...before, resources: 3, keysThatLostGrants: 4 },
        after: null,
      },
    ]);
  });

  test('an organization takes keys, people, policy and webhooks along, and its record stays', async () => {
    const { organization, keys } = customers.acme;
    await program.database.transaction(async (transaction) => {
      const values = [organization.id];
      await transaction.execute(
        'INSERT INTO organization_policies (organization_id, widest_depth, expiry_required, key_makers, modified_at) ' +
          "VALUES (?, 0, 0, 'MEMBERS', 0)",
        values,
      );
      await transaction.execute(
        'INSERT INTO webhook_endpoints (id, organization_id, url, signing_secret, created_at) ' +
          `VALUES ('${NOWHERE}', ?, 'https://hooks.example/', 'secret', 0)`,
        values,
      );
    });
    const others = await rowsOf(customers.globex.organization.id);
    await mutate(program, as.owner, 'renameResource', { id: organization.id, name: 'Acme Inc.' });
    expect(Object.values(await rowsOf(organization.id)).every((count) => count > 0)).toBe(true);

    const { resource, userErrors } = await remove(as.owner, organization.id);
    expect(userErrors).toEqual([]);
    expect(resource).toMatchObject({ id: organization.id });
    expect(Object.values(await rowsOf(organization.id)).every((count) => count === 0)).toBe(true);
    expect(await rowsOf(customers.globex.organization.id)).toEqual(others);

    expect(await eventsOf(program, organization.id)).toMatchObject([
      { action: 'RESOURCE_RENAMED' },
      {
        action: 'ORGANIZATION_DELETED',
        actorId: PEOPLE.owner.id,
        before: { name: 'Acme Inc.', slug: 'acme', path: [organization.id], resources: 10, deletedKeys: 10 },
        after: null,
      },
    ]);
    const asKey = await program.graphql({ 'x-api-key': keys.whole.secretKey }, '{ viewer { id } }');
    expect(asKey.status).toBe(401);
  });

  test('an organization is deleted by its owners only', async () => {
    const { organization } = customers.acme;
    for (const person of ['admin', 'narrowedAdmin', 'member', 'outsider', 'both', 'nobody'] as const) {
      const { resource, userErrors } = await remove(as[person], organization.id);
      expect(resource).toBeNull();
      expect(userErrors).toMatchObject([{ code: 'NOT_FOUND', field: ['id'], ids: [organization.id] }]);
    }
    expect(await exists(organization.id)).toBe(true);
  });

  test('a narrowed admin deletes inside only, members nothing', async () => {
    const { search, ordering, checkout } = customers.acme;
    expect((await remove(as.narrowedAdmin, search.id)).userErrors).toEqual([]);
    const refusals: [Person, string][] = [
      ['narrowedAdmin', ordering.id],
      ['member', checkout.id],
      ['narrowedMember', checkout.id],
    ];
    for (const [person, id] of refusals) {
      expect((await remove(as[person], id)).userErrors).toMatchObject([{ code: 'NOT_FOUND', field: ['id'] }]);
      expect(await exists(id)).toBe(true);
    }
  });

  test('another tenant is told as what is nowhere', async () => {
    const { grid } = customers.globex;
    const elsewhere = await remove(as.owner, grid.id);
    expect(JSON.stringify(elsewhere).replaceAll(grid.id, NOWHERE)).toBe(
      JSON.stringify(await remove(as.owner, NOWHERE)),
    );
    expect(await exists(grid.id)).toBe(true);
  });

  test('of many who delete it at once, one does, and it is recorded once', async () => {
    const { organization, wholesale } = customers.acme;
    const admins = Array.from({ length: 8 }, (_, index) => ({ id: `admin ${index}`, email: '' }));
    await program.given((tenancy) => admins.map((admin) => tenancy.membership(organization, admin, 'ADMIN')));
    const people = await Promise.all(admins.map((admin) => program.user(admin)));
    const payloads = await atOnce(
      program,
      people.map((credential) => () => remove(credential, wholesale.id)),
    );
    expect(payloads.filter(({ resource }) => resource !== null)).toHaveLength(1);
    const events = await eventsOf(program, organization.id);
    expect(events.map(({ action }) => action)).toEqual(['RESOURCE_DELETED']);
  });

  test('a key that is made for it at once loses its grant with it, or is not made', async () => {
    const { search, organization } = customers.acme;
    const create = (name: string) =>
      program.graphql<{ createApiKey: { apiKey: { id: string } | null; userErrors: { code: string }[] } }>(
        as.member,
        `mutation($name: String!, $id: ID!) { createApiKey(input: { name: $name, scope: { widgetIds: [$id] } }) {
          apiKey { id } userErrors { code } } }`,
        { name, id: search.id },
      );
    const [deleted, ...created] = await Promise.all([
      remove(as.owner, search.id),
      ...['one', 'two', 'three', 'four'].map(create),
    ]);
    expect(deleted.userErrors).toEqual([]);
    for (const { data, errors } of created) {
      expect(errors).toBeUndefined();
      const { apiKey, userErrors } = data.createApiKey;
      if (apiKey === null) expect(userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
      else expect(await grantsOf(apiKey.id)).toEqual([]);
    }
    expect(await exists(organization.id)).toBe(true);
  });
});
