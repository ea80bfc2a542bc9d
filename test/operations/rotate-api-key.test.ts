import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { asEveryone } from '../support/as-everyone';
import { changedKey, createdKey, mutateKey, opens, recordOf } from '../support/key-mutations';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE, twoCustomers, type Person, type TwoCustomers } from '../support/two-customers';

const NOWHERE = '01890000-0000-7000-8000-000000000000';
const HOUR = 60 * 60;
const SEVEN_DAYS = 7 * 24 * HOUR;
const CALLERS = 20;

describe('rotating an API key', () => {
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
    return createdKey(program, as.member, { name: 'Rotated', scope, metadata: { kept: true }, ...more });
  };
  const rotate = async (id: string, more: object = {}, person: Person = 'member') => {
    const payload = await mutateKey(program, as[person], 'rotateApiKey', { id, ...more });
    return { ...payload, secretKey: payload.secretKey ?? '' };
  };
  const working = async (secretKeys: readonly string[]) => {
    const open = await Promise.all(secretKeys.map((secretKey) => opens(program, secretKey)));
    return secretKeys.filter((_, index) => open[index]);
  };
  /** Lets the time of every secret's overlap go by. */
  const overlapPasses = (id: string) =>
    program.database.transaction((transaction) =>
      transaction.execute(
        'UPDATE api_key_secrets SET expires_at = ? WHERE api_key_id = ? AND expires_at IS NOT NULL',
        [Date.now() - 1, id],
      ),
    );

  test('without a grace period the new secret works and the old one ends, and the key stays the same', async () => {
    const { apiKey, secretKey: old } = await newKey({ expiresAt: '2999-01-01T00:00:00.000Z' });
    const { apiKey: rotated, secretKey, userErrors } = await rotate(apiKey.id, {}, 'admin');
    expect(userErrors).toEqual([]);
    expect(rotated).toEqual({
      ...apiKey,
      version: 2,
      modifiedAt: rotated?.modifiedAt,
      modifiedBy: PEOPLE.admin.id,
    });
    expect(await working([old, secretKey])).toEqual([secretKey]);
    const events = await recordOf(program, apiKey.id);
    expect(events.map(({ action }) => action)).toEqual(['API_KEY_CREATED', 'API_KEY_ROTATED']);
    expect(JSON.stringify(events)).not.toContain(secretKey.split('_')[1]);
  });

  test('during the grace period both secrets work, and then the new one only', async () => {
    const { apiKey, secretKey: old } = await newKey();
    const { secretKey } = await rotate(apiKey.id, { gracePeriodSeconds: HOUR });
    expect(await working([old, secretKey])).toEqual([old, secretKey]);
    const [overlap] = await program.database.rows<{ expiresAt: number }>(
      'SELECT expires_at AS expiresAt FROM api_key_secrets WHERE api_key_id = ? AND expires_at IS NOT NULL',
      [apiKey.id],
    );
    const left = (overlap?.expiresAt ?? 0) - Date.now();
    expect(left).toBeGreaterThan((HOUR - 60) * 1000);
    expect(left).toBeLessThanOrEqual(HOUR * 1000);
    await overlapPasses(apiKey.id);
    expect(await working([old, secretKey])).toEqual([secretKey]);
  });

  test('the grace period can be ended early, once', async () => {
    const { apiKey, secretKey: old } = await newKey();
    const { secretKey } = await rotate(apiKey.id, { gracePeriodSeconds: SEVEN_DAYS });
    const ended = await changedKey(program, as.member, 'endApiKeyRotation', { id: apiKey.id, version: 2 });
    expect(ended.version).toBe(3);
    expect(await working([old, secretKey])).toEqual([secretKey]);
    expect(await changedKey(program, as.member, 'endApiKeyRotation', { id: apiKey.id })).toEqual(ended);
    const actions = (await recordOf(program, apiKey.id)).map(({ action }) => action);
    expect(actions).toEqual(['API_KEY_CREATED', 'API_KEY_ROTATED', 'API_KEY_ROTATION_ENDED']);
  });

  test('a rotation during the grace period of another ends the oldest secret', async () => {
    const { apiKey, secretKey: first } = await newKey();
    const { secretKey: second } = await rotate(apiKey.id, { gracePeriodSeconds: SEVEN_DAYS });
    const { secretKey: third } = await rotate(apiKey.id, { gracePeriodSeconds: HOUR });
    expect(await working([first, second, third])).toEqual([second, third]);
    const { secretKey: fourth } = await rotate(apiKey.id);
    expect(await working([first, second, third, fourth])).toEqual([fourth]);
  });

  test.each([-1, SEVEN_DAYS + 1, 2_147_483_647])(
    'a grace period of %d seconds is refused',
    async (seconds) => {
      const { apiKey, secretKey: old } = await newKey();
      const { apiKey: rotated, userErrors } = await rotate(apiKey.id, { gracePeriodSeconds: seconds });
      expect(rotated).toBeNull();
      expect(userErrors).toMatchObject([{ code: 'INVALID', field: ['gracePeriodSeconds'] }]);
      expect(await working([old])).toEqual([old]);
      expect(await recordOf(program, apiKey.id)).toHaveLength(1);
    },
  );

  test.each([0, 1, SEVEN_DAYS])('a grace period of %d seconds is taken', async (gracePeriodSeconds) => {
    const { apiKey } = await newKey();
    expect((await rotate(apiKey.id, { gracePeriodSeconds })).userErrors).toEqual([]);
  });

  test('of 20 rotations at once without a grace period, the secret of the last one works', async () => {
    const { apiKey, secretKey: old } = await newKey();
    const people: Person[] = ['owner', 'admin', 'member'];
    const answers = await Promise.all(
      Array.from({ length: CALLERS }, (_, caller) => rotate(apiKey.id, {}, people[caller % 3])),
    );
    expect(answers.flatMap(({ userErrors }) => userErrors)).toEqual([]);
    const last = answers.find((answer) => answer.apiKey?.version === CALLERS + 1);
    const secretKeys = answers.map(({ secretKey }) => secretKey);
    expect(new Set(secretKeys).size).toBe(CALLERS);
    expect(await working([old, ...secretKeys])).toEqual([last?.secretKey]);
    expect(await recordOf(program, apiKey.id)).toHaveLength(CALLERS + 1);
  });

  test('of 20 rotations at once with a grace period, the secrets of the last two work', async () => {
    const { apiKey, secretKey: old } = await newKey();
    const answers = await Promise.all(
      Array.from({ length: CALLERS }, () => rotate(apiKey.id, { gracePeriodSeconds: HOUR })),
    );
    const lastTwo = answers.filter((answer) => (answer.apiKey?.version ?? 0) >= CALLERS);
    expect(lastTwo).toHaveLength(2);
    const works = await working([old, ...answers.map(({ secretKey }) => secretKey)]);
    expect(new Set(works)).toEqual(new Set(lastTwo.map(({ secretKey }) => secretKey)));
  });

  test('of 20 rotations at once of the same version, one wins', async () => {
    const { apiKey, secretKey: old } = await newKey();
    const answers = await Promise.all(
      Array.from({ length: CALLERS }, () => rotate(apiKey.id, { version: 1 })),
    );
    const winners = answers.filter((answer) => answer.apiKey !== null);
    expect(winners).toHaveLength(1);
    expect(await working([old, ...winners.map(({ secretKey }) => secretKey)])).toEqual([
      winners[0]?.secretKey,
    ]);
    const codes = answers.flatMap(({ userErrors }) => userErrors.map(({ code }) => code));
    expect(codes).toEqual(Array.from({ length: CALLERS - 1 }, () => 'CONFLICT'));
    expect(await recordOf(program, apiKey.id)).toHaveLength(2);
  });

  test('a key that is off gets a secret that works when it is on again', async () => {
    const { apiKey } = await newKey();
    await changedKey(program, as.member, 'disableApiKey', { id: apiKey.id });
    const { secretKey } = await rotate(apiKey.id);
    expect(await working([secretKey])).toEqual([]);
    await changedKey(program, as.member, 'enableApiKey', { id: apiKey.id });
    expect(await working([secretKey])).toEqual([secretKey]);
  });

  test('a key that was revoked gets no secret, and none of an overlap works any more', async () => {
    const { apiKey, secretKey: old } = await newKey();
    const { secretKey } = await rotate(apiKey.id, { gracePeriodSeconds: HOUR });
    await changedKey(program, as.member, 'revokeApiKey', { id: apiKey.id });
    expect(await working([old, secretKey])).toEqual([]);
    expect((await rotate(apiKey.id)).userErrors).toMatchObject([{ code: 'REVOKED', field: ['id'] }]);
    const ending = await mutateKey(program, as.member, 'endApiKeyRotation', { id: apiKey.id });
    expect(ending.userErrors).toMatchObject([{ code: 'REVOKED', field: ['id'] }]);
  });

  test('a key of others is refused like one that is nowhere, and its secret goes on', async () => {
    const { apiKey, secretKey } = await newKey();
    for (const mutation of ['rotateApiKey', 'endApiKeyRotation'] as const) {
      const refusal = async (person: Person, id: string) => {
        const payload = await mutateKey(program, as[person], mutation, { id });
        expect(payload.apiKey).toBeNull();
        return payload.userErrors;
      };
      const nowhere = await refusal('member', NOWHERE);
      expect(nowhere).toMatchObject([{ code: 'NOT_FOUND', field: ['id'] }]);
      for (const person of ['both', 'outsider', 'narrowedMember', 'nobody'] as const) {
        expect(await refusal(person, apiKey.id)).toEqual(nowhere);
      }
    }
    expect(await working([secretKey])).toEqual([secretKey]);
  });
});
