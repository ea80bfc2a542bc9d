import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { PAGE_INFO, ask, everyPage, type Page } from '../support/every-page';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE, twoCustomers, type TwoCustomers } from '../support/two-customers';

type Acme = TwoCustomers['acme'];
interface Edge {
  node: { name: string };
  grants: { level: string; resourceId: string; resource: { id: string } | null }[];
}

describe('the keys that reach a resource', () => {
  let program: TestProgram;
  let asOwner: Credential;
  let acme: Acme;

  beforeAll(async () => {
    program = await TestProgram.start();
    asOwner = await program.user(PEOPLE.owner);
    ({ acme } = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys)));
  });

  afterAll(() => program.stop());

  /** The names of the keys, with the ids of the grants by which each of them reaches the resource. */
  const reaching = async (field: string, id: string, credential: Credential, args = '') => {
    const query = `query($id: ID!) { ${field}(id: $id) { apiKeys${args} { totalCount
      edges { node { name } grants { level resourceId resource { id } } } } } }`;
    const data = await ask<Record<string, { apiKeys: { totalCount: number; edges: Edge[] } }>>(
      program,
      credential,
      query,
      { id },
    );
    const { totalCount, edges } = data[field]?.apiKeys ?? { totalCount: 0, edges: [] };
    expect(totalCount).toBe(edges.length);
    return Object.fromEntries(
      edges.map(({ node, grants }) => [node.name, grants.map(({ resourceId }) => resourceId)]),
    );
  };

  test('an organization is reached by grants of itself', async () => {
    const { id } = acme.organization;
    expect(await reaching('organization', id, asOwner)).toEqual({ 'Whole organization': [id] });
  });

  test('an account is reached by grants of itself and of its organization', async () => {
    expect(await reaching('account', acme.wholesale.id, asOwner)).toEqual({
      'Whole organization': [acme.organization.id],
    });
    expect(await reaching('account', acme.retail.id, asOwner)).toEqual({
      'Whole organization': [acme.organization.id],
      'Retail account': [acme.retail.id],
      Revoked: [acme.retail.id],
    });
  });

  test('a widget is reached by grants of itself and of all above it', async () => {
    expect(await reaching('widget', acme.checkout.id, asOwner)).toEqual({
      'Whole organization': [acme.organization.id],
      'Retail account': [acme.retail.id],
      Revoked: [acme.retail.id],
      'Checkout widget': [acme.checkout.id],
    });
  });

  test('an environment tells every grant by which a key reaches it, the nearest first', async () => {
    expect(await reaching('environment', acme.orderingProduction.id, asOwner)).toEqual({
      'Whole organization': [acme.organization.id],
      'Search and ordering': [acme.orderingProduction.id, acme.ordering.id],
      'Ordering production only': [acme.orderingProduction.id],
    });
  });

  test('a grant tells its level and its resource', async () => {
    const data = await ask<{ widget: { apiKeys: { edges: Edge[] } } }>(
      program,
      asOwner,
      `query($id: ID!) { widget(id: $id) { apiKeys(filter: { breadth: [WIDGET] }) {
        edges { grants { level resourceId resource { id __typename } } } } } }`,
      { id: acme.ordering.id },
    );
    const resource = { id: acme.ordering.id, __typename: 'Widget' };
    const grant = { level: 'WIDGET', resourceId: acme.ordering.id, resource };
    expect(data.widget.apiKeys.edges).toEqual([{ grants: [grant] }]);
  });

  test.each([
    ['filter: { nameContains: "retail" }', ['Retail account']],
    ['filter: { status: [REVOKED] }', ['Revoked']],
    ['filter: { breadth: [ORGANIZATION, WIDGET] }', ['Checkout widget', 'Whole organization']],
    ['filter: { creatorId: "admin@acme.example" }', ['Retail account']],
    ['filter: { creatorId: "admin@acme.example", status: [REVOKED] }', []],
    ['first: 2', ['Checkout widget', 'Revoked']],
    ['last: 1', ['Whole organization']],
    ['first: 1, orderBy: { field: NAME, direction: ASC }', ['Checkout widget']],
  ])('%s gives %j', async (args, expected) => {
    const { widget } = await ask<{ widget: { apiKeys: Page<{ name: string }> } }>(
      program,
      asOwner,
      `query($id: ID!) { widget(id: $id) { apiKeys(${args}) { nodes { name } } } }`,
      { id: acme.checkout.id },
    );
    expect(widget.apiKeys.nodes.map(({ name }) => name).sort()).toEqual(expected);
  });

  test('a member sees which of their own keys reach a resource, not those of others', async () => {
    const asMember = await program.user(PEOPLE.member);
    expect(Object.keys(await reaching('environment', acme.checkoutStaging.id, asMember)).sort()).toEqual([
      'Checkout widget',
      'Expired',
      'Revoked',
    ]);
    expect(await reaching('organization', acme.organization.id, asMember)).toEqual({});
  });

  test('the list is walked in both directions, each key once', async () => {
    for (const direction of ['FORWARD', 'BACKWARD'] as const) {
      const pages = await everyPage(direction, 2, async (args) => {
        const data = await ask<{ environment: { apiKeys: Page<{ name: string }> } }>(
          program,
          asOwner,
          `query($id: ID!) { environment(id: $id) { apiKeys(${args}) { nodes { name } ${PAGE_INFO} } } }`,
          { id: acme.checkoutStaging.id },
        );
        return data.environment.apiKeys;
      });
      expect(pages.flat().map(({ name }) => name)).toEqual([
        'Revoked',
        'Expired',
        'Disabled',
        'Checkout widget',
        'Retail account',
        'Whole organization',
      ]);
    }
  });

  test('the lists of many resources that are asked for together do not mix', async () => {
    const data = await ask<{
      widget: { environments: { nodes: { name: string; apiKeys: Page<unknown> }[] } };
    }>(
      program,
      asOwner,
      `query($id: ID!) { widget(id: $id) { environments { nodes { name apiKeys(first: 1) { totalCount } } } } }`,
      { id: acme.checkout.id },
    );
    expect(data.widget.environments.nodes).toEqual([
      { name: 'Checkout production', apiKeys: { totalCount: 5 } },
      { name: 'Checkout staging', apiKeys: { totalCount: 6 } },
    ]);
  });
});
