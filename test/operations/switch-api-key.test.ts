import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { asEveryone } from '../support/as-everyone';
import { ask } from '../support/every-page';
import { changedKey, createdKey, mutateKey, opens, recordOf } from '../support/key-mutations';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE, twoCustomers, type Person, type TwoCustomers } from '../support/two-customers';

const NOWHERE = '01890000-0000-7000-8000-000000000000';
const CALLERS = 20;

describe('switching an API key off and on', () => {
  let program: TestProgram;
  let customers: TwoCustomers;
  let as: Record<Person, Credential>;

  beforeAll(async () => {
    // Twenty callers at once take turns, which may take longer than a single one is given.
    program = await TestProgram.start({ DATABASE_DEADLINE_MS: '30000' });
    customers = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys));
    as = await asEveryone(program);
  });

  afterAll(() => program.stop());

  const newKey = (more: object = {}, person: Person = 'member') => {
    const scope = { widgetIds: [customers.acme.checkout.id] };
    return createdKey(program, as[person], { name: 'Switched', scope, ...more });
  };
  const write = (id: string, assignment: string, value: number) =>
    program.database.transaction((transaction) =>
      transaction.execute(`UPDATE api_keys SET ${assignment} = ? WHERE id = ?`, [value, id]),
    );

  test('a key that is off opens nothing, and works with the same secret when it is on again', async () => {
    const { apiKey, secretKey } = await newKey();
    const off = await changedKey(program, as.admin, 'disableApiKey', { id: apiKey.id });
    expect(off).toMatchObject({ status: 'DISABLED', version: 2, modifiedBy: PEOPLE.admin.id });
    expect(off.disabledAt).toBe(off.modifiedAt);
    expect(await opens(program, secretKey)).toBe(false);
    const on = await changedKey(program, as.member, 'enableApiKey', { id: apiKey.id, version: 2 });
    expect(on).toEqual({ ...apiKey, version: 3, modifiedAt: on.modifiedAt });
    expect(await opens(program, secretKey)).toBe(true);
    const events = await recordOf(program, apiKey.id);
    expect(events.map(({ action, actorId }) => [action, actorId])).toEqual([
      ['API_KEY_CREATED', PEOPLE.member.id],
      ['API_KEY_DISABLED', PEOPLE.admin.id],
      ['API_KEY_ENABLED', PEOPLE.member.id],
    ]);
    expect(events[1]).toMatchObject({ before: { disabledAt: null }, after: { disabledAt: off.disabledAt } });
  });

  test('a key that is off, or on, already stays as it is, and nothing is recorded', async () => {
    const { apiKey } = await newKey();
    expect(await changedKey(program, as.admin, 'enableApiKey', { id: apiKey.id })).toEqual(apiKey);
    const off = await changedKey(program, as.member, 'disableApiKey', { id: apiKey.id });
    expect(await changedKey(program, as.admin, 'disableApiKey', { id: apiKey.id })).toEqual(off);
    expect(await recordOf(program, apiKey.id)).toHaveLength(2);
  });

  test('with a version, only that version is switched', async () => {
    const { apiKey } = await newKey();
    for (const mutation of ['disableApiKey', 'enableApiKey'] as const) {
      const { userErrors } = await mutateKey(program, as.member, mutation, { id: apiKey.id, version: 2 });
      expect(userErrors).toMatchObject([{ code: 'CONFLICT', field: ['version'] }]);
    }
    expect(
      (await changedKey(program, as.member, 'disableApiKey', { id: apiKey.id, version: 1 })).version,
    ).toBe(2);
  });

  test('of 20 who switch a key off at once, one does', async () => {
    const { apiKey } = await newKey();
    const people: Person[] = ['owner', 'admin', 'member'];
    const answers = await Promise.all(
      Array.from({ length: CALLERS }, (_, caller) =>
        changedKey(program, as[people[caller % 3] ?? 'owner'], 'disableApiKey', { id: apiKey.id }),
      ),
    );
    expect(new Set(answers.map(({ version, disabledAt }) => `${version} ${disabledAt}`)).size).toBe(1);
    expect(await recordOf(program, apiKey.id)).toHaveLength(2);
  });

  test('a key of others is refused like one that is nowhere, and stays on', async () => {
    const { apiKey, secretKey } = await newKey({}, 'owner');
    for (const mutation of ['disableApiKey', 'enableApiKey'] as const) {
      const refusal = async (person: Person, id: string) =>
        (await mutateKey(program, as[person], mutation, { id })).userErrors;
      const nowhere = await refusal('owner', NOWHERE);
      expect(nowhere).toMatchObject([{ code: 'NOT_FOUND', field: ['id'] }]);
      for (const person of ['member', 'outsider', 'both', 'narrowedMember', 'nobody'] as const) {
        expect(await refusal(person, apiKey.id)).toEqual(nowhere);
      }
    }
    expect(await opens(program, secretKey)).toBe(true);
  });

  test('a key that was revoked is not switched', async () => {
    const { apiKey } = await newKey();
    await changedKey(program, as.member, 'revokeApiKey', { id: apiKey.id });
    for (const mutation of ['disableApiKey', 'enableApiKey'] as const) {
      const { userErrors } = await mutateKey(program, as.owner, mutation, { id: apiKey.id });
      expect(userErrors).toMatchObject([{ code: 'REVOKED', field: ['id'] }]);
    }
    expect(await recordOf(program, apiKey.id)).toHaveLength(2);
  });

  test('a key that is switched on counts among the active ones, and needs a place', async () => {
    const { organization, grid } = customers.globex;
    const { apiKey } = await createdKey(program, as.outsider, {
      name: 'Off',
      scope: { widgetIds: [grid.id] },
    });
    await changedKey(program, as.outsider, 'disableApiKey', { id: apiKey.id });
    const limit = async (maxActiveKeys: number | null) => {
      const policy = `{ organizationId: "${organization.id}", maxActiveKeys: ${maxActiveKeys ?? 'null'} }`;
      await ask(
        program,
        as.outsider,
        `mutation { updateOrganizationPolicy(input: ${policy}) { policy { id } } }`,
      );
    };
    await limit(2);
    const { userErrors } = await mutateKey(program, as.outsider, 'enableApiKey', { id: apiKey.id });
    expect(userErrors).toMatchObject([{ code: 'LIMIT_REACHED' }]);
    await limit(null);
    expect((await changedKey(program, as.outsider, 'enableApiKey', { id: apiKey.id })).status).toBe('ACTIVE');
  });

  test('the status follows the times of the key: revoked before disabled, disabled before expired', async () => {
    const { apiKey, secretKey } = await newKey({ expiresAt: '2999-01-01T00:00:00Z' });
    const status = async () => {
      const { nodes } = (
        await ask<{ apiKeys: { nodes: { id: string; status: string }[] } }>(
          program,
          as.member,
          '{ apiKeys(first: 100, filter: { status: [ACTIVE, DISABLED, EXPIRED, REVOKED] }) { nodes { id status } } }',
        )
      ).apiKeys;
      return nodes.find(({ id }) => id === apiKey.id)?.status;
    };
    expect(await status()).toBe('ACTIVE');
    await write(apiKey.id, 'expires_at', Date.now() - 1000);
    expect(await status()).toBe('EXPIRED');
    expect(await opens(program, secretKey)).toBe(false);
    await changedKey(program, as.member, 'disableApiKey', { id: apiKey.id });
    expect(await status()).toBe('DISABLED');
    await changedKey(program, as.member, 'revokeApiKey', { id: apiKey.id });
    expect(await status()).toBe('REVOKED');
    await write(apiKey.id, 'expires_at', Date.now() + 60_000);
    expect(await status()).toBe('REVOKED');
    expect(await opens(program, secretKey)).toBe(false);
  });
});
