import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { NOWHERE, credentials, eventsOf, mutate } from '../support/mutating';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE, twoCustomers, type Person, type TwoCustomers } from '../support/two-customers';

interface Changed {
  readonly membership: { readonly role: string; readonly narrowedTo: readonly object[] | null } | null;
  readonly revokedApiKeys: readonly { readonly name: string; readonly status: string }[] | null;
}

describe('changing a membership', () => {
  let program: TestProgram;
  let customers: TwoCustomers;
  let as: Record<Person, Credential>;

  beforeEach(async () => {
    program = await TestProgram.start();
    customers = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys));
    as = await credentials(program);
  });

  afterEach(() => program.stop());

  const membershipOf = async (person: Person, organization = customers.acme.organization) => {
    const [row] = await program.database.rows<{ id: string; role: string; narrowed: number }>(
      'SELECT id, role, narrowed FROM memberships WHERE organization_id = ? AND user_id = ?',
      [organization.id, PEOPLE[person].id],
    );
    if (row === undefined) throw new Error(`${person} has no place there.`);
    return row;
  };
  const change = async (credential: Credential, person: Person, input: object) => {
    const { id } = await membershipOf(person);
    return mutate<Changed>(program, credential, 'changeMembership', { id, ...input });
  };
  const reads = async (credential: Credential, id: string) => {
    const { data } = await program.graphql(credential, 'query($id: ID!) { node(id: $id) { id } }', { id });
    return data['node'] !== null;
  };

  test('another role counts at once, and is recorded with the old one', async () => {
    const { membership, userErrors } = await change(as.owner, 'member', { role: 'ADMIN' });
    expect(userErrors).toEqual([]);
    expect(membership).toMatchObject({ role: 'ADMIN', narrowedTo: null });
    const { data } = await program.graphql(as.member, '{ apiKeys { totalCount } }');
    expect(data).toEqual({ apiKeys: { totalCount: 10 } });
    expect(await eventsOf(program, customers.acme.organization.id)).toMatchObject([
      {
        action: 'MEMBERSHIP_CHANGED',
        actorId: PEOPLE.owner.id,
        before: { userId: PEOPLE.member.id, role: 'MEMBER', narrowedTo: null },
        after: { userId: PEOPLE.member.id, role: 'ADMIN', narrowedTo: null },
      },
    ]);
  });

  test('a narrowing takes the place of the one before, and widening takes it away', async () => {
    const { retail, ordering } = customers.acme;
    const narrowedTo = { widgetIds: [ordering.id] };
    const narrowed = await change(as.owner, 'narrowedMember', { narrowedTo });
    expect(narrowed.membership).toMatchObject({ narrowedTo: [{ level: 'WIDGET', resourceId: ordering.id }] });
    expect(await reads(as.narrowedMember, ordering.id)).toBe(true);
    expect(await reads(as.narrowedMember, retail.id)).toBe(false);

    const promoted = await change(as.owner, 'narrowedMember', { role: 'ADMIN' });
    expect(promoted.membership).toMatchObject({ role: 'ADMIN', narrowedTo: [{ resourceId: ordering.id }] });

    const widened = await change(as.owner, 'narrowedMember', { widen: true });
    expect(widened.membership).toMatchObject({ role: 'ADMIN', narrowedTo: null });
    expect(await reads(as.narrowedMember, retail.id)).toBe(true);
  });

  test('what changes nothing is not recorded', async () => {
    const narrowedTo = { accountIds: [customers.acme.retail.id] };
    for (const input of [{}, { role: 'MEMBER' }, { narrowedTo }, { role: null, narrowedTo: null }]) {
      expect((await change(as.owner, 'narrowedMember', input)).userErrors).toEqual([]);
    }
    expect(await eventsOf(program, customers.acme.organization.id)).toEqual([]);
  });

  test('an owner is never narrowed: neither by a narrowing, nor by becoming one', async () => {
    const narrowedTo = { accountIds: [customers.acme.retail.id] };
    const refusals: [Person, object][] = [
      ['owner', { narrowedTo }],
      ['member', { role: 'OWNER', narrowedTo }],
      ['narrowedAdmin', { role: 'OWNER' }],
    ];
    for (const [person, input] of refusals) {
      const before = await membershipOf(person);
      const { membership, userErrors } = await change(as.owner, person, input);
      expect(membership).toBeNull();
      expect(userErrors).toMatchObject([{ code: 'INVALID', field: ['narrowedTo'] }]);
      expect(await membershipOf(person)).toEqual(before);
    }
    const { membership } = await change(as.owner, 'narrowedAdmin', { role: 'OWNER', widen: true });
    expect(membership).toMatchObject({ role: 'OWNER', narrowedTo: null });
  });

  test('a narrowing to what is elsewhere is told as what is nowhere, and widening beside narrowing is refused', async () => {
    const { energy } = customers.globex;
    const { userErrors } = await change(as.owner, 'member', {
      narrowedTo: { accountIds: [energy.id, NOWHERE] },
    });
    expect(userErrors).toMatchObject([
      { code: 'NOT_FOUND', field: ['narrowedTo', 'accountIds'], ids: [energy.id, NOWHERE] },
    ]);
    const narrowedTo = { accountIds: [customers.acme.retail.id] };
    const both = await change(as.owner, 'member', { narrowedTo, widen: true });
    expect(both.userErrors).toMatchObject([{ code: 'INVALID', field: ['widen'] }]);
    expect(await membershipOf('member')).toMatchObject({ narrowed: 0 });
  });

  test('the last owner stays one, until there is another', async () => {
    for (const input of [{ role: 'ADMIN' }, { role: 'MEMBER' }]) {
      const { userErrors } = await change(as.owner, 'owner', input);
      expect(userErrors).toMatchObject([{ code: 'LAST_OWNER', field: ['id'] }]);
    }
    expect(await membershipOf('owner')).toMatchObject({ role: 'OWNER' });
    await change(as.owner, 'admin', { role: 'OWNER' });
    expect((await change(as.owner, 'owner', { role: 'ADMIN' })).membership).toMatchObject({ role: 'ADMIN' });
  });

  test('of two owners who step down at once, one stays', async () => {
    await change(as.owner, 'admin', { role: 'OWNER' });
    const payloads = await Promise.all([
      change(as.owner, 'owner', { role: 'MEMBER' }),
      change(as.admin, 'admin', { role: 'MEMBER' }),
    ]);
    expect(payloads.filter(({ membership }) => membership !== null)).toHaveLength(1);
    expect(payloads.flatMap(({ userErrors }) => userErrors)).toMatchObject([{ code: 'LAST_OWNER' }]);
    const roles = [await membershipOf('owner'), await membershipOf('admin')].map(({ role }) => role);
    expect(roles.sort()).toEqual(['MEMBER', 'OWNER']);
  });

  test('with revokeKeys, keys that reach beyond the narrowing are revoked, and no others', async () => {
    const { search, keys } = customers.acme;
    const narrowedTo = { widgetIds: [search.id] };
    const { revokedApiKeys, userErrors } = await change(as.owner, 'member', { narrowedTo, revokeKeys: true });
    expect(userErrors).toEqual([]);
    // Of the keys of the member, one has been revoked before, and one has a part of its scope inside.
    expect(revokedApiKeys?.map(({ name, status }) => `${name} ${status}`).sort()).toEqual([
      'Checkout widget REVOKED',
      'Expired REVOKED',
      'Search and ordering REVOKED',
    ]);
    const asKey = await program.graphql({ 'x-api-key': keys.widget.secretKey }, '{ viewer { id } }');
    expect(asKey.status).toBe(401);
    const stillGood = await program.graphql({ 'x-api-key': keys.account.secretKey }, '{ viewer { id } }');
    expect(stillGood.status).toBe(200);
    const events = await eventsOf(program, customers.acme.organization.id);
    expect(events.map(({ action }) => action).sort()).toEqual([
      'API_KEY_REVOKED',
      'API_KEY_REVOKED',
      'API_KEY_REVOKED',
      'MEMBERSHIP_CHANGED',
    ]);
  });

  test('without revokeKeys, no key is revoked', async () => {
    const narrowedTo = { widgetIds: [customers.acme.search.id] };
    const { revokedApiKeys } = await change(as.owner, 'member', { narrowedTo });
    expect(revokedApiKeys).toEqual([]);
    const rows = await program.database.rows('SELECT id FROM api_keys WHERE revoked_at IS NOT NULL');
    expect(rows).toHaveLength(1);
  });

  test('keys within the narrowing stay', async () => {
    const narrowedTo = { accountIds: [customers.acme.retail.id] };
    const { revokedApiKeys } = await change(as.owner, 'admin', { narrowedTo, revokeKeys: true });
    expect(revokedApiKeys).toEqual([]);
  });

  test('only owners change people; others, and those of other tenants, are told that there is none', async () => {
    for (const person of ['admin', 'narrowedAdmin', 'member', 'outsider', 'nobody'] as const) {
      const { membership, userErrors } = await change(as[person], 'member', { role: 'OWNER' });
      expect(membership).toBeNull();
      expect(userErrors).toMatchObject([{ code: 'NOT_FOUND', field: ['id'] }]);
    }
    expect(await membershipOf('member')).toMatchObject({ role: 'MEMBER' });
    const { id } = await membershipOf('outsider', customers.globex.organization);
    const elsewhere = await mutate(program, as.owner, 'changeMembership', { id, role: 'MEMBER' });
    const nowhere = await mutate(program, as.owner, 'changeMembership', { id: NOWHERE, role: 'MEMBER' });
    expect(JSON.stringify(elsewhere).replaceAll(id, NOWHERE)).toBe(JSON.stringify(nowhere));
    expect(await membershipOf('outsider', customers.globex.organization)).toMatchObject({ role: 'OWNER' });
  });
});
