import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { asEveryone } from '../support/as-everyone';
import { changedKey, mutateKey, opens, recordOf } from '../support/key-mutations';
import { mutate } from '../support/mutate';
import { updatePolicy } from '../support/policies';
import { createTestDatabase } from '../support/test-database';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE, twoCustomers, type Person, type TwoCustomers } from '../support/two-customers';

interface Imported {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly creatorId: string;
  readonly metadata: object | null;
  readonly scope: { readonly environmentIds: readonly string[] };
}

const KEY = 'apiKeys { id name status creatorId metadata scope { environmentIds } }';
const NOWHERE = '01890000-0000-7000-8000-000000000000';
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

describe('importApiKeys', () => {
  let program: TestProgram;
  let as: Record<Person, Credential>;
  let customers: TwoCustomers;
  let count = 0;

  beforeAll(async () => {
    program = await TestProgram.start();
    as = await asEveryone(program);
    customers = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys));
  });

  afterAll(() => program.stop());

  /** A key of another make, which no test shares. */
  const newPlainText = () => `live-${(count++).toString().padStart(8, '0')}-of-before`;
  const described = (plainText: string, more: object = {}) => ({
    sha256: sha256(plainText),
    name: `Imported ${plainText}`,
    scope: { environmentIds: [customers.acme.checkoutStaging.id] },
    ...more,
  });
  const importKeys = (keys: readonly object[], credential = as.admin, id = customers.acme.organization.id) =>
    mutate<{ apiKeys: Imported[] | null }>(program, credential, 'importApiKeys', KEY, {
      organizationId: id,
      keys,
    });
  const importOne = async (plainText: string, more: object = {}): Promise<Imported> => {
    const { apiKeys, userErrors } = await importKeys([described(plainText, more)]);
    expect(userErrors).toEqual([]);
    const [key] = apiKeys ?? [];
    if (key === undefined) throw new Error('Nothing was imported.');
    return key;
  };
  const total = async () => {
    const rows = await program.database.rows<{ total: number }>('SELECT COUNT(*) AS total FROM api_keys');
    return rows[0]?.total;
  };

  test('keys are brought in as they are described, in their order, each with its record', async () => {
    const [one, other] = [newPlainText(), newPlainText()];
    const metadata = { plan: 'gold' };
    const { apiKeys } = await importKeys([
      described(one, { name: 'One', metadata }),
      described(other, { name: 'Other', sha256: sha256(other).toUpperCase() }),
    ]);
    const environmentIds = [customers.acme.checkoutStaging.id];
    const common = { status: 'ACTIVE', creatorId: PEOPLE.admin.id, scope: { environmentIds } };
    expect(apiKeys).toMatchObject([
      { name: 'One', metadata, ...common },
      { name: 'Other', metadata: null, ...common },
    ]);
    expect(await recordOf(program, apiKeys?.[0]?.id ?? '')).toMatchObject([
      { action: 'API_KEY_IMPORTED', actorId: PEOPLE.admin.id, before: null, after: { name: 'One' } },
    ]);
    expect(await opens(program, other)).toBe(true);
  });

  test('an imported key opens what it is granted, in X-API-Key and as a bearer', async () => {
    const plainText = newPlainText();
    const { id } = await importOne(plainText);
    for (const credential of [{ 'x-api-key': plainText }, { authorization: `Bearer ${plainText}` }]) {
      const { data } = await program.graphql<{ viewer: object; allowed: object; other: null }>(
        credential,
        `{ viewer { kind id } allowed: environment(id: "${customers.acme.checkoutStaging.id}") { name }
          other: environment(id: "${customers.globex.gridProduction.id}") { name } }`,
      );
      expect(data).toEqual({
        viewer: { kind: 'API_KEY', id },
        allowed: { name: 'Checkout staging' },
        other: null,
      });
    }
  });

  test('nothing but the key itself opens it: not its digest, and no part of it', async () => {
    const plainText = newPlainText();
    await importOne(plainText);
    for (const guess of [
      sha256(plainText),
      plainText.slice(0, -1),
      `${plainText}x`,
      plainText.toUpperCase(),
    ]) {
      expect(await opens(program, guess)).toBe(false);
    }
  });

  test('a key of any form can be imported, even one that looks like a key of ours or like a token', async () => {
    const ours = program.secretKeys.generate().secretKey;
    const token = 'one.two.three';
    const prefixed = 'sg_live_short';
    for (const plainText of [ours, token, prefixed]) await importOne(plainText);
    expect(await opens(program, ours)).toBe(true);
    expect(await opens(program, prefixed)).toBe(true);
    expect(await opens(program, token)).toBe(true);
    const { status } = await program.graphql({ authorization: `Bearer ${token}` }, '{ viewer { id } }');
    expect(status).toBe(401);
  });

  test('a key that was made here stays what it is, though another tenant imports its digest', async () => {
    const { key, secretKey } = customers.globex.keys.environment;
    await importOne(secretKey);
    const { data } = await program.graphql<{ viewer: { id: string } }>(
      { 'x-api-key': secretKey },
      '{ viewer { id } }',
    );
    expect(data.viewer.id).toBe(key.id);
  });

  test('what is stored lets nobody test a guess: neither the digest nor a bare hash of it', async () => {
    const plainText = newPlainText();
    const { id } = await importOne(plainText);
    const rows = await program.database.rows<{ selector: string; digest: string; source: string }>(
      'SELECT selector, digest, source FROM api_key_secrets WHERE api_key_id = ?',
      [id],
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]?.source).toBe('IMPORTED');
    const stored = JSON.stringify(rows);
    const digest = sha256(plainText);
    for (const guess of [plainText, digest, sha256(digest), sha256(`selector:${digest}`)]) {
      expect(stored).not.toContain(guess);
    }
    expect(JSON.stringify(await recordOf(program, id))).not.toContain(digest);
  });

  test('a digest that was imported before is taken, also in the other case and by another tenant', async () => {
    const plainText = newPlainText();
    await importOne(plainText);
    const before = await total();
    const again = [
      described(newPlainText()),
      described(plainText, { sha256: sha256(plainText).toUpperCase() }),
    ];
    const taken = {
      code: 'TAKEN',
      field: ['keys', '1', 'sha256'],
      message: expect.stringContaining(sha256(plainText)),
    };
    expect(await importKeys(again)).toMatchObject({ apiKeys: null, userErrors: [taken] });
    const { globex } = customers;
    const elsewhere = described(plainText, { scope: { environmentIds: [globex.gridProduction.id] } });
    const theirs = await importKeys([elsewhere], as.outsider, globex.organization.id);
    expect(theirs.userErrors).toMatchObject([{ code: 'TAKEN', field: ['keys', '0', 'sha256'] }]);
    expect(await total()).toBe(before);
  });

  test('a digest twice in one call is taken the second time', async () => {
    const key = described(newPlainText());
    const { userErrors } = await importKeys([key, described(newPlainText()), key]);
    expect(userErrors).toMatchObject([{ code: 'TAKEN', field: ['keys', '2', 'sha256'] }]);
  });

  test('the digest of a revoked key stays taken, so that it cannot come back to life', async () => {
    const plainText = newPlainText();
    const { id } = await importOne(plainText);
    await changedKey(program, as.owner, 'revokeApiKey', { id });
    expect(await opens(program, plainText)).toBe(false);
    expect((await importKeys([described(plainText)])).userErrors).toMatchObject([{ code: 'TAKEN' }]);
  });

  test('one bad key keeps all of them out, and every bad one is named by its place', async () => {
    const before = await total();
    const bad = await importKeys([
      described(newPlainText()),
      described('', { sha256: 'abc' }),
      described(newPlainText(), { sha256: 'g'.repeat(64) }),
    ]);
    expect(bad.userErrors).toMatchObject([
      { code: 'INVALID', field: ['keys', '1', 'sha256'] },
      { code: 'INVALID', field: ['keys', '2', 'sha256'] },
    ]);
    const { userErrors } = await importKeys([
      described(newPlainText()),
      described(newPlainText(), { name: ' ' }),
      described(newPlainText(), { scope: { accountIds: [customers.globex.energy.id] } }),
      described(newPlainText(), { expiresAt: '2001-01-01T00:00:00Z' }),
    ]);
    expect(userErrors).toMatchObject([
      { code: 'INVALID', field: ['keys', '1', 'name'] },
      { code: 'NOT_FOUND', field: ['keys', '2', 'scope', 'accountIds'], ids: [customers.globex.energy.id] },
      { code: 'INVALID', field: ['keys', '3', 'expiresAt'] },
    ]);
    expect(await total()).toBe(before);
  });

  test('only owners and admins import, and into what they cannot see as into what is nowhere', async () => {
    const keys = [described(newPlainText(), { scope: {} })];
    const nowhere = await importKeys(keys, as.admin, NOWHERE);
    expect(nowhere).toMatchObject({
      apiKeys: null,
      userErrors: [{ code: 'NOT_FOUND', field: ['organizationId'] }],
    });
    for (const person of ['member', 'narrowedMember', 'both', 'outsider', 'nobody'] as const) {
      expect(await importKeys(keys, as[person])).toEqual(nowhere);
    }
    const service = await program.service('sync', 'resources:sync');
    await expect(importKeys(keys, service)).rejects.toThrow('FORBIDDEN');
    const key = { 'x-api-key': customers.acme.keys.whole.secretKey };
    await expect(importKeys(keys, key)).rejects.toThrow('FORBIDDEN');
    expect((await importKeys(keys, as.owner)).userErrors).toEqual([]);
  });

  test('nobody imports a key that reaches beyond them', async () => {
    const scope = { accountIds: [customers.acme.retail.id] };
    expect((await importKeys([described(newPlainText(), { scope })], as.narrowedAdmin)).userErrors).toEqual(
      [],
    );
    const wider = { organizationId: customers.acme.organization.id };
    const { userErrors } = await importKeys([described(newPlainText(), { scope: wider })], as.narrowedAdmin);
    expect(userErrors).toMatchObject([{ code: 'BEYOND_YOUR_SCOPE', field: ['keys', '0', 'scope'] }]);
  });

  test('imported keys must fit the policy', async () => {
    const { outsider } = as;
    const { organization, gridProduction } = customers.globex;
    await updatePolicy(program, outsider, organization.id, { expiryRequired: true });
    const key = described(newPlainText(), { scope: { environmentIds: [gridProduction.id] } });
    const { userErrors } = await importKeys([key], outsider, organization.id);
    expect(userErrors).toMatchObject([{ code: 'AGAINST_POLICY', field: ['keys', '0', 'expiresAt'] }]);
  });

  test('rotated, a key gets our form, and the old one ends or goes on for the grace period', async () => {
    const [ending, overlapping] = [newPlainText(), newPlainText()];
    const rotate = async (plainText: string, gracePeriodSeconds: number) => {
      const { id } = await importOne(plainText);
      const { secretKey } = await mutateKey(program, as.owner, 'rotateApiKey', { id, gracePeriodSeconds });
      return secretKey ?? '';
    };
    const first = await rotate(ending, 0);
    expect(first).toMatch(/^sg_/);
    expect([await opens(program, first), await opens(program, ending)]).toEqual([true, false]);
    const second = await rotate(overlapping, 60);
    expect([await opens(program, second), await opens(program, overlapping)]).toEqual([true, true]);
  });

  test('1,000 keys are taken at once in as many statements as 10, and 1,001 are not', async () => {
    const many = (amount: number) => Array.from({ length: amount }, () => described(newPlainText()));
    const few = await program.statementsDuring(() => importKeys(many(10)));
    const before = (await total()) ?? 0;
    const all = await program.statementsDuring(async () => {
      expect((await importKeys(many(1000))).userErrors).toEqual([]);
    });
    expect(await total()).toBe(before + 1000);
    expect(all.length).toBe(few.length);
    expect((await importKeys(many(1001))).userErrors).toMatchObject([{ code: 'INVALID', field: ['keys'] }]);
    expect((await importKeys([])).userErrors).toMatchObject([{ code: 'INVALID', field: ['keys'] }]);
  });

  test('of 20 imports of one digest at once, one is taken', async () => {
    const key = described(newPlainText());
    const answers = await Promise.all(Array.from({ length: 20 }, () => importKeys([key])));
    expect(answers.filter(({ apiKeys }) => apiKeys !== null)).toHaveLength(1);
    const codes = answers.flatMap(({ userErrors }) => userErrors.map(({ code }) => code));
    expect(codes).toEqual(Array.from({ length: 19 }, () => 'TAKEN'));
  });
});

describe('under a new pepper', () => {
  test('keys that were imported under the old one still open, and are still taken', async () => {
    const [first = '', second] = [1, 2].map(
      (version) => `${version}:${Buffer.alloc(32, `pepper ${version}`).toString('base64')}`,
    );
    const testDatabase = await createTestDatabase();
    const run = async <Result>(peppers: string, work: (program: TestProgram) => Promise<Result>) => {
      const program = await TestProgram.start({ ...testDatabase.environment, KEY_PEPPERS: peppers });
      return work(program).finally(() => program.stop());
    };
    const importAs = async (program: TestProgram, input: object) =>
      mutate(program, await program.user(PEOPLE.owner), 'importApiKeys', KEY, input);
    try {
      const input = await run(first, async (program) => {
        const { acme } = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys));
        const keys = [{ sha256: sha256('an old key'), name: 'Old', scope: { accountIds: [acme.retail.id] } }];
        const input = { organizationId: acme.organization.id, keys };
        expect((await importAs(program, input)).userErrors).toEqual([]);
        return input;
      });
      await run(`${first},${second}`, async (program) => {
        expect(await opens(program, 'an old key')).toBe(true);
        expect((await importAs(program, input)).userErrors).toMatchObject([{ code: 'TAKEN' }]);
      });
    } finally {
      await testDatabase.remove();
    }
  });
});
