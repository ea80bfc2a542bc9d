import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newId } from '../../src/shared/ids';
import { NOWHERE, ask, credentials, eventsOf, mutate } from '../support/mutating';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE, twoCustomers, type Person, type TwoCustomers } from '../support/two-customers';

interface Added {
  readonly membership: { readonly id: string; readonly userId: string } | null;
}

describe('adding a membership', () => {
  let program: TestProgram;
  let customers: TwoCustomers;
  let as: Record<Person, Credential>;

  beforeAll(async () => {
    program = await TestProgram.start();
    customers = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys));
    as = await credentials(program);
  });

  afterAll(() => program.stop());

  const add = (credential: Credential, userId: string, more: object = {}) =>
    mutate<Added>(program, credential, 'addMembership', {
      organizationId: customers.acme.organization.id,
      userId,
      role: 'MEMBER',
      ...more,
    });
  const placesOf = (userId: string) =>
    program.database.rows('SELECT role FROM memberships WHERE user_id = ?', [userId]);
  const reads = async (userId: string, id: string) => {
    const credential = await program.user({ id: userId, email: 'new@acme.example' });
    const { data } = await program.graphql(credential, 'query($id: ID!) { node(id: $id) { id } }', { id });
    return data['node'] !== null;
  };

  test('a new member belongs there at once, and is recorded', async () => {
    const { organization, ordering } = customers.acme;
    const { membership, userErrors } = await add(as.owner, 'ann@acme.example');
    expect(userErrors).toEqual([]);
    expect(membership).toMatchObject({ userId: 'ann@acme.example', role: 'MEMBER', narrowedTo: null });
    expect(await reads('ann@acme.example', ordering.id)).toBe(true);
    expect(await reads('ann@acme.example', customers.globex.grid.id)).toBe(false);
    const events = await eventsOf(program, organization.id);
    expect(events.filter(({ subjectId }) => subjectId === membership?.id)).toEqual([
      {
        action: 'MEMBERSHIP_ADDED',
        subjectId: membership?.id,
        actorId: PEOPLE.owner.id,
        before: null,
        after: { userId: 'ann@acme.example', role: 'MEMBER', narrowedTo: null },
      },
    ]);
  });

  test('a narrowed member reaches what they are narrowed to, and no more', async () => {
    const { retail, checkout, ordering, search } = customers.acme;
    const narrowedTo = { widgetIds: [checkout.id, ordering.id.toUpperCase()] };
    const { membership } = await add(as.owner, 'bob@acme.example', { role: 'ADMIN', narrowedTo });
    expect(membership).toMatchObject({
      role: 'ADMIN',
      narrowedTo: expect.arrayContaining([
        { level: 'WIDGET', resourceId: checkout.id },
        { level: 'WIDGET', resourceId: ordering.id },
      ]),
    });
    expect(await reads('bob@acme.example', checkout.id)).toBe(true);
    expect(await reads('bob@acme.example', ordering.id)).toBe(true);
    expect(await reads('bob@acme.example', search.id)).toBe(false);
    expect(await reads('bob@acme.example', retail.id)).toBe(false);
  });

  test('narrowed to nothing, a member reaches nothing', async () => {
    const { membership } = await add(as.owner, 'cid@acme.example', { narrowedTo: {} });
    expect(membership).toMatchObject({ narrowedTo: [] });
    expect(await reads('cid@acme.example', customers.acme.retail.id)).toBe(false);
  });

  test('an owner is never narrowed', async () => {
    const narrowedTo = { accountIds: [customers.acme.retail.id] };
    const { membership, userErrors } = await add(as.owner, 'dan@acme.example', { role: 'OWNER', narrowedTo });
    expect(membership).toBeNull();
    expect(userErrors).toMatchObject([{ code: 'INVALID', field: ['narrowedTo'] }]);
    expect(await placesOf('dan@acme.example')).toEqual([]);
  });

  test('a narrowing to what is elsewhere, nowhere or of another level names the ids, all alike', async () => {
    const { checkout, retail } = customers.acme;
    const { grid, energy } = customers.globex;
    const narrowedTo = {
      accountIds: [retail.id, energy.id, checkout.id],
      widgetIds: [checkout.id, grid.id, NOWHERE],
    };
    const { membership, userErrors } = await add(as.owner, 'eve@acme.example', { narrowedTo });
    expect(membership).toBeNull();
    expect(userErrors).toMatchObject([
      { code: 'NOT_FOUND', field: ['narrowedTo', 'accountIds'], ids: [energy.id, checkout.id] },
      { code: 'NOT_FOUND', field: ['narrowedTo', 'widgetIds'], ids: [grid.id, NOWHERE] },
    ]);
    expect(await placesOf('eve@acme.example')).toEqual([]);
  });

  test('who belongs there already is told so, whatever their role', async () => {
    const { userErrors } = await add(as.owner, PEOPLE.member.id, { role: 'OWNER' });
    expect(userErrors).toMatchObject([{ code: 'TAKEN', field: ['userId'] }]);
    expect(await placesOf(PEOPLE.member.id)).toEqual([{ role: 'MEMBER' }]);
  });

  test('of many who add somebody at once, one does', async () => {
    const payloads = await Promise.all(Array.from({ length: 6 }, () => add(as.owner, 'fay@acme.example')));
    expect(payloads.filter(({ membership }) => membership !== null)).toHaveLength(1);
    expect(await placesOf('fay@acme.example')).toEqual([{ role: 'MEMBER' }]);
  });

  test('the subject of a token is taken to the letter', async () => {
    await add(as.owner, 'Gus ');
    expect(await reads('Gus ', customers.acme.retail.id)).toBe(true);
    for (const other of ['Gus', 'gus ', 'GUS '])
      expect(await reads(other, customers.acme.retail.id)).toBe(false);
    for (const userId of ['', 'x'.repeat(256), 'a\u0000']) {
      expect((await add(as.owner, userId)).userErrors).toMatchObject([
        { code: 'INVALID', field: ['userId'] },
      ]);
    }
  });

  test('only owners add people, and others are told that there is no such organization', async () => {
    for (const person of ['admin', 'narrowedAdmin', 'member', 'both', 'outsider', 'nobody'] as const) {
      const { membership, userErrors } = await add(as[person], 'mole@globex.example', { role: 'OWNER' });
      expect(membership).toBeNull();
      expect(userErrors).toMatchObject([{ code: 'NOT_FOUND', field: ['organizationId'] }]);
    }
    expect(await placesOf('mole@globex.example')).toEqual([]);
    const elsewhere = await add(as.owner, 'x', { organizationId: customers.globex.organization.id });
    const nowhere = await add(as.owner, 'x', { organizationId: NOWHERE });
    const id = customers.globex.organization.id;
    expect(JSON.stringify(elsewhere).replaceAll(id, NOWHERE)).toBe(JSON.stringify(nowhere));
  });

  test('a service gives an organization that it has synced its first owner, and no other', async () => {
    const service = await program.service('platform', 'resources:sync');
    const id = newId();
    const upserts = [{ id, level: 'ORGANIZATION', name: 'Initech', slug: 'initech' }];
    const synced = await ask(program, service, 'syncResources', { upserts });
    expect(synced.errors).toBeUndefined();
    const place = (userId: string, role: string) => add(service, userId, { organizationId: id, role });

    expect((await place('peter@initech.example', 'MEMBER')).userErrors).toMatchObject([
      { code: 'NOT_FOUND' },
    ]);
    expect((await place('bill@initech.example', 'OWNER')).userErrors).toEqual([]);
    expect((await place('mole@globex.example', 'OWNER')).userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
    expect(await placesOf('mole@globex.example')).toEqual([]);
    const bill = await program.user({ id: 'bill@initech.example', email: 'bill@initech.example' });
    const { data } = await program.graphql(bill, '{ organizations { nodes { slug } } }');
    expect(data).toEqual({ organizations: { nodes: [{ slug: 'initech' }] } });
  });

  test('no API key adds people', async () => {
    const { errors } = await ask(
      program,
      { 'x-api-key': customers.acme.keys.whole.secretKey },
      'addMembership',
      {
        organizationId: customers.acme.organization.id,
        userId: 'mole@globex.example',
        role: 'OWNER',
      },
    );
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });
});
