import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { NOWHERE, credentials, eventsOf, mutate } from '../support/mutating';
import { TestProgram, type Credential } from '../support/test-program';
import { twoCustomers, type Person, type TwoCustomers } from '../support/two-customers';

interface Renamed {
  readonly resource: { readonly id: string; readonly name: string } | null;
}

describe('renaming a resource', () => {
  let program: TestProgram;
  let customers: TwoCustomers;
  let as: Record<Person, Credential>;

  beforeAll(async () => {
    program = await TestProgram.start();
    customers = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys));
    as = await credentials(program);
  });

  afterAll(() => program.stop());

  const rename = (credential: Credential, id: string, name: string) =>
    mutate<Renamed>(program, credential, 'renameResource', { id, name });
  const nameOf = async (id: string) => {
    const [row] = await program.database.rows<{ name: string }>('SELECT name FROM resources WHERE id = ?', [
      id,
    ]);
    return row?.name;
  };

  test('at every level it gets the name, and is found by it', async () => {
    const { organization, wholesale, ordering, orderingProduction } = customers.acme;
    for (const { id } of [organization, wholesale, ordering, orderingProduction]) {
      const { resource, userErrors } = await rename(as.admin, id, ` Ünique ${id} `);
      expect(userErrors).toEqual([]);
      expect(resource).toMatchObject({ id, name: `Ünique ${id}` });
    }
    const { data } = await program.graphql<{ account: { widgets: { nodes: object[] } } }>(
      as.owner,
      'query($id: ID!, $part: String!) { account(id: $id) { widgets(filter: { nameContains: $part }) { nodes { id } } } }',
      { id: wholesale.id, part: 'üNIQUE' },
    );
    expect(data.account.widgets.nodes).toEqual([{ id: ordering.id }]);
  });

  test('is recorded with the old name and the new; the same name again changes and records nothing', async () => {
    const { organization, retail, search } = customers.acme;
    await rename(as.owner, search.id, 'Finder');
    const events = async () =>
      (await eventsOf(program, organization.id)).filter(({ subjectId }) => subjectId === search.id);
    const path = [search.id, retail.id, organization.id];
    expect(await events()).toMatchObject([
      {
        action: 'RESOURCE_RENAMED',
        before: { name: 'Search', path },
        after: { name: 'Finder', path },
      },
    ]);
    const { resource, userErrors } = await rename(as.owner, search.id, 'Finder');
    expect({ resource, userErrors }).toMatchObject({ resource: { name: 'Finder' }, userErrors: [] });
    expect(await events()).toHaveLength(1);
  });

  test('a narrowed admin renames inside only, members nothing', async () => {
    const { organization, checkout, ordering } = customers.acme;
    expect((await rename(as.narrowedAdmin, checkout.id, 'Till')).resource).toMatchObject({ name: 'Till' });
    const refusals: [Person, string][] = [
      ['narrowedAdmin', organization.id],
      ['narrowedAdmin', ordering.id],
      ['member', checkout.id],
      ['narrowedMember', checkout.id],
      ['outsider', checkout.id],
    ];
    for (const [person, id] of refusals) {
      const name = await nameOf(id);
      const { resource, userErrors } = await rename(as[person], id, 'Stolen');
      expect(resource).toBeNull();
      expect(userErrors).toMatchObject([{ code: 'NOT_FOUND', field: ['id'], ids: [id] }]);
      expect(await nameOf(id)).toBe(name);
    }
  });

  test('another tenant is told as what is nowhere', async () => {
    const { grid } = customers.globex;
    const elsewhere = await rename(as.owner, grid.id, 'Stolen');
    const nowhere = await rename(as.owner, NOWHERE, 'Stolen');
    expect(JSON.stringify(elsewhere).replaceAll(grid.id, NOWHERE)).toBe(JSON.stringify(nowhere));
    expect(await nameOf(grid.id)).toBe('Grid');
  });

  test('an empty name is refused', async () => {
    const { userErrors } = await rename(as.owner, customers.acme.retail.id, ' ');
    expect(userErrors).toMatchObject([{ code: 'INVALID', field: ['name'] }]);
    expect(await nameOf(customers.acme.retail.id)).toBe('Retail');
  });
});
