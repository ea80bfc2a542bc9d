import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { PAGE_INFO, ask, everyPage, type Page } from '../support/every-page';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE, twoCustomers, type TwoCustomers } from '../support/two-customers';

interface Resource {
  readonly id: string;
  readonly name: string;
}

describe('the resource tree', () => {
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

  test('the organizations of a user are listed by name, and no others', async () => {
    const query = '{ organizations { totalCount nodes { name slug } } }';
    const acme = { name: 'Acme', slug: 'acme' };
    const globex = { name: 'Globex', slug: 'globex' };
    const list = (nodes: object[]) => ({ organizations: { totalCount: nodes.length, nodes } });
    expect(await ask(program, asConsultant, query)).toEqual(list([acme, globex]));
    expect(await ask(program, asOwner, query)).toEqual(list([acme]));
    expect(await ask(program, await program.user(PEOPLE.nobody), query)).toEqual(list([]));
  });

  test.each([
    ['', ['Acme', 'Globex']],
    ['(orderBy: { field: NAME, direction: DESC })', ['Globex', 'Acme']],
    ['(filter: { nameContains: "LOB" })', ['Globex']],
    ['(filter: { nameContains: "initech" })', []],
    ['(first: 1)', ['Acme']],
    ['(last: 1)', ['Globex']],
  ])('organizations%s are %j', async (args, names) => {
    const { organizations } = await ask<{ organizations: Page<Resource> }>(
      program,
      asConsultant,
      `{ organizations${args} { nodes { name } } }`,
    );
    expect(organizations.nodes.map(({ name }) => name)).toEqual(names);
  });

  test('the whole tree is read downwards through connections', async () => {
    const { organization } = await ask<{ organization: unknown }>(
      program,
      asOwner,
      `query($id: ID!) { organization(id: $id) { name accounts { nodes { name widgets { nodes { name
        environments { edges { node { name } } } } } } } } }`,
      { id: customers.acme.organization.id },
    );
    const environments = (...names: string[]) => ({ edges: names.map((name) => ({ node: { name } })) });
    const checkout = environments('Checkout production', 'Checkout staging');
    expect(organization).toEqual({
      name: 'Acme',
      accounts: {
        nodes: [
          {
            name: 'Retail',
            widgets: {
              nodes: [
                { name: 'Checkout', environments: checkout },
                { name: 'Search', environments: environments('Search production') },
              ],
            },
          },
          {
            name: 'Wholesale',
            widgets: { nodes: [{ name: 'Ordering', environments: environments('Ordering production') }] },
          },
        ],
      },
    });
  });

  test('the whole path is read upwards through fields', async () => {
    const fields = '__typename id name createdAt modifiedAt';
    const { environment } = await ask<{ environment: object }>(
      program,
      asOwner,
      `query($id: ID!) { environment(id: $id) { ${fields}
        widget { ${fields} account { ${fields} organization { ${fields} slug } } } } }`,
      { id: customers.acme.checkoutProduction.id },
    );
    const { checkoutProduction, checkout, retail, organization } = customers.acme;
    const told = (__typename: string, resource: typeof retail) => ({
      __typename,
      id: resource.id,
      name: resource.name,
      createdAt: new Date(resource.createdAt).toISOString(),
      modifiedAt: new Date(resource.modifiedAt).toISOString(),
    });
    expect(environment).toEqual({
      ...told('Environment', checkoutProduction),
      widget: {
        ...told('Widget', checkout),
        account: {
          ...told('Account', retail),
          organization: { ...told('Organization', organization), slug: 'acme' },
        },
      },
    });
  });

  test('a look-up of one level does not find a resource of another', async () => {
    const { organization, retail, checkout, checkoutProduction, keys } = customers.acme;
    const ids = [organization, retail, checkout, checkoutProduction, keys.whole.key].map(({ id }) => id);
    const fields = ['organization', 'account', 'widget', 'environment'];
    for (const [index, field] of fields.entries()) {
      for (const [level, id] of ids.entries()) {
        const data = await ask(program, asOwner, `query($id: ID!) { ${field}(id: $id) { id } }`, { id });
        expect(data).toEqual({ [field]: index === level ? { id } : null });
      }
    }
  });

  test('children of many parents are paged each by themselves', async () => {
    const { organization } = await ask<{ organization: { accounts: { nodes: Record<string, unknown>[] } } }>(
      program,
      asOwner,
      `query($id: ID!) { organization(id: $id) { accounts { nodes { name
        first: widgets(first: 1) { totalCount nodes { name } pageInfo { hasNextPage hasPreviousPage } }
        last: widgets(last: 1) { totalCount nodes { name } pageInfo { hasNextPage hasPreviousPage } }
        found: widgets(filter: { nameContains: "ORD" }) { totalCount nodes { name } }
        newest: widgets(orderBy: { field: CREATED_AT, direction: DESC }) { nodes { name } } } } } }`,
      { id: customers.acme.organization.id },
    );
    const page = (name: string, totalCount: number, hasNextPage: boolean, hasPreviousPage: boolean) => ({
      totalCount,
      nodes: [{ name }],
      pageInfo: { hasNextPage, hasPreviousPage },
    });
    expect(organization.accounts.nodes).toEqual([
      {
        name: 'Retail',
        first: page('Checkout', 2, true, false),
        last: page('Search', 2, false, true),
        found: { totalCount: 0, nodes: [] },
        newest: { nodes: [{ name: 'Search' }, { name: 'Checkout' }] },
      },
      {
        name: 'Wholesale',
        first: page('Ordering', 1, false, false),
        last: page('Ordering', 1, false, false),
        found: { totalCount: 1, nodes: [{ name: 'Ordering' }] },
        newest: { nodes: [{ name: 'Ordering' }] },
      },
    ]);
  });

  test('a long list of children is walked in both directions, with equal names kept apart by their ids', async () => {
    const boss = { id: 'boss@initech.example', email: 'boss@initech.example' };
    const { organization, children } = await program.given((tenancy) => {
      const organization = tenancy.organization('Initech', 'initech');
      tenancy.membership(organization, boss, 'OWNER');
      const names = Array.from({ length: 230 }, (_, index) => `Account ${index % 9}`);
      return { organization, children: names.map((name) => tenancy.child(organization, name)) };
    });
    const expected = children
      .toSorted((a, b) => compareText(a.name, b.name) || compareText(a.id, b.id))
      .map(({ id }) => id);
    const asBoss = await program.user(boss);
    for (const [direction, size] of [
      ['FORWARD', 100],
      ['BACKWARD', 100],
      ['FORWARD', 7],
      ['BACKWARD', 23],
    ] as const) {
      const pages = await everyPage(direction, size, async (args) => {
        const query = `query($id: ID!) { organization(id: $id) { accounts(${args}) { nodes { id } ${PAGE_INFO} } } }`;
        const data = await ask<{ organization: { accounts: Page<Resource> } }>(program, asBoss, query, {
          id: organization.id,
        });
        return data.organization.accounts;
      });
      expect(pages.flat().map(({ id }) => id)).toEqual(expected);
    }
  });
});

function compareText(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
