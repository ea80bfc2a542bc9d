import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { asEveryone } from '../support/as-everyone';
import { createdKey, mutateKey, opens, recordOf } from '../support/key-mutations';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE, twoCustomers, type Person, type TwoCustomers } from '../support/two-customers';

const DAY_MS = 24 * 60 * 60 * 1000;
const CALLERS = 20;

describe('creating an API key with an idempotency key', () => {
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

  const ask = (person: Person, idempotencyKey: string, more: object = {}) => {
    const scope = { environmentIds: [customers.acme.checkoutStaging.id] };
    return mutateKey(program, as[person], 'createApiKey', {
      name: idempotencyKey,
      scope,
      idempotencyKey,
      ...more,
    });
  };
  const keysNamed = (name: string) =>
    program.database.rows<{ id: string }>('SELECT id FROM api_keys WHERE name = ?', [name]);
  const usedBefore = (idempotencyKey: string, milliseconds: number) =>
    program.database.transaction((transaction) =>
      transaction.execute('UPDATE idempotency_keys SET created_at = ? WHERE idempotency_key = ?', [
        Date.now() - milliseconds,
        idempotencyKey,
      ]),
    );

  test('a repetition answers with the first key, without its secret, and makes no second', async () => {
    const first = await ask('owner', 'repeated');
    expect(first).toMatchObject({ secretKey: expect.any(String), warnings: [], userErrors: [] });
    const second = await ask('owner', 'repeated', { name: 'Something else', scope: {} });
    expect(second).toEqual({
      apiKey: first.apiKey,
      secretKey: null,
      warnings: [expect.stringContaining('cannot be shown again')],
      userErrors: [],
    });
    expect(second.warnings?.[0]).toContain('Rotate the key');
    expect(await keysNamed('repeated')).toHaveLength(1);
    expect(await recordOf(program, first.apiKey?.id ?? '')).toHaveLength(1);
    expect(await opens(program, first.secretKey ?? '')).toBe(true);
  });

  test('the first key is answered as it is by then', async () => {
    const { apiKey } = await ask('owner', 'changed');
    await mutateKey(program, as.admin, 'disableApiKey', { id: apiKey?.id });
    expect((await ask('owner', 'changed')).apiKey).toMatchObject({
      id: apiKey?.id,
      status: 'DISABLED',
      version: 2,
    });
  });

  test('the same value of another user makes a key of their own', async () => {
    const first = await ask('owner', 'shared');
    const second = await ask('admin', 'shared');
    expect(second.apiKey).toMatchObject({ creatorId: PEOPLE.admin.id });
    expect(second.secretKey).not.toBe(first.secretKey);
    expect(await keysNamed('shared')).toHaveLength(2);
  });

  test('a value in other capitals is another value', async () => {
    const [lower, upper] = [await ask('owner', 'capitals'), await ask('owner', 'CAPITALS')];
    expect(lower.apiKey?.id).not.toBe(upper.apiKey?.id);
  });

  test('within a day it is the same request, after a day a new one', async () => {
    const first = await ask('owner', 'daily');
    await usedBefore('daily', DAY_MS - 60_000);
    expect((await ask('owner', 'daily')).apiKey?.id).toBe(first.apiKey?.id);
    await usedBefore('daily', DAY_MS);
    const next = await ask('owner', 'daily');
    expect(next.secretKey).not.toBeNull();
    expect(next.apiKey?.id).not.toBe(first.apiKey?.id);
    expect((await ask('owner', 'daily')).apiKey?.id).toBe(next.apiKey?.id);
    expect(await keysNamed('daily')).toHaveLength(2);
  });

  test('a request that was refused can be mended and repeated', async () => {
    expect(await ask('owner', 'mended', { name: '' })).toMatchObject({ apiKey: null, warnings: null });
    expect(await ask('owner', 'mended')).toMatchObject({ secretKey: expect.any(String), userErrors: [] });
  });

  test('who has left the organization does not get its key to see by a repetition', async () => {
    const leaver = { id: 'leaver@acme.example', email: 'leaver@acme.example' };
    const membership = await program.given((tenancy) =>
      tenancy.membership(customers.acme.organization, leaver, 'MEMBER'),
    );
    const asLeaver = await program.user(leaver);
    const input = { name: 'Left behind', scope: {}, idempotencyKey: 'leaving' };
    const { apiKey } = await createdKey(program, asLeaver, input);
    await program.database.transaction((transaction) =>
      transaction.execute('DELETE FROM memberships WHERE id = ?', [membership.id]),
    );
    const again = await mutateKey(program, asLeaver, 'createApiKey', input);
    expect(again).toMatchObject({
      apiKey: null,
      userErrors: [{ code: 'TAKEN', field: ['idempotencyKey'] }],
    });
    expect(JSON.stringify(again)).not.toContain(apiKey.id);
  });

  test('20 requests at once make one key, and one of them gets its secret', async () => {
    const answers = await Promise.all(Array.from({ length: CALLERS }, () => ask('owner', 'at-once')));
    expect(answers.flatMap(({ userErrors }) => userErrors)).toEqual([]);
    const [key, ...others] = await keysNamed('at-once');
    expect(others).toEqual([]);
    expect(new Set(answers.map(({ apiKey }) => apiKey?.id))).toEqual(new Set([key?.id]));
    const secrets = answers.flatMap(({ secretKey }) => secretKey ?? []);
    expect(secrets).toHaveLength(1);
    expect(await opens(program, secrets[0] ?? '')).toBe(true);
    expect(await recordOf(program, key?.id ?? '')).toHaveLength(1);
  });
});
