import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ask, type Page } from '../support/every-page';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE, twoCustomers, type TwoCustomers } from '../support/two-customers';

interface Key {
  readonly id: string;
  readonly name: string;
}

const NOWHERE = '01890000-0000-7000-8000-000000000000';

describe('listing API keys', () => {
  let program: TestProgram;
  let asOwner: Credential;
  let asConsultant: Credential;
  let customers: TwoCustomers;

  beforeAll(async () => {
    program = await TestProgram.start();
    asOwner = await program.user(PEOPLE.owner);
    asConsultant = await program.user(PEOPLE.both);
    customers = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys));
  });

  afterAll(() => program.stop());

  const list = async (filter: object | null, credential = asOwner): Promise<Page<Key>> => {
    const { apiKeys } = await ask<{ apiKeys: Page<Key> }>(
      program,
      credential,
      'query($filter: ApiKeyFilter) { apiKeys(first: 100, filter: $filter) { nodes { id name } totalCount } }',
      { filter },
    );
    return apiKeys;
  };
  const names = async (filter: object | null, credential = asOwner) => {
    const { nodes, totalCount } = await list(filter, credential);
    expect(totalCount).toBe(nodes.length);
    return nodes.map(({ name }) => name).sort();
  };

  test('a key is listed with its scope resolved', async () => {
    const data = await ask(
      program,
      asOwner,
      `{ apiKeys(filter: { nameContains: "Checkout production only" }) {
        nodes { name scope { breadth organization { name } accounts { name } widgets { name }
          environments { name widget { name account { name organization { name } } } } } } } }`,
    );
    const organization = { name: 'Acme' };
    const widget = { name: 'Checkout', account: { name: 'Retail', organization } };
    const environments = [{ name: 'Checkout production', widget }];
    const scope = { breadth: 'ENVIRONMENT', organization: null, accounts: [], widgets: [], environments };
    expect(data).toEqual({ apiKeys: { nodes: [{ name: 'Checkout production only', scope }] } });
  });

  test('without arguments, the newest key comes first and keys of every status are there', async () => {
    const { nodes } = await list(null);
    expect(nodes.map(({ name }) => name)).toEqual([
      'Revoked',
      'Expired',
      'Disabled',
      'Without grants',
      'Ordering production only',
      'Search and ordering',
      'Checkout production only',
      'Checkout widget',
      'Retail account',
      'Whole organization',
    ]);
  });

  test('by organization, only its keys are listed, and of another tenant none', async () => {
    const { acme, globex } = customers;
    expect(await names(null, asConsultant)).toEqual(['Grid key', 'Ordering production only', 'Whole Globex']);
    const organizationId = globex.organization.id;
    expect(await names({ organizationId }, asConsultant)).toEqual(['Grid key', 'Whole Globex']);
    expect(await names({ organizationId: acme.organization.id }, asConsultant)).toEqual([
      'Ordering production only',
    ]);
    expect(await names({ organizationId })).toEqual([]);
  });

  test('an id in capitals is the same id', async () => {
    const organizationId = customers.acme.organization.id.toUpperCase();
    expect(await names({ organizationId })).toHaveLength(10);
  });

  test('by creator, the keys of one user are listed, whose id is compared to the letter', async () => {
    expect(await names({ creatorId: PEOPLE.admin.id })).toEqual(['Disabled', 'Retail account']);
    for (const creatorId of ['', PEOPLE.admin.id.toUpperCase(), `${PEOPLE.admin.id} `, '0', 'admin']) {
      expect(await names({ creatorId })).toEqual([]);
    }
    expect(await names({ creatorId: PEOPLE.outsider.id })).toEqual([]);
  });

  test.each([
    [['NONE'], ['Without grants']],
    [['ENVIRONMENT'], ['Checkout production only', 'Disabled', 'Expired', 'Ordering production only']],
    [['WIDGET'], ['Checkout widget', 'Search and ordering']],
    [['ACCOUNT'], ['Retail account', 'Revoked']],
    [['ORGANIZATION'], ['Whole organization']],
    [
      ['NONE', 'ORGANIZATION', 'NONE'],
      ['Whole organization', 'Without grants'],
    ],
    [[], []],
  ])('by breadth %j, keys whose widest grant it is are listed', async (breadth, expected) => {
    expect(await names({ breadth })).toEqual(expected);
  });

  test.each([
    [['DISABLED'], ['Disabled']],
    [['EXPIRED'], ['Expired']],
    [['REVOKED'], ['Revoked']],
    [
      ['REVOKED', 'EXPIRED'],
      ['Expired', 'Revoked'],
    ],
    [[], []],
  ])('by status %j, a key counts under one status only', async (status, expected) => {
    expect(await names({ status })).toEqual(expected);
  });

  test('active are the keys that are neither revoked, nor disabled, nor past their end', async () => {
    expect(await names({ status: ['ACTIVE'] })).toHaveLength(7);
    expect(await names({ status: ['ACTIVE', 'DISABLED', 'EXPIRED', 'REVOKED'] })).toHaveLength(10);
  });

  test('by expiry, keys that end before a time are listed, with those that have ended, but none that were revoked', async () => {
    const { environment, expired } = customers.acme.keys;
    const end = environment.key.expiresAt ?? 0;
    const past = expired.key.expiresAt ?? 0;
    const before = async (time: number) => names({ expiresBefore: new Date(time).toISOString() });
    expect(await before(end + 1)).toEqual(['Checkout production only', 'Expired']);
    expect(await before(end)).toEqual(['Expired']);
    expect(await before(past)).toEqual([]);
    const soonEnough = { expiresBefore: new Date(end + 1).toISOString() };
    expect(await names({ ...soonEnough, status: ['ACTIVE'] })).toEqual(['Checkout production only']);
    expect(await names(soonEnough, await program.user(PEOPLE.outsider))).toEqual([]);
  });

  test('by expiry, the keys that reach a resource are listed too', async () => {
    const { checkoutProduction, keys } = customers.acme;
    const expiresBefore = new Date((keys.environment.key.expiresAt ?? 0) + 1).toISOString();
    const data = await ask(
      program,
      asOwner,
      `query($id: ID!, $expiresBefore: DateTimeISO!) { environment(id: $id) {
        apiKeys(filter: { expiresBefore: $expiresBefore }) { totalCount nodes { name } } } }`,
      { id: checkoutProduction.id, expiresBefore },
    );
    const nodes = [{ name: 'Checkout production only' }];
    expect(data).toEqual({ environment: { apiKeys: { totalCount: 1, nodes } } });
  });

  test('by what they reach, keys that grant the resource or an ancestor are listed', async () => {
    const { acme } = customers;
    const retail = ['Retail account', 'Revoked', 'Whole organization'];
    expect(await names({ reaches: acme.organization.id })).toEqual(['Whole organization']);
    expect(await names({ reaches: acme.retail.id })).toEqual(retail);
    expect(await names({ reaches: acme.checkout.id })).toEqual(['Checkout widget', ...retail]);
    expect(await names({ reaches: acme.checkoutProduction.id })).toEqual([
      'Checkout production only',
      'Checkout widget',
      ...retail,
    ]);
    const ordering = ['Ordering production only', 'Search and ordering', 'Whole organization'];
    expect(await names({ reaches: acme.orderingProduction.id })).toEqual(ordering);
  });

  test('no key reaches what is nowhere, or of another tenant', async () => {
    expect(await names({ reaches: NOWHERE })).toEqual([]);
    expect(await names({ reaches: customers.globex.gridProduction.id })).toEqual([]);
    expect(await names({ reaches: customers.acme.keys.whole.key.id })).toEqual([]);
  });

  test('what is given together must all fit', async () => {
    const { organization, checkoutStaging } = customers.acme;
    const reaches = checkoutStaging.id;
    const filter = { organizationId: organization.id, reaches, creatorId: PEOPLE.member.id };
    expect(await names(filter)).toEqual(['Checkout widget', 'Expired', 'Revoked']);
    expect(await names({ ...filter, status: ['EXPIRED', 'ACTIVE'] })).toEqual(['Checkout widget', 'Expired']);
    expect(await names({ ...filter, breadth: ['WIDGET'] })).toEqual(['Checkout widget']);
    expect(await names({ ...filter, nameContains: 'VOK' })).toEqual(['Revoked']);
    expect(await names({ ...filter, organizationId: customers.globex.organization.id })).toEqual([]);
  });

  test('a filter of nulls is no filter', async () => {
    const nulls = { organizationId: null, creatorId: null, nameContains: null, breadth: null };
    expect(await names({ ...nulls, status: null, reaches: null })).toHaveLength(10);
  });

  test('lists that are asked for side by side do not mix', async () => {
    const data = await ask<Record<'all' | 'none' | 'ofAcme' | 'noneOfAcme', { totalCount: number }>>(
      program,
      asOwner,
      `query($acme: ID!, $nowhere: ID!) {
        none: apiKeys(filter: { reaches: $nowhere }) { totalCount nodes { id } }
        all: apiKeys { totalCount nodes { id } }
        ofAcme: apiKeys(filter: { organizationId: $acme }) { totalCount nodes { id } }
        noneOfAcme: apiKeys(filter: { organizationId: $acme, reaches: $nowhere }) { totalCount nodes { id } }
      }`,
      { acme: customers.acme.organization.id, nowhere: NOWHERE },
    );
    const counts = Object.fromEntries(
      Object.entries(data).map(([alias, { totalCount }]) => [alias, totalCount]),
    );
    expect(counts).toEqual({ all: 10, none: 0, ofAcme: 10, noneOfAcme: 0 });
  });
});
