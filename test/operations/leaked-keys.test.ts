import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '../support/eventually';
import { changedKey, createdKey, mutateKey, opens } from '../support/key-mutations';
import { mutate } from '../support/mutate';
import { LoggedProgram } from '../support/logged-program';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE, twoCustomers, type TwoCustomers } from '../support/two-customers';

const ACCEPTED = { status: 'accepted' };

async function send(url: string, body: string, headers: Credential = {}): Promise<Response> {
  return fetch(`${url}/v1/leaked-keys`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
}

describe('POST /v1/leaked-keys', () => {
  let program: TestProgram;
  let asOwner: Credential;
  let customers: TwoCustomers;

  beforeAll(async () => {
    program = await TestProgram.start({ LEAK_REPORTS_PER_MINUTE: '1000' });
    asOwner = await program.user(PEOPLE.owner);
    customers = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys));
  });

  afterAll(() => program.stop());

  const report = (body: unknown, headers?: Credential) => send(program.url, JSON.stringify(body), headers);
  const newKey = () =>
    createdKey(program, asOwner, {
      name: 'Leaking',
      scope: { environmentIds: [customers.acme.checkoutStaging.id] },
    });
  const events = async (subjectId: string) =>
    program.database.rows<Record<string, unknown>>(
      'SELECT action, actor_kind AS kind, actor_id AS id, user_agent AS userAgent FROM audit_events ' +
        'WHERE subject_id = ? ORDER BY occurred_at, id',
      [subjectId],
    );
  const revocation = async (id: string) => {
    const [row] = await program.database.rows<{ revokedAt: number | null; reason: string | null }>(
      'SELECT revoked_at AS revokedAt, revocation_reason AS reason FROM api_keys WHERE id = ?',
      [id],
    );
    return row;
  };

  test('a key whose secret is reported is revoked at once, and the record tells why', async () => {
    const { apiKey, secretKey } = await newKey();
    const response = await report({ keys: [secretKey] }, { 'user-agent': 'scanner' });
    expect([response.status, await response.json()]).toEqual([202, ACCEPTED]);
    expect(await opens(program, secretKey)).toBe(false);
    expect((await revocation(apiKey.id))?.reason).toBe('reported as leaked');
    expect(await events(apiKey.id)).toMatchObject([
      { action: 'API_KEY_CREATED', kind: 'USER' },
      { action: 'API_KEY_LEAKED', kind: 'SYSTEM', id: 'scopegate', userAgent: 'scanner' },
    ]);
  });

  test('the report of the secret scanning of GitHub is understood', async () => {
    const { secretKey } = await newKey();
    const found = {
      token: secretKey,
      type: 'scopegate_key',
      url: 'https://example.com/file',
      source: 'content',
    };
    expect((await report([found])).status).toBe(202);
    expect(await opens(program, secretKey)).toBe(false);
  });

  test('the answer is the same to the letter whether there is such a key or not', async () => {
    const { secretKey } = await newKey();
    const absent = program.secretKeys.generate().secretKey;
    const bodies = [
      { keys: [secretKey] },
      { keys: [secretKey] },
      { keys: [absent] },
      { keys: ['nonsense'] },
      { keys: [''] },
    ];
    for (const body of bodies) {
      const response = await report(body);
      expect([response.status, await response.text()]).toEqual([202, JSON.stringify(ACCEPTED)]);
    }
  });

  test('a key that is there costs no other reads than one that is not', async () => {
    const { apiKey, secretKey } = await newKey();
    const [, selector = ''] = secretKey.split('_');
    const reads = async (body: object) =>
      (await program.statementsDuring(() => report(body))).filter((statement) =>
        statement.startsWith('SELECT'),
      );
    const forged = program.secretKeys.generate().secretKey.replace(/_[^_]{12}_/, `_${selector}_`);
    const ofAbsent = await reads({ keys: [program.secretKeys.generate().secretKey] });
    expect(await reads({ keys: [forged] })).toHaveLength(ofAbsent.length);
    expect((await revocation(apiKey.id))?.revokedAt).toBeNull();
  });

  test('a selector without the secret that belongs to it revokes nothing', async () => {
    const { apiKey, secretKey } = await newKey();
    const { acme } = customers;
    const [prefix = '', selector = ''] = secretKey.split('_');
    const other = program.secretKeys.generate().secretKey.split('_')[2] ?? '';
    const guesses = [
      selector,
      `${prefix}_${selector}`,
      `${prefix}_${selector}_${other}`,
      secretKey.slice(0, -1),
      apiKey.id,
    ];
    await report({ keys: [...guesses, acme.keys.whole.key.id, acme.keys.whole.key.name] });
    expect(await opens(program, secretKey)).toBe(true);
    expect(await opens(program, acme.keys.whole.secretKey)).toBe(true);
  });

  test('an imported key is revoked by its plain text, and not by its digest', async () => {
    const plainText = 'a key from before';
    const sha256 = createHash('sha256').update(plainText).digest('hex');
    const scope = { accountIds: [customers.acme.retail.id] };
    const input = {
      organizationId: customers.acme.organization.id,
      keys: [{ sha256, name: 'Imported', scope }],
    };
    const { userErrors } = await mutate(program, asOwner, 'importApiKeys', 'apiKeys { id }', input);
    expect(userErrors).toEqual([]);
    await report({ keys: [sha256] });
    expect(await opens(program, plainText)).toBe(true);
    await report({ keys: [plainText] });
    expect(await opens(program, plainText)).toBe(false);
  });

  test('keys of several tenants are revoked in one report, and no other key', async () => {
    const { acme, globex } = customers;
    const reported = [acme.keys.account, globex.keys.environment];
    await report({ keys: [...reported.map(({ secretKey }) => secretKey), acme.keys.account.secretKey] });
    for (const { key } of reported) {
      expect((await events(key.id)).map(({ action }) => action)).toEqual(['API_KEY_LEAKED']);
    }
    expect(await opens(program, globex.keys.whole.secretKey)).toBe(true);
    expect(await opens(program, acme.keys.widget.secretKey)).toBe(true);
  });

  test('a disabled key is revoked too, so that it cannot be switched on', async () => {
    const { disabled } = customers.acme.keys;
    await report({ keys: [disabled.secretKey] });
    const { userErrors } = await mutateKey(program, asOwner, 'enableApiKey', { id: disabled.key.id });
    expect(userErrors).toMatchObject([{ code: 'REVOKED' }]);
  });

  test('an old secret in its grace period ends the key, and one that a rotation has ended does not', async () => {
    const [ended, overlapping] = [await newKey(), await newKey()];
    const rotate = (id: string, gracePeriodSeconds: number) =>
      changedKey(program, asOwner, 'rotateApiKey', { id, gracePeriodSeconds });
    await rotate(ended.apiKey.id, 0);
    await rotate(overlapping.apiKey.id, 600);
    await report({ keys: [ended.secretKey, overlapping.secretKey] });
    expect((await revocation(ended.apiKey.id))?.revokedAt).toBeNull();
    expect((await revocation(overlapping.apiKey.id))?.reason).toBe('reported as leaked');
  });

  test('of 20 reports of one key at once, one is recorded', async () => {
    const { apiKey, secretKey } = await newKey();
    const responses = await Promise.all(Array.from({ length: 20 }, () => report({ keys: [secretKey] })));
    expect(responses.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 202));
    const actions = (await events(apiKey.id)).map(({ action }) => action);
    expect(actions).toEqual(['API_KEY_CREATED', 'API_KEY_LEAKED']);
  });

  test('no credential is needed, and one that is no good makes no difference', async () => {
    const { apiKey, secretKey } = await newKey();
    const response = await report({ keys: [secretKey] }, { authorization: 'Bearer nonsense' });
    expect(response.status).toBe(202);
    expect((await events(apiKey.id)).at(-1)).toMatchObject({ action: 'API_KEY_LEAKED', kind: 'SYSTEM' });
  });

  test.each([
    ['nothing', {}],
    ['no keys', { keys: [] }],
    ['more than 100', { keys: Array.from({ length: 101 }, (_, index) => `key ${index}`) }],
    ['what is no text', { keys: [1] }],
    ['an empty report', []],
    ['reports without a token', [{ type: 'scopegate_key' }]],
  ])('%s is refused as a bad body, which is named', async (_, body) => {
    const response = await report(body);
    const problem = (await response.json()) as { errors: unknown[] };
    expect([response.status, response.headers.get('content-type')]).toEqual([
      400,
      expect.stringContaining('application/problem+json'),
    ]);
    expect(problem).toMatchObject({ code: 'BAD_USER_INPUT', errors: [{ code: 'INVALID' }] });
  });

  test('100 keys are taken at once', async () => {
    const { secretKey } = await newKey();
    const keys = Array.from({ length: 99 }, () => program.secretKeys.generate().secretKey);
    expect((await report({ keys: [...keys, secretKey] })).status).toBe(202);
    expect(await opens(program, secretKey)).toBe(false);
  });
});

describe('the limits of reports', () => {
  test('an address that reports too often is told when to try again, and nothing else is slowed down', async () => {
    const program = await TestProgram.start({ LEAK_REPORTS_PER_MINUTE: '3' });
    try {
      const statuses: number[] = [];
      for (let time = 0; time < 3; time++) {
        statuses.push((await send(program.url, JSON.stringify({ keys: ['a'] }))).status);
      }
      expect(statuses).toEqual([202, 202, 202]);
      const refused = await send(program.url, JSON.stringify({ keys: ['a'] }));
      const problem = (await refused.json()) as { retryAfter: number };
      expect(refused.status).toBe(429);
      expect(problem).toMatchObject({ code: 'RATE_LIMITED', status: 429 });
      expect(problem.retryAfter).toBeGreaterThanOrEqual(1);
      expect(problem.retryAfter).toBeLessThanOrEqual(60);
      expect(refused.headers.get('retry-after')).toBe(String(problem.retryAfter));
      expect((await program.get({}, '/health/live')).status).toBe(200);
    } finally {
      await program.stop();
    }
  });
});

describe('the log of reports', () => {
  test('nothing of what was handed over is logged, not even of a body that cannot be read', async () => {
    const program = await LoggedProgram.start();
    try {
      const { secretKey } = program.secretKeys.generate();
      const verifier = secretKey.split('_')[2] ?? '';
      const bodies = [
        JSON.stringify({ keys: [secretKey] }),
        JSON.stringify([{ token: secretKey, type: 'key', url: 'https://example.com' }]),
        JSON.stringify({ keys: secretKey }),
        JSON.stringify({ [secretKey]: 1 }),
        JSON.stringify(secretKey),
        `{"keys":["${secretKey}"`,
        secretKey,
      ];
      for (const body of bodies) {
        const response = await send(program.url, body);
        expect(await response.text()).not.toContain(verifier.slice(0, 10));
      }
      await eventually(async () => {
        expect(program.log().match(/"msg":"request"/g)).toHaveLength(bodies.length);
      });
      expect(program.log()).not.toContain(verifier.slice(0, 10));
    } finally {
      await program.stop();
    }
  });
});
