import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mintToken } from '../../src/demo/development-token';
import { eventually } from '../support/eventually';
import { StartedProgram } from '../support/started-program';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { TestProgram } from '../support/test-program';

const TOKEN_SECRET = 'a secret of production, which is long enough';
const PEPPER = Buffer.alloc(32, 7).toString('base64');
const WHO = '{ viewer { kind id } }';

const owner = { id: 'owner@acme.example', email: 'owner@acme.example' };

describe('the logs of production', () => {
  let database: TestDatabase;
  let program: StartedProgram;
  let token: string;
  let forged: string;
  let secretKey: string;
  let unknownKey: string;

  const ask = async (path: string, headers: Readonly<Record<string, string>> = {}, body?: string) => {
    const json = { 'content-type': 'application/json' };
    const init =
      body === undefined ? { headers } : { method: 'POST', headers: { ...json, ...headers }, body };
    const response = await fetch(`${program.url}${path}`, init);
    await response.text();
    return response;
  };

  const question = (query: string, variables = {}) => JSON.stringify({ query, variables });

  beforeAll(async () => {
    database = await createTestDatabase();
    const production = {
      ...database.environment,
      NODE_ENV: 'production',
      AUTH_JWT_SECRET: TOKEN_SECRET,
      KEY_PEPPERS: `1:${PEPPER}`,
      LOG_LEVEL: 'debug',
    };
    const before = await TestProgram.start({ ...production, LOG_LEVEL: 'silent' });
    const generated = before.secretKeys.generate();
    secretKey = generated.secretKey;
    unknownKey = before.secretKeys.generate().secretKey;
    await before.given((tenancy) => {
      const organization = tenancy.organization('Acme', 'acme');
      tenancy.membership(organization, owner, 'OWNER');
      const grants = [organization];
      tenancy.apiKey({ organization, creator: owner, name: 'One', grants, secret: generated.stored });
    });
    await before.stop();
    const request = { subject: owner.id, permissions: [], issuer: null, audience: null };
    token = await mintToken(TOKEN_SECRET, request);
    forged = await mintToken('another secret, which is long enough as well', request);
    program = await StartedProgram.start(production);
  });

  afterAll(async () => {
    await program.stop();
    await database.remove();
  });

  test('hold no credential, wherever a request carries it, and no pepper or secret of the program', async () => {
    const secrets = [token, forged, secretKey, unknownKey];
    for (const secret of secrets) {
      const query = encodeURIComponent(WHO);
      await ask('/graphql', { authorization: `Bearer ${secret}` }, question(WHO));
      await ask('/graphql', { 'x-api-key': secret }, question(WHO));
      await ask('/graphql', { authorization: `Basic ${secret}` }, question(WHO));
      await ask('/graphql', { authorization: secret, 'x-api-key': secret }, question(WHO));
      await ask(`/graphql?query=${query}&variables=${encodeURIComponent(JSON.stringify({ secret }))}`);
      await ask(`/graphql?query=${encodeURIComponent(`{ node(id: "${secret}") { id } }`)}`, {
        authorization: `Bearer ${token}`,
        'apollo-require-preflight': 'true',
      });
      await ask(
        '/graphql',
        { authorization: `Bearer ${token}` },
        question(`{ node(id: "${secret}") { id } }`),
      );
      await ask('/graphql', { authorization: `Bearer ${token}` }, question(`{ ${secret} }`, { secret }));
      await ask('/graphql', { authorization: `Bearer ${token}` }, `{"secretKey": ${secret}`);
      await ask('/graphql', { authorization: `Bearer ${token}` }, secret);
      await ask(`/v1/api-keys?access_token=${secret}`, { authorization: `Bearer ${secret}` });
      await ask(`/v1/api-keys/${secret}`, { authorization: `Bearer ${token}` });
      await ask(`/nowhere/${secret}?token=${secret}`);
      await ask(`/v1/forward-auth?${secret}=${secret}`, { 'x-scopegate-authorization': `Bearer ${secret}` });
    }
    const last = (await ask('/health/live')).headers.get('x-request-id');
    await eventually(async () => expect(program.log.map(({ requestId }) => requestId)).toContain(last));

    // At its most talkative, it did log what it did for those who may.
    expect(program.output).toContain('"msg":"statement"');
    const beginnings = [secretKey, unknownKey].map((key) => key.slice(0, 10));
    const ends = secrets.map((secret) => secret.slice(-20));
    const telling = [...beginnings, ...ends, PEPPER, TOKEN_SECRET, owner.email];
    const lines = program.output.split('\n');
    expect(lines.filter((line) => telling.some((part) => line.includes(part)))).toEqual([]);
  });

  test('hold no secret key that a service asks about, in whatever place it sends it', async () => {
    const service = await mintToken(TOKEN_SECRET, {
      subject: 'gateway',
      permissions: ['api-keys:verify'],
      issuer: null,
      audience: null,
    });
    const asService = { authorization: `Bearer ${service}` };
    const mutation =
      'mutation($input: VerifyApiKeyInput!) { verifyApiKey(input: $input) { verification { code } userErrors { code } } }';
    const answers: string[] = [];
    const verify = async (path: string, body: object) => {
      const json = { 'content-type': 'application/json', ...asService };
      const init = { method: 'POST', headers: json, body: JSON.stringify(body) };
      answers.push(await (await fetch(`${program.url}${path}`, init)).text());
    };
    const secrets = [
      secretKey,
      unknownKey,
      secretKey.slice(0, -1),
      `${unknownKey}0`,
      'imported-key-from-elsewhere-0123',
    ];
    for (const secret of secrets) {
      const inputs = [
        { secretKey: secret },
        { secretKey: secret, fresh: true },
        { secretKey: secret, resource: { level: 'WIDGET', id: secret } },
        { secretKey: [secret] },
        { secretKey: secret, [unknownKey]: secret },
        { secretKey: secret, cost: secret },
      ];
      for (const input of inputs) {
        await verify('/v1/verify', input);
        await verify('/v1/verify', [input, input]);
        await verify('/graphql', { query: mutation, variables: { input } });
      }
      await verify(`/v1/verify?secretKey=${secret}`, { secretKey: secret });
      await verify(`/v1/verify/${secret}`, {});
      await ask('/graphql', asService, question(`mutation { verifyApiKey(input: { secretKey: "${secret}" `));
      const asProxy = { 'x-scopegate-authorization': `Bearer ${service}`, 'x-api-key': secret };
      for (const uri of [`/${secret}`, `/${secret}/..`, `/environments/${secret}?${secret}`]) {
        const template = { 'x-scopegate-template': `/environments/{environmentId} /x?${secret}` };
        await ask(`/v1/forward-auth/uri${uri}`, { ...asProxy, ...template });
        for (const query of [
          '',
          '?template=/environments/{environmentId}',
          `?template=${secret}`,
          `?${secret}=1`,
        ])
          await ask(`/v1/forward-auth${query}`, { ...asProxy, 'x-forwarded-uri': uri });
      }
      await ask(`/v1/forward-auth?resource=${secret}&cost=${secret}`, asProxy);
      await ask(`/v1/forward-auth?resourceHeader=x-api-key&level=WIDGET`, asProxy);
    }
    const last = (await ask('/health/live')).headers.get('x-request-id');
    await eventually(async () => expect(program.log.map(({ requestId }) => requestId)).toContain(last));
    expect(answers.filter((answer) => answer.includes('"code":"VALID"')).length).toBeGreaterThan(0);
    const telling = secrets.flatMap((secret) => [secret.slice(0, 24), secret.slice(-20)]);
    const lines = [...program.output.split('\n'), ...answers];
    expect(lines.filter((line) => telling.some((part) => line.includes(part)))).toEqual([]);
  });

  test('name each request by the id in its answer, and take over the one that a proxy gave', async () => {
    const made = await ask('/graphql', { authorization: `Bearer ${token}` }, question(WHO));
    const given = await ask('/v1/api-keys', { authorization: `Bearer ${token}`, 'x-request-id': 'proxy:42' });
    const refused = await ask('/v1/api-keys', { 'x-request-id': 'two words\t' });
    const ids = [made, given, refused].map(({ headers }) => headers.get('x-request-id'));
    expect(ids[1]).toBe('proxy:42');
    expect(ids[2]).toMatch(/^[\w-]{36}$/);
    await eventually(async () => {
      const lines = ids.map((id) =>
        program.log.find(({ msg, requestId }) => msg === 'request' && requestId === id),
      );
      expect(lines).toMatchObject([
        { level: 'info', method: 'POST', route: '/graphql', status: 200, milliseconds: expect.any(Number) },
        { level: 'info', method: 'GET', route: '/v1/api-keys', status: 200 },
        { level: 'info', method: 'GET', route: '/v1/api-keys', status: 401 },
      ]);
    });
  });
});
