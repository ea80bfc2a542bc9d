import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { asEveryone } from '../support/as-everyone';
import { ask } from '../support/every-page';
import { changedKey, createdKey, mutateKey, opens, recordOf } from '../support/key-mutations';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE, twoCustomers, type Person, type TwoCustomers } from '../support/two-customers';

const NOWHERE = '01890000-0000-7000-8000-000000000000';
const CALLERS = 20;

describe('revoking an API key', () => {
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

  const newKey = (more: object = {}) => {
    const scope = { widgetIds: [customers.acme.checkout.id] };
    return createdKey(program, as.member, { name: 'Revoked', scope, ...more });
  };

  test('a key that was revoked opens nothing, and stays listed with the reason', async () => {
    const { apiKey, secretKey } = await newKey();
    const input = { id: apiKey.id, reason: 'Found in a log. ✂️' };
    const revoked = await changedKey(program, as.admin, 'revokeApiKey', input);
    expect(revoked).toEqual({
      ...apiKey,
      status: 'REVOKED',
      revokedAt: revoked.modifiedAt,
      revocationReason: input.reason,
      version: 2,
      modifiedAt: revoked.modifiedAt,
      modifiedBy: PEOPLE.admin.id,
    });
    expect(await opens(program, secretKey)).toBe(false);
    const query = `{ apiKey(id: "${apiKey.id}") { status revocationReason scope { widgets { name } } } }`;
    expect(await ask(program, as.member, query)).toEqual({
      apiKey: {
        status: 'REVOKED',
        revocationReason: input.reason,
        scope: { widgets: [{ name: 'Checkout' }] },
      },
    });
    expect((await recordOf(program, apiKey.id)).slice(1)).toMatchObject([
      {
        action: 'API_KEY_REVOKED',
        actorId: PEOPLE.admin.id,
        before: { revokedAt: null, revocationReason: null },
        after: { revokedAt: revoked.revokedAt, revocationReason: input.reason },
      },
    ]);
  });

  test('revoking again changes nothing: the first reason stays, and nothing is recorded', async () => {
    const { apiKey } = await newKey();
    const first = await changedKey(program, as.member, 'revokeApiKey', { id: apiKey.id });
    expect(first.revocationReason).toBeNull();
    const again = { id: apiKey.id, reason: 'Another reason' };
    expect(await changedKey(program, as.admin, 'revokeApiKey', again)).toEqual(first);
    expect(await recordOf(program, apiKey.id)).toHaveLength(2);
  });

  test('of 20 who revoke at once, one does, and all are told of that', async () => {
    const { apiKey, secretKey } = await newKey();
    const people: Person[] = ['owner', 'admin', 'member'];
    const answers = await Promise.all(
      Array.from({ length: CALLERS }, (_, caller) => {
        const input = { id: apiKey.id, reason: `Caller ${caller}` };
        return changedKey(program, as[people[caller % 3] ?? 'owner'], 'revokeApiKey', input);
      }),
    );
    const [first] = answers;
    for (const answer of answers) expect(answer).toEqual(first);
    expect(first?.version).toBe(2);
    expect(await recordOf(program, apiKey.id)).toHaveLength(2);
    expect(await opens(program, secretKey)).toBe(false);
  });

  test('of revoking, rotating and editing at once, whatever came first, the key is revoked and no secret works', async () => {
    const { apiKey, secretKey } = await newKey();
    const { id } = apiKey;
    const rotations = Array.from({ length: 6 }, () => mutateKey(program, as.member, 'rotateApiKey', { id }));
    const edits = Array.from({ length: 6 }, (_, index) =>
      mutateKey(program, as.admin, 'updateApiKey', { id, version: index + 1, name: `Edit ${index}` }),
    );
    const [rotated] = await Promise.all([
      Promise.all(rotations),
      Promise.all(edits),
      changedKey(program, as.owner, 'revokeApiKey', { id }),
    ]);
    const secretKeys = [secretKey, ...rotated.flatMap((answer) => answer.secretKey ?? [])];
    expect(await Promise.all(secretKeys.map((secret) => opens(program, secret)))).not.toContain(true);
    const record = await recordOf(program, id);
    const [key] = await program.database.rows<{ version: number }>(
      'SELECT version FROM api_keys WHERE id = ?',
      [id],
    );
    expect(record).toHaveLength(key?.version ?? 0);
    const afterwards = record.filter(({ before }) => (before as { revokedAt?: unknown } | null)?.revokedAt);
    expect(afterwards).toEqual([]);
  });

  test.each([
    ['of 501 characters', 'x'.repeat(501)],
    ['with a control character', 'a\u0000'],
    ['with half a character', '\ud800'],
  ])('a reason %s is refused, and the key goes on', async (_, reason) => {
    const { apiKey, secretKey } = await newKey();
    const { userErrors } = await mutateKey(program, as.member, 'revokeApiKey', { id: apiKey.id, reason });
    expect(userErrors).toMatchObject([{ code: 'INVALID', field: ['reason'] }]);
    expect(await opens(program, secretKey)).toBe(true);
  });

  test('a reason of 500 characters is kept', async () => {
    const { apiKey } = await newKey();
    const reason = '✂'.repeat(500);
    const revoked = await changedKey(program, as.member, 'revokeApiKey', { id: apiKey.id, reason });
    expect(revoked.revocationReason).toBe(reason);
  });

  test('a key of others is refused like one that is nowhere, and goes on', async () => {
    const { apiKey, secretKey } = await newKey();
    const refusal = async (person: Person, id: string) =>
      (await mutateKey(program, as[person], 'revokeApiKey', { id })).userErrors;
    const nowhere = await refusal('member', NOWHERE);
    expect(nowhere).toMatchObject([{ code: 'NOT_FOUND', field: ['id'] }]);
    for (const person of ['both', 'outsider', 'narrowedMember', 'nobody'] as const) {
      expect(await refusal(person, apiKey.id)).toEqual(nowhere);
    }
    expect(await opens(program, secretKey)).toBe(true);
  });

  test('a narrowed admin revokes what lies within their reach, and nothing else', async () => {
    const { checkout, ordering } = customers.acme;
    const within = await newKey();
    const beyond = await newKey({ scope: { widgetIds: [checkout.id, ordering.id] } });
    await changedKey(program, as.narrowedAdmin, 'revokeApiKey', { id: within.apiKey.id });
    const { userErrors } = await mutateKey(program, as.narrowedAdmin, 'revokeApiKey', {
      id: beyond.apiKey.id,
    });
    expect(userErrors).toMatchObject([{ code: 'NOT_FOUND', field: ['id'] }]);
    expect(await opens(program, within.secretKey)).toBe(false);
    expect(await opens(program, beyond.secretKey)).toBe(true);
  });
});
