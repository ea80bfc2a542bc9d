import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ask } from '../support/every-page';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE, twoCustomers, type TwoCustomers } from '../support/two-customers';

const NOWHERE = '01890000-0000-7000-8000-000000000000';
const QUERY = `query($id: ID!) { node(id: $id) { __typename id
  ... on Resource { name } ... on Organization { slug accounts { totalCount } }
  ... on Account { organization { name } } ... on Widget { account { name } }
  ... on Environment { widget { name } apiKeys { totalCount } }
  ... on ApiKey { keyName: name status scope { breadth } } } }`;

describe('node', () => {
  let program: TestProgram;
  let asOwner: Credential;
  let customers: TwoCustomers;

  beforeAll(async () => {
    program = await TestProgram.start();
    asOwner = await program.user(PEOPLE.owner);
    customers = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys));
  });

  afterAll(() => program.stop());

  const node = async (id: string, credential = asOwner) =>
    (await ask<{ node: object | null }>(program, credential, QUERY, { id })).node;

  test('answers a thing of each type with its own fields', async () => {
    const { organization, retail, checkout, checkoutStaging, keys } = customers.acme;
    expect(await node(organization.id)).toEqual({
      __typename: 'Organization',
      id: organization.id,
      name: 'Acme',
      slug: 'acme',
      accounts: { totalCount: 2 },
    });
    expect(await node(retail.id)).toEqual({
      __typename: 'Account',
      id: retail.id,
      name: 'Retail',
      organization: { name: 'Acme' },
    });
    expect(await node(checkout.id)).toEqual({
      __typename: 'Widget',
      id: checkout.id,
      name: 'Checkout',
      account: { name: 'Retail' },
    });
    expect(await node(checkoutStaging.id)).toEqual({
      __typename: 'Environment',
      id: checkoutStaging.id,
      name: 'Checkout staging',
      widget: { name: 'Checkout' },
      apiKeys: { totalCount: 6 },
    });
    expect(await node(keys.mixed.key.id)).toEqual({
      __typename: 'ApiKey',
      id: keys.mixed.key.id,
      keyName: 'Search and ordering',
      status: 'ACTIVE',
      scope: { breadth: 'WIDGET' },
    });
  });

  test('answers null for what is nowhere, or of another tenant', async () => {
    const { organization, energy, grid, gridProduction, keys } = customers.globex;
    const globex = [organization, energy, grid, gridProduction, keys.whole.key, keys.environment.key];
    for (const { id } of globex) {
      expect(await node(id)).toBeNull();
      expect(await node(id, await program.user(PEOPLE.outsider))).toMatchObject({ id });
    }
    expect(await node(NOWHERE)).toBeNull();
  });

  test('answers many ids in one request, the same one twice alike', async () => {
    const { retail, keys } = customers.acme;
    const data = await ask(
      program,
      asOwner,
      `query($account: ID!, $key: ID!, $nowhere: ID!) { a: node(id: $account) { id } b: node(id: $key) { id }
        c: node(id: $account) { id } d: node(id: $nowhere) { id } }`,
      { account: retail.id, key: keys.none.key.id.toUpperCase(), nowhere: NOWHERE },
    );
    const account = { id: retail.id };
    expect(data).toEqual({ a: account, b: { id: keys.none.key.id }, c: account, d: null });
  });
});
