import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import fastify from 'fastify';
import { registerGraphiql } from '../../src/graphiql/graphiql-routes';
import { StartedProgram, type Settings } from '../support/started-program';
import { createTestDatabase, type TestDatabase } from '../support/test-database';

const PRODUCTION = {
  NODE_ENV: 'production',
  AUTH_JWT_SECRET: 'a secret of production, which is long enough',
  KEY_PEPPERS: `1:${Buffer.alloc(32, 7).toString('base64')}`,
};

/** As Chromium asks when an address is opened. */
const BROWSER = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8' };

const TOKEN = /eyJ/;

let database: TestDatabase;
let program: StartedProgram;

const start = async (settings: Settings = {}) => {
  database = await createTestDatabase();
  program = await StartedProgram.start({ ...database.environment, ...settings });
};

const stop = async () => {
  await program.stop();
  await database.remove();
};

const get = (path: string, headers: Settings = {}) => fetch(`${program.url}${path}`, { headers });

describe('the page of GraphiQL, outside production', () => {
  beforeAll(() => start());
  afterAll(stop);

  test('browsers get it at both addresses, and clients go on getting GraphQL', async () => {
    const page = await get('/graphiql');
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    const text = await page.text();
    expect(await (await get('/graphql', BROWSER)).text()).toBe(text);
    expect(await (await get('/graphiql/')).text()).toBe(text);
    for (const accept of ['*/*', 'application/json', 'application/graphql-response+json, text/html;q=0.1']) {
      const answer = await get('/graphql?query={__typename}', { accept, 'apollo-require-preflight': 'yes' });
      expect(answer.headers.get('content-type')).toMatch(/json/);
    }
  });

  test('its policy lets it run its own scripts only, and ask nobody else', async () => {
    for (const path of ['/graphiql', '/graphiql/page.js', '/graphiql/workers/graphql.js']) {
      const { headers } = await get(path);
      const directives = (headers.get('content-security-policy') ?? '').split('; ');
      expect(directives).toEqual(
        expect.arrayContaining([
          "default-src 'none'",
          "script-src 'self'",
          "worker-src 'self'",
          "connect-src 'self'",
          "frame-ancestors 'none'",
        ]),
      );
      expect(directives.join()).not.toContain('unsafe-eval');
    }
    expect(await (await get('/graphiql')).text()).not.toMatch(/<script>|\son\w+=|https?:/);
  });

  test('nothing but its files is served below it', async () => {
    for (const path of [
      '/graphiql/nothing.js',
      '/graphiql/..%2fsrc/main.js',
      '/graphiql/%2e%2e%2fpackage.json',
    ]) {
      expect((await get(path)).status).toBe(404);
    }
  });

  test('the tokens of the demo open it to those on this machine', async () => {
    const { ownerToken, verifierToken } = (await (await get('/graphiql/demo-tokens')).json()) as Settings;
    const whoIs = (token: string | undefined) =>
      program.graphql({ authorization: `Bearer ${token}` }, '{ viewer { id permissions } }');
    expect(await whoIs(ownerToken)).toEqual({
      data: { viewer: { id: 'owner@acme.example', permissions: [] } },
    });
    expect(await whoIs(verifierToken)).toMatchObject({
      data: { viewer: { permissions: ['api-keys:verify'] } },
    });
  });
});

describe('the page of GraphiQL, by the settings', () => {
  afterEach(stop);

  test('a secret that was configured signs no tokens for the page: it may open more than the demo', async () => {
    await start({ AUTH_JWT_SECRET: PRODUCTION.AUTH_JWT_SECRET });
    expect(await (await get('/graphiql/demo-tokens')).json()).toBeNull();
  });

  test('production does not have it', async () => {
    await start(PRODUCTION);
    for (const path of ['/graphiql', '/graphiql/', '/graphiql/page.js', '/graphiql/demo-tokens']) {
      expect((await get(path)).status).toBe(404);
    }
    expect((await get('/graphql', BROWSER)).headers.get('content-type')).not.toContain('html');
  });

  test('production that switches it on has it, and never a token', async () => {
    await start({ ...PRODUCTION, GRAPHIQL: 'on' });
    for (const path of ['/graphiql', '/graphiql/page.js']) {
      const page = await get(path);
      expect(page.status).toBe(200);
      expect(await page.text()).not.toMatch(TOKEN);
    }
    expect(await (await get('/graphiql/demo-tokens')).text()).toBe('null');
  });

  test('a place that has been switched off does not have it', async () => {
    await start({ GRAPHIQL: 'off' });
    expect((await get('/graphiql')).status).toBe(404);
  });
});

describe('who gets the tokens of the demo', () => {
  const tokens = { ownerToken: 'owner', verifierToken: 'verifier' };

  const ask = async (remoteAddress: string, headers: Settings) => {
    const app = fastify();
    const folder = `${__dirname}/../../dist/graphiql`;
    await registerGraphiql(app, { folder, mintDemoTokens: async () => tokens });
    const { payload } = await app.inject({ url: '/graphiql/demo-tokens', remoteAddress, headers });
    return JSON.parse(payload) as unknown;
  };

  test.each([
    ['127.0.0.1', 'localhost:4000'],
    ['127.0.0.1', '127.0.0.1:4000'],
    ['::ffff:127.0.0.1', 'localhost'],
    ['::1', '[::1]:4000'],
  ])('a page from this machine, at %s, that was opened as %s', async (address, host) => {
    expect(await ask(address, { host })).toEqual(tokens);
    expect(await ask(address, { host, 'sec-fetch-site': 'same-origin' })).toEqual(tokens);
  });

  test.each([
    ['another machine', '192.168.1.7', { host: 'localhost:4000' }],
    ['another machine, over IPv6', '2001:db8::7', { host: 'localhost:4000' }],
    ['a name that somebody else leads here', '127.0.0.1', { host: 'rebound.example:4000' }],
    ['a name that only begins like ours', '127.0.0.1', { host: 'localhost.rebound.example' }],
    [
      'a proxy that says for whom it asks',
      '127.0.0.1',
      { host: 'localhost', 'x-forwarded-for': '192.0.2.7' },
    ],
    ['a proxy that says that it is one', '127.0.0.1', { host: 'localhost', via: '1.1 proxy' }],
    ['a page of another site', '127.0.0.1', { host: 'localhost', 'sec-fetch-site': 'cross-site' }],
    ['a page of another port', '127.0.0.1', { host: 'localhost', 'sec-fetch-site': 'same-site' }],
  ])('%s gets none', async (_who, address, headers) => {
    expect(await ask(address, headers)).toBeNull();
  });

  test('without a built page, the program does not start, and says what to do', async () => {
    const parts = { folder: '/nowhere', mintDemoTokens: null };
    await expect(registerGraphiql(fastify(), parts)).rejects.toThrow('GraphiQL is not in /nowhere. Build it');
  });
});
