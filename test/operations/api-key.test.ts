import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ask } from '../support/every-page';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE, twoCustomers, type TwoCustomers } from '../support/two-customers';

const NOWHERE = '01890000-0000-7000-8000-000000000000';

describe('looking up an API key', () => {
  let program: TestProgram;
  let asOwner: Credential;
  let customers: TwoCustomers;

  beforeAll(async () => {
    program = await TestProgram.start();
    asOwner = await program.user(PEOPLE.owner);
    customers = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys));
  });

  afterAll(() => program.stop());

  const find = async (id: string, selection: string, credential = asOwner): Promise<unknown> => {
    const query = `query($id: ID!) { apiKey(id: $id) { ${selection} } }`;
    return (await ask<{ apiKey: unknown }>(program, credential, query, { id })).apiKey;
  };

  test('every field of a key is told', async () => {
    const { key } = customers.acme.keys.environment;
    const told = await find(
      key.id,
      `id name description createdAt modifiedAt expiresAt disabledAt revokedAt creatorId creatorEmail
      modifiedBy organizationId version status organization { id name slug }`,
    );
    expect(told).toEqual({
      id: key.id,
      name: 'Checkout production only',
      description: '',
      createdAt: new Date(key.createdAt).toISOString(),
      modifiedAt: new Date(key.modifiedAt).toISOString(),
      expiresAt: new Date(key.expiresAt ?? 0).toISOString(),
      disabledAt: null,
      revokedAt: null,
      creatorId: PEOPLE.narrowedMember.id,
      creatorEmail: PEOPLE.narrowedMember.email,
      modifiedBy: PEOPLE.narrowedMember.id,
      organizationId: customers.acme.organization.id,
      version: 1,
      status: 'ACTIVE',
      organization: { id: customers.acme.organization.id, name: 'Acme', slug: 'acme' },
    });
  });

  test('no field of a key holds its secret', async () => {
    const { fields } = await ask<{ fields: { fields: { name: string }[] } }>(
      program,
      asOwner,
      '{ fields: __type(name: "ApiKey") { fields { name } } }',
    );
    const names = fields.fields.map(({ name }) => name);
    expect(names).toContain('creatorEmail');
    expect(names.filter((name) => /secret|digest|hash|selector|pepper/i.test(name))).toEqual([]);
  });

  test('a scope tells its grants as ids and as resources, with their ancestors', async () => {
    const { acme } = customers;
    const scope = `scope { breadth organizationId accountIds widgetIds environmentIds organization { name }
      accounts { name organization { name } } widgets { name account { name organization { name } } }
      environments { name widget { name account { name organization { name } } } } }`;
    const organization = { name: 'Acme' };
    const retail = { name: 'Retail', organization };
    const wholesale = { name: 'Wholesale', organization };
    const ordering = { name: 'Ordering', account: wholesale };
    expect(await find(acme.keys.mixed.key.id, scope)).toEqual({
      scope: {
        breadth: 'WIDGET',
        organizationId: null,
        accountIds: [],
        widgetIds: [acme.search.id, acme.ordering.id],
        environmentIds: [acme.orderingProduction.id],
        organization: null,
        accounts: [],
        widgets: [{ name: 'Search', account: retail }, ordering],
        environments: [{ name: 'Ordering production', widget: ordering }],
      },
    });
    expect(await find(acme.keys.account.key.id, scope)).toMatchObject({
      scope: { breadth: 'ACCOUNT', accountIds: [acme.retail.id], accounts: [retail], widgets: [] },
    });
    expect(await find(acme.keys.whole.key.id, scope)).toMatchObject({
      scope: {
        breadth: 'ORGANIZATION',
        organizationId: acme.organization.id,
        organization,
        accounts: [],
        environments: [],
      },
    });
    expect(await find(acme.keys.none.key.id, scope)).toMatchObject({
      scope: { breadth: 'NONE', organizationId: null, organization: null, environmentIds: [] },
    });
  });

  test('grants are listed widest first, of the levels that are asked for', async () => {
    const { acme } = customers;
    const grants = (args: string) =>
      find(
        acme.keys.mixed.key.id,
        `scope { grants${args} { totalCount nodes { level resourceId resource { __typename name } } } }`,
      );
    const widget = (resource: { id: string; name: string }) => ({
      level: 'WIDGET',
      resourceId: resource.id,
      resource: { __typename: 'Widget', name: resource.name },
    });
    const environment = {
      level: 'ENVIRONMENT',
      resourceId: acme.orderingProduction.id,
      resource: { __typename: 'Environment', name: 'Ordering production' },
    };
    const widgets = [widget(acme.search), widget(acme.ordering)];
    const answer = (nodes: object[]) => ({ scope: { grants: { totalCount: nodes.length, nodes } } });
    expect(await grants('')).toEqual(answer([...widgets, environment]));
    expect(await grants('(levels: [WIDGET])')).toEqual(answer(widgets));
    expect(await grants('(levels: [ENVIRONMENT, ACCOUNT])')).toEqual(answer([environment]));
    expect(await grants('(levels: [])')).toEqual(answer([]));
    expect(await grants('(levels: null)')).toEqual(answer([...widgets, environment]));
  });

  test.each([
    ['disabled', 'DISABLED'],
    ['expired', 'EXPIRED'],
    ['revoked', 'REVOKED'],
    ['whole', 'ACTIVE'],
  ] as const)('the key that is %s has the status %s', async (name, status) => {
    expect(await find(customers.acme.keys[name].key.id, 'status')).toEqual({ status });
  });

  test('an id in capitals finds the key', async () => {
    const { id } = customers.acme.keys.whole.key;
    expect(await find(id.toUpperCase(), 'id')).toEqual({ id });
  });

  test('there is no key under the id of a resource, of another tenant, or of nothing', async () => {
    const { acme, globex } = customers;
    for (const id of [acme.organization.id, acme.retail.id, globex.keys.whole.key.id, NOWHERE]) {
      expect(await find(id, 'id name')).toBeNull();
    }
  });

  test('a member who may not read a granted resource sees its id, and null in its place', async () => {
    const { acme } = customers;
    const key = await program.given((tenancy) =>
      tenancy.apiKey({
        organization: acme.organization,
        name: 'From before the narrowing',
        creator: PEOPLE.narrowedMember,
        grants: [acme.checkout, acme.ordering],
      }),
    );
    const asNarrowed = await program.user(PEOPLE.narrowedMember);
    const scope = 'scope { widgetIds widgets { name } grants { nodes { resource { name } } } }';
    expect(await find(key.id, scope, asNarrowed)).toEqual({
      scope: {
        widgetIds: [acme.checkout.id, acme.ordering.id],
        widgets: [{ name: 'Checkout' }],
        grants: { nodes: [{ resource: { name: 'Checkout' } }, { resource: null }] },
      },
    });
  });
});
