import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { asEveryone } from '../support/as-everyone';
import { changedKey, createdKey, mutateKey, opens } from '../support/key-mutations';
import { NO_LIMITS, updatePolicy } from '../support/policies';
import { TestProgram, type Credential } from '../support/test-program';
import { twoCustomers, type Person, type TwoCustomers } from '../support/two-customers';

const HOUR_MS = 3_600_000;
const inHours = (hours: number) => new Date(Date.now() + hours * HOUR_MS).toISOString();

describe('keys under a policy', () => {
  let program: TestProgram;
  let as: Record<Person, Credential>;
  let acme: TwoCustomers['acme'];

  beforeAll(async () => {
    program = await TestProgram.start();
    as = await asEveryone(program);
    ({ acme } = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys)));
  });

  afterAll(() => program.stop());

  beforeEach(() => limit(NO_LIMITS));

  const limit = async (limits: object) => {
    const { userErrors } = await updatePolicy(program, as.owner, acme.organization.id, limits);
    expect(userErrors).toEqual([]);
  };
  const narrow = () => ({ name: 'New', scope: { environmentIds: [acme.checkoutStaging.id] } });
  const create = (input: object, credential = as.owner) =>
    mutateKey(program, credential, 'createApiKey', input);
  const active = async () => {
    const rows = await program.database.rows<{ total: number }>(
      'SELECT COUNT(*) AS total FROM api_keys WHERE organization_id = ? AND revoked_at IS NULL AND disabled_at IS NULL ' +
        'AND (expires_at IS NULL OR expires_at > ?)',
      [acme.organization.id, Date.now()],
    );
    return rows[0]?.total ?? 0;
  };

  test('a grant that is wider than the policy allows is refused, and a narrower one is not', async () => {
    await limit({ widestGrant: 'WIDGET' });
    const wide = await create({ name: 'Wide', scope: { accountIds: [acme.retail.id] } });
    expect(wide).toMatchObject({ apiKey: null, secretKey: null });
    expect(wide.userErrors).toMatchObject([{ code: 'AGAINST_POLICY', field: ['scope'] }]);
    expect((await create({ name: 'Fits', scope: { widgetIds: [acme.checkout.id] } })).userErrors).toEqual([]);
    expect(
      (await create({ name: 'Empty', scope: {}, organizationId: acme.organization.id })).userErrors,
    ).toEqual([]);
  });

  test('where an expiry is required, a key without one is refused', async () => {
    await limit({ expiryRequired: true });
    expect((await create(narrow())).userErrors).toMatchObject([
      { code: 'AGAINST_POLICY', field: ['expiresAt'] },
    ]);
    expect((await create({ ...narrow(), expiresAt: inHours(1) })).userErrors).toEqual([]);
  });

  test('a key lives no longer than the policy allows', async () => {
    await limit({ maxLifetimeSeconds: 2 * 3600 });
    expect((await create(narrow())).userErrors).toMatchObject([{ code: 'AGAINST_POLICY' }]);
    const long = await create({ ...narrow(), expiresAt: inHours(3) });
    expect(long.userErrors).toMatchObject([{ code: 'AGAINST_POLICY', field: ['expiresAt'] }]);
    expect((await create({ ...narrow(), expiresAt: inHours(1) })).userErrors).toEqual([]);
  });

  test('prolonging does not stretch the lifetime past what the policy allows from when the key was made', async () => {
    const { apiKey } = await create({ ...narrow(), expiresAt: inHours(1) });
    if (apiKey === null) throw new Error('No key was made.');
    await program.database.transaction((transaction) =>
      transaction.execute('UPDATE api_keys SET created_at = ? WHERE id = ?', [
        Date.now() - 23 * HOUR_MS,
        apiKey.id,
      ]),
    );
    await limit({ maxLifetimeSeconds: 24 * 3600 });
    const prolong = (hours: number) =>
      mutateKey(program, as.owner, 'updateApiKey', { id: apiKey.id, version: 1, expiresAt: inHours(hours) });
    expect((await prolong(2)).userErrors).toMatchObject([{ code: 'AGAINST_POLICY', field: ['expiresAt'] }]);
    expect((await prolong(0.5)).userErrors).toEqual([]);
    const query = `{ apiKey(id: "${apiKey.id}") { violatesPolicy } }`;
    expect((await program.graphql(as.owner, query)).data).toEqual({ apiKey: { violatesPolicy: [] } });
  });

  test('where only admins make keys, members make none', async () => {
    await limit({ keyMakers: 'ADMINS' });
    expect((await create(narrow(), as.member)).userErrors).toMatchObject([
      { code: 'AGAINST_POLICY', field: null },
    ]);
    expect((await create(narrow(), as.admin)).userErrors).toEqual([]);
    await limit({ keyMakers: 'MEMBERS' });
    expect((await create(narrow(), as.member)).userErrors).toEqual([]);
  });

  test('a change of scope or expiry must fit the policy; a change of the name need not', async () => {
    const { apiKey } = await createdKey(program, as.owner, {
      name: 'Old',
      scope: { accountIds: [acme.retail.id] },
    });
    await limit({ widestGrant: 'WIDGET', expiryRequired: true });
    const update = (input: object) =>
      mutateKey(program, as.owner, 'updateApiKey', { id: apiKey.id, version: apiKey.version, ...input });
    expect((await update({ scope: { accountIds: [acme.wholesale.id] } })).userErrors).toMatchObject([
      { code: 'AGAINST_POLICY', field: ['scope'] },
      { code: 'AGAINST_POLICY', field: ['expiresAt'] },
    ]);
    expect((await update({ expiresAt: null })).userErrors).toMatchObject([
      { field: ['scope'] },
      { field: ['expiresAt'] },
    ]);
    const renamed = await update({ name: 'Still as wide' });
    expect(renamed).toMatchObject({ apiKey: { name: 'Still as wide', version: 2 }, userErrors: [] });
    const fitting = await mutateKey(program, as.owner, 'updateApiKey', {
      id: apiKey.id,
      version: 2,
      scope: { widgetIds: [acme.checkout.id] },
      expiresAt: inHours(1),
    });
    expect(fitting.userErrors).toEqual([]);
  });

  test('a stricter policy leaves the keys that there are unchanged and usable', async () => {
    const { apiKey, secretKey } = await createdKey(program, as.owner, {
      name: 'From before',
      scope: { organizationId: acme.organization.id },
    });
    await limit({
      widestGrant: 'ENVIRONMENT',
      expiryRequired: true,
      maxLifetimeSeconds: 60,
      maxActiveKeys: 0,
    });
    expect(await opens(program, secretKey)).toBe(true);
    const same = await changedKey(program, as.owner, 'enableApiKey', { id: apiKey.id });
    expect(same).toEqual(apiKey);
  });

  test('a key is not switched on past the most active ones, and can be once there is room', async () => {
    const { apiKey } = await createdKey(program, as.owner, narrow());
    await changedKey(program, as.owner, 'disableApiKey', { id: apiKey.id });
    await limit({ maxActiveKeys: await active() });
    const enable = () => mutateKey(program, as.owner, 'enableApiKey', { id: apiKey.id });
    expect(await enable()).toMatchObject({ apiKey: null, userErrors: [{ code: 'LIMIT_REACHED' }] });
    expect((await create(narrow())).userErrors).toMatchObject([{ code: 'LIMIT_REACHED' }]);
    await limit({ maxActiveKeys: (await active()) + 1 });
    expect(await enable()).toMatchObject({ apiKey: { status: 'ACTIVE' }, userErrors: [] });
  });

  test('an expired key is not brought back to life past the most active ones', async () => {
    await limit({ maxActiveKeys: await active() });
    const { expired } = acme.keys;
    const answer = await mutateKey(program, as.owner, 'updateApiKey', {
      id: expired.key.id,
      version: 1,
      expiresAt: inHours(1),
    });
    expect(answer).toMatchObject({ apiKey: null, userErrors: [{ code: 'LIMIT_REACHED' }] });
  });

  test('of 20 makers at once, as many make a key as there is room for', async () => {
    await limit({ maxActiveKeys: (await active()) + 7 });
    const most = (await active()) + 7;
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => create(narrow(), index % 2 === 0 ? as.owner : as.member)),
    );
    expect(answers.filter(({ apiKey }) => apiKey !== null)).toHaveLength(7);
    const refused = answers.filter(({ apiKey }) => apiKey === null);
    expect(new Set(refused.flatMap(({ userErrors }) => userErrors.map(({ code }) => code)))).toEqual(
      new Set(['LIMIT_REACHED']),
    );
    expect(await active()).toBe(most);
  });
});
