import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { NOWHERE, atOnce, credentials, eventsOf, keysReaching, mutate } from '../support/mutating';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE, twoCustomers, type Person, type TwoCustomers } from '../support/two-customers';

interface Moved {
  readonly resource: { readonly id: string; readonly account?: object; readonly widget?: object } | null;
}

describe('moving a resource', () => {
  let program: TestProgram;
  let customers: TwoCustomers;
  let as: Record<Person, Credential>;

  beforeEach(async () => {
    program = await TestProgram.start();
    customers = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys));
    as = await credentials(program);
  });

  afterEach(() => program.stop());

  const move = (credential: Credential, id: string, parentId: string) =>
    mutate<Moved>(program, credential, 'moveResource', { id, parentId });
  const parentOf = async (id: string) => {
    const rows = await program.database.rows<{ parent: string }>(
      'SELECT parent_id AS parent FROM resources WHERE id = ?',
      [id],
    );
    return rows[0]?.parent;
  };

  test('the keys of the new account reach a moved widget, those of the old one no longer', async () => {
    const { checkout, checkoutStaging, wholesale } = customers.acme;
    await program.given((tenancy) =>
      tenancy.apiKey({
        organization: customers.acme.organization,
        name: 'Wholesale account',
        creator: PEOPLE.admin,
        grants: [wholesale],
      }),
    );
    const below = ['Checkout widget', 'Retail account', 'Whole organization'];
    expect(await keysReaching(program, as.owner, checkoutStaging.id)).toEqual(below);

    const { resource, userErrors } = await move(as.admin, checkout.id, wholesale.id);
    expect(userErrors).toEqual([]);
    expect(resource).toMatchObject({ id: checkout.id, account: { id: wholesale.id } });
    const moved = ['Checkout widget', 'Whole organization', 'Wholesale account'];
    expect(await keysReaching(program, as.owner, checkout.id)).toEqual(moved);
    expect(await keysReaching(program, as.owner, checkoutStaging.id)).toEqual(moved);
  });

  test('the grants of a key stay as they were given', async () => {
    const { checkout, wholesale, keys } = customers.acme;
    const grants = () =>
      program.database.rows('SELECT * FROM api_key_grants WHERE api_key_id IN (?, ?) ORDER BY resource_id', [
        keys.widget.key.id,
        keys.account.key.id,
      ]);
    const before = await grants();
    await move(as.admin, checkout.id, wholesale.id);
    expect(await grants()).toEqual(before);
  });

  test('a key reads what it reaches since the move, and nothing that was moved away', async () => {
    const { checkout, wholesale, keys } = customers.acme;
    const read = async () =>
      (
        await program.graphql(
          { 'x-api-key': keys.account.secretKey },
          'query($id: ID!) { widget(id: $id) { name } }',
          { id: checkout.id },
        )
      ).data;
    expect(await read()).toEqual({ widget: { name: 'Checkout' } });
    await move(as.owner, checkout.id, wholesale.id);
    expect(await read()).toEqual({ widget: null });
  });

  test('a member who is narrowed to the old account loses what was moved away', async () => {
    const { checkoutProduction, ordering } = customers.acme;
    const read = async () =>
      (
        await program.graphql(as.narrowedMember, 'query($id: ID!) { environment(id: $id) { name } }', {
          id: checkoutProduction.id,
        })
      ).data;
    expect(await read()).toEqual({ environment: { name: 'Checkout production' } });
    const { resource } = await move(as.owner, checkoutProduction.id, ordering.id);
    expect(resource).toMatchObject({ widget: { id: ordering.id } });
    expect(await read()).toEqual({ environment: null });
  });

  test('is recorded with both paths; to where it is already, nothing is recorded', async () => {
    const { organization, retail, wholesale, search } = customers.acme;
    await move(as.owner, search.id, wholesale.id);
    expect((await move(as.owner, search.id, wholesale.id)).userErrors).toEqual([]);
    expect(await eventsOf(program, organization.id)).toMatchObject([
      {
        action: 'RESOURCE_MOVED',
        subjectId: search.id,
        actorId: PEOPLE.owner.id,
        before: { name: 'Search', path: [search.id, retail.id, organization.id] },
        after: { name: 'Search', path: [search.id, wholesale.id, organization.id] },
      },
    ]);
  });

  test('what does not fit is refused, and stays where it is', async () => {
    const { organization, retail, wholesale, checkout, search, checkoutStaging } = customers.acme;
    const refusals: [string, string, string][] = [
      [organization.id, retail.id, 'id'],
      [retail.id, organization.id, 'id'],
      [retail.id, wholesale.id, 'id'],
      [checkout.id, search.id, 'parentId'],
      [checkout.id, checkout.id, 'parentId'],
      [checkout.id, checkoutStaging.id, 'parentId'],
      [checkout.id, organization.id, 'parentId'],
      [checkoutStaging.id, retail.id, 'parentId'],
    ];
    for (const [id, parentId, field] of refusals) {
      const before = await parentOf(id);
      const { resource, userErrors } = await move(as.owner, id, parentId);
      expect(resource).toBeNull();
      expect(userErrors).toMatchObject([{ code: 'INVALID', field: [field] }]);
      expect(await parentOf(id)).toBe(before);
    }
  });

  test('into another organization nothing moves, even for somebody who manages both', async () => {
    const { checkout } = customers.acme;
    await program.given((tenancy) =>
      tenancy.membership(customers.acme.organization, PEOPLE.outsider, 'ADMIN'),
    );
    const { userErrors } = await move(as.outsider, checkout.id, customers.globex.energy.id);
    expect(userErrors).toMatchObject([{ code: 'INVALID', field: ['parentId'] }]);
    expect(await parentOf(checkout.id)).toBe(customers.acme.retail.id);
  });

  test('another tenant is told as what is nowhere, as the resource and as the parent', async () => {
    const { checkout, wholesale } = customers.acme;
    const { grid, energy } = customers.globex;
    const same = (one: unknown, id: string, other: unknown) =>
      expect(JSON.stringify(one).replaceAll(id, NOWHERE)).toBe(JSON.stringify(other));
    same(await move(as.owner, grid.id, wholesale.id), grid.id, await move(as.owner, NOWHERE, wholesale.id));
    const stolen = await move(as.owner, checkout.id, energy.id);
    expect(stolen.userErrors).toMatchObject([{ code: 'NOT_FOUND', field: ['parentId'], ids: [energy.id] }]);
    same(stolen, energy.id, await move(as.owner, checkout.id, NOWHERE));
    expect(await parentOf(grid.id)).toBe(energy.id);
    expect(await parentOf(checkout.id)).toBe(customers.acme.retail.id);
  });

  test('a narrowed admin moves inside only: neither out, nor in', async () => {
    const { checkout, checkoutStaging, search, wholesale, ordering, retail } = customers.acme;
    const inside = await move(as.narrowedAdmin, checkoutStaging.id, search.id);
    expect(inside.userErrors).toEqual([]);
    const out = await move(as.narrowedAdmin, checkout.id, wholesale.id);
    expect(out.userErrors).toMatchObject([{ code: 'NOT_FOUND', field: ['parentId'] }]);
    const into = await move(as.narrowedAdmin, ordering.id, retail.id);
    expect(into.userErrors).toMatchObject([{ code: 'NOT_FOUND', field: ['id'] }]);
    for (const person of ['member', 'narrowedMember', 'nobody'] as const) {
      const { userErrors } = await move(as[person], checkout.id, wholesale.id);
      expect(userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
    }
    expect(await parentOf(ordering.id)).toBe(wholesale.id);
    expect(await parentOf(checkout.id)).toBe(retail.id);
  });

  test('many moves of one widget at once leave it in one place, and a record that leads there', async () => {
    const { organization, retail, wholesale, search } = customers.acme;
    const admins = Array.from({ length: 8 }, (_, index) => ({ id: `admin ${index}`, email: '' }));
    await program.given((tenancy) => admins.map((admin) => tenancy.membership(organization, admin, 'ADMIN')));
    const asAdmins = await Promise.all(admins.map((admin) => program.user(admin)));
    // Each of them moves it there and back: changes of one user alone would wait for each other.
    const payloads = await atOnce(
      program,
      asAdmins.flatMap((credential) =>
        [wholesale.id, retail.id].map((goal) => () => move(credential, search.id, goal)),
      ),
    );
    expect(payloads.flatMap(({ userErrors }) => userErrors)).toEqual([]);
    const moves = (await eventsOf(program, organization.id)).map(({ before, after }) =>
      [before, after].map((state) => (state?.['path'] as string[])[1]),
    );
    const away = moves.filter(([from, to]) => from === retail.id && to === wholesale.id).length;
    const back = moves.filter(([from, to]) => from === wholesale.id && to === retail.id).length;
    expect(away + back).toBe(moves.length);
    expect([0, 1]).toContain(away - back);
    const place = away === back ? retail.id : wholesale.id;
    expect(await parentOf(search.id)).toBe(place);
  });

  test('a move out of an account that is deleted at once comes first and saves the widget, or comes too late', async () => {
    const { retail, wholesale, checkout, checkoutProduction } = customers.acme;
    const [moved, deleted] = await Promise.all([
      move(as.admin, checkout.id, wholesale.id),
      mutate(program, as.owner, 'deleteResource', { id: retail.id }),
    ]);
    expect(deleted.userErrors).toEqual([]);
    const saved = moved.resource !== null;
    if (!saved) expect(moved.userErrors).toMatchObject([{ code: 'NOT_FOUND', field: ['id'] }]);
    expect(await parentOf(checkout.id)).toBe(saved ? wholesale.id : undefined);
    expect(await parentOf(checkoutProduction.id)).toBe(saved ? checkout.id : undefined);
    const grants = await program.database.rows(
      'SELECT api_key_id FROM api_key_grants WHERE resource_id = ?',
      [checkout.id],
    );
    expect(grants).toHaveLength(saved ? 1 : 0);
  });

  test('a move into an account that is deleted at once loses the widget, or is told that there is no account', async () => {
    const { wholesale, checkout, retail } = customers.acme;
    const [moved, deleted] = await Promise.all([
      move(as.admin, checkout.id, wholesale.id),
      mutate(program, as.owner, 'deleteResource', { id: wholesale.id }),
    ]);
    expect(deleted.userErrors).toEqual([]);
    if (moved.resource === null) expect(moved.userErrors).toMatchObject([{ field: ['parentId'] }]);
    expect(await parentOf(checkout.id)).toBe(moved.resource === null ? retail.id : undefined);
  });
});
