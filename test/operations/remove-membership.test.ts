import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { NOWHERE, atOnce, credentials, eventsOf, mutate } from '../support/mutating';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE, twoCustomers, type Person, type TwoCustomers } from '../support/two-customers';

interface Removed {
  readonly membership: { readonly userId: string } | null;
  readonly revokedApiKeys: readonly { readonly name: string; readonly status: string }[] | null;
}

describe('removing a membership', () => {
  let program: TestProgram;
  let customers: TwoCustomers;
  let as: Record<Person, Credential>;

  beforeEach(async () => {
    program = await TestProgram.start();
    customers = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys));
    as = await credentials(program);
  });

  afterEach(() => program.stop());

  const idOf = async (userId: string, organization = customers.acme.organization) => {
    const [row] = await program.database.rows<{ id: string }>(
      'SELECT id FROM memberships WHERE organization_id = ? AND user_id = ?',
      [organization.id, userId],
    );
    return row?.id ?? null;
  };
  const remove = async (credential: Credential, person: Person, more: object = {}) => {
    const id = await idOf(PEOPLE[person].id);
    return mutate<Removed>(program, credential, 'removeMembership', { id, ...more });
  };
  const owners = () =>
    program.database.rows("SELECT user_id FROM memberships WHERE organization_id = ? AND role = 'OWNER'", [
      customers.acme.organization.id,
    ]);

  test('who is removed sees nothing any more there, and keeps their place elsewhere', async () => {
    const { membership, revokedApiKeys, userErrors } = await remove(as.owner, 'both');
    expect(userErrors).toEqual([]);
    expect(membership).toMatchObject({ userId: PEOPLE.both.id });
    expect(revokedApiKeys).toEqual([]);
    const { data } = await program.graphql(
      as.both,
      '{ organizations { nodes { name } } apiKeys { nodes { name } } }',
    );
    expect(data).toMatchObject({ organizations: { nodes: [{ name: 'Globex' }] } });
    expect(JSON.stringify(data)).not.toContain('Ordering');
    expect(await eventsOf(program, customers.acme.organization.id)).toMatchObject([
      {
        action: 'MEMBERSHIP_REMOVED',
        actorId: PEOPLE.owner.id,
        before: { userId: PEOPLE.both.id, role: 'MEMBER', narrowedTo: null },
        after: null,
      },
    ]);
  });

  test('without revokeKeys their keys go on, and are listed for the owner', async () => {
    const { organization, keys } = customers.acme;
    await remove(as.owner, 'both');
    const asKey = await program.graphql({ 'x-api-key': keys.wholesale.secretKey }, '{ viewer { kind } }');
    expect(asKey.data).toEqual({ viewer: { kind: 'API_KEY' } });
    const { data } = await program.graphql(
      as.owner,
      'query($id: ID!) { organization(id: $id) { keysBeyondTheirMaker { nodes { name } } } }',
      { id: organization.id },
    );
    expect(data).toEqual({
      organization: { keysBeyondTheirMaker: { nodes: [{ name: 'Ordering production only' }] } },
    });
  });

  test('with revokeKeys their keys of this organization are revoked, and no others', async () => {
    const { acme, globex } = customers;
    const { revokedApiKeys } = await remove(as.owner, 'both', { revokeKeys: true });
    expect(revokedApiKeys).toMatchObject([
      {
        name: 'Ordering production only',
        status: 'REVOKED',
        revocationReason: 'It reached beyond what its maker may touch.',
      },
    ]);
    const status = async (secretKey: string) =>
      (await program.graphql({ 'x-api-key': secretKey }, '{ viewer { id } }')).status;
    expect(await status(acme.keys.wholesale.secretKey)).toBe(401);
    expect(await status(globex.keys.environment.secretKey)).toBe(200);
    expect(await status(acme.keys.mixed.secretKey)).toBe(200);
    const events = await eventsOf(program, acme.organization.id);
    expect(events.map(({ action, subjectId }) => [action, subjectId])).toEqual(
      expect.arrayContaining([['API_KEY_REVOKED', acme.keys.wholesale.key.id]]),
    );
  });

  test('a removal that is refused revokes nothing', async () => {
    const { userErrors } = await remove(as.owner, 'owner', { revokeKeys: true });
    expect(userErrors).toMatchObject([{ code: 'LAST_OWNER', field: ['id'] }]);
    const { secretKey } = customers.acme.keys.whole;
    expect((await program.graphql({ 'x-api-key': secretKey }, '{ viewer { id } }')).status).toBe(200);
    expect(await owners()).toHaveLength(1);
    expect(await eventsOf(program, customers.acme.organization.id)).toEqual([]);
  });

  test('an owner goes when there is another', async () => {
    const id = await idOf(PEOPLE.admin.id);
    await mutate(program, as.owner, 'changeMembership', { id, role: 'OWNER' });
    expect((await remove(as.owner, 'owner')).userErrors).toEqual([]);
    expect(await owners()).toEqual([{ user_id: PEOPLE.admin.id }]);
    const { data } = await program.graphql(as.owner, '{ organizations { nodes { id } } }');
    expect(data).toEqual({ organizations: { nodes: [] } });
  });

  test('of owners who remove each other at once, one stays', async () => {
    const people = ['owner', 'admin', 'member', 'both'] as const;
    for (const person of ['admin', 'member', 'both'] as const) {
      const id = await idOf(PEOPLE[person].id);
      await mutate(program, as.owner, 'changeMembership', { id, role: 'OWNER' });
    }
    expect(await owners()).toHaveLength(4);
    const ids = new Map<Person, string | null>();
    for (const person of people) ids.set(person, await idOf(PEOPLE[person].id));
    const removals = people.flatMap((remover) =>
      people
        .filter((removed) => removed !== remover)
        .map(
          (removed) => () =>
            mutate<Removed>(program, as[remover], 'removeMembership', { id: ids.get(removed) }),
        ),
    );
    const payloads = await atOnce(program, removals);
    expect(payloads.filter(({ membership }) => membership !== null)).toHaveLength(3);
    expect(await owners()).toHaveLength(1);
  });

  test('two owners who leave at once do not leave the organization without one', async () => {
    const id = await idOf(PEOPLE.admin.id);
    await mutate(program, as.owner, 'changeMembership', { id, role: 'OWNER' });
    const payloads = await atOnce(program, [
      () => remove(as.owner, 'owner'),
      () => remove(as.admin, 'admin'),
    ]);
    expect(payloads.flatMap(({ userErrors }) => userErrors)).toMatchObject([{ code: 'LAST_OWNER' }]);
    expect(await owners()).toHaveLength(1);
  });

  test('only owners remove people; others, and those of other tenants, are told that there is none', async () => {
    for (const person of ['admin', 'narrowedAdmin', 'member', 'outsider', 'nobody'] as const) {
      const { membership, userErrors } = await remove(as[person], 'narrowedMember');
      expect(membership).toBeNull();
      expect(userErrors).toMatchObject([{ code: 'NOT_FOUND', field: ['id'] }]);
    }
    expect(await idOf(PEOPLE.narrowedMember.id)).not.toBeNull();
    const id = (await idOf(PEOPLE.outsider.id, customers.globex.organization)) ?? '';
    const elsewhere = await mutate(program, as.owner, 'removeMembership', { id });
    const nowhere = await mutate(program, as.owner, 'removeMembership', { id: NOWHERE });
    expect(JSON.stringify(elsewhere).replaceAll(id, NOWHERE)).toBe(JSON.stringify(nowhere));
    expect(await idOf(PEOPLE.outsider.id, customers.globex.organization)).toBe(id);
  });
});
