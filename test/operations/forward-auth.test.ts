import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE, twoCustomers, type TwoCustomers } from '../support/two-customers';
import { rawRequest } from '../support/raw-request';

const SECRET = 'what-the-proxies-of-the-tests-send';
const PROXY = { 'x-scopegate-authorization': `Bearer ${SECRET}` };
const TEMPLATE = '?template=/environments/{environmentId}/**';

describe('forward-auth', () => {
  let program: TestProgram;
  let acme: TwoCustomers['acme'];
  let globex: TwoCustomers['globex'];

  beforeAll(async () => {
    program = await TestProgram.start({ FORWARD_AUTH_SECRET: SECRET });
    ({ acme, globex } = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys)));
  });

  afterAll(() => program.stop());

  const bearer = (secretKey: string): Credential => ({ authorization: `Bearer ${secretKey}` });

  /** Asks as a proxy does, and expects what holds for every answer. */
  const ask = async (query: string, headers: Credential, proxy: Credential = PROXY): Promise<Response> => {
    const response = await program.get({ ...proxy, ...headers }, `/v1/forward-auth${query}`);
    expect(await response.text()).toBe('');
    expect(response.headers.get('cache-control')).toBe('no-store');
    return response;
  };

  const askAbout = async (uri: string, secretKey: string, query = TEMPLATE): Promise<number> => {
    const { status } = await ask(query, { ...bearer(secretKey), 'x-forwarded-uri': uri });
    return status;
  };

  const identity = ({ headers }: Response) =>
    Object.fromEntries(Array.from(headers).filter(([name]) => name.startsWith('x-scopegate-')));

  test('a key that may is let through, with who it is', async () => {
    const { key, secretKey } = acme.keys.widget;
    const uri = `/environments/${acme.checkoutProduction.id}/deploys?force=1`;
    const response = await ask(TEMPLATE, { ...bearer(secretKey), 'x-forwarded-uri': uri });
    expect(response.status).toBe(204);
    expect(identity(response)).toEqual({
      'x-scopegate-key-id': key.id,
      'x-scopegate-key-name': 'Checkout%20widget',
      'x-scopegate-organization-id': acme.organization.id,
      'x-scopegate-resource': `ENVIRONMENT:${acme.checkoutProduction.id}`,
      'x-scopegate-grant': `WIDGET:${acme.checkout.id}`,
    });
  });

  test('the key may come in X-API-Key, but not in both headers', async () => {
    const { secretKey } = acme.keys.whole;
    const both = { ...bearer(secretKey), 'x-api-key': secretKey };
    expect((await ask('', { 'x-api-key': secretKey })).status).toBe(204);
    expect((await ask('', both)).status).toBe(401);
  });

  test('without instructions only the key is asked about, and what could be forged is empty', async () => {
    const { key, secretKey } = acme.keys.environment;
    const response = await ask('', bearer(secretKey));
    expect(response.status).toBe(204);
    expect(identity(response)).toMatchObject({
      'x-scopegate-key-id': key.id,
      'x-scopegate-resource': '',
      'x-scopegate-grant': '',
    });
  });

  test.each([
    ['without a key', {}, 'Bearer'],
    ['with another scheme', { authorization: 'Basic dXNlcjpwYXNzd29yZA==' }, 'Bearer'],
    ['with a mistyped key', { 'x-api-key': 'sg_nonsense' }, 'Bearer error="invalid_token"'],
  ])('%s the answer is 401 and says how to come back', async (_what, headers, challenge) => {
    const response = await ask('', headers);
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, challenge]);
    expect(identity(response)).toEqual({});
  });

  test('keys that are over look like keys that never were', async () => {
    const { revoked, disabled, expired } = acme.keys;
    const unknown = program.secretKeys.generate().secretKey;
    const secrets = [revoked.secretKey, disabled.secretKey, expired.secretKey, unknown];
    const told = await Promise.all(
      secrets.map(async (secretKey) => {
        const { status, headers } = await ask('', bearer(secretKey));
        return [status, Array.from(headers).filter(([name]) => !['date', 'x-request-id'].includes(name))];
      }),
    );
    expect(told[0]?.[0]).toBe(401);
    expect(new Set(told.map((one) => JSON.stringify(one))).size).toBe(1);
  });

  test('a key may not touch what it is not granted, what is not there, and anything without grants', async () => {
    const { environment, none } = acme.keys;
    const nowhere = '01890000-0000-7000-8000-000000000000';
    expect(await askAbout(`/environments/${acme.checkoutStaging.id}`, environment.secretKey)).toBe(403);
    expect(await askAbout(`/environments/${globex.gridProduction.id}`, acme.keys.whole.secretKey)).toBe(403);
    expect(await askAbout(`/environments/${globex.gridProduction.id}`, globex.keys.whole.secretKey)).toBe(
      204,
    );
    expect(await askAbout(`/environments/${nowhere}`, acme.keys.whole.secretKey)).toBe(403);
    expect(await askAbout(`/environments/${acme.checkout.id}`, acme.keys.whole.secretKey)).toBe(403);
    expect((await ask('', bearer(none.secretKey))).status).toBe(403);
  });

  test('the first template that matches decides, and where none does nobody is let through', async () => {
    const { environment, whole } = acme.keys;
    const query = '?template=/health&template=/environments/{environmentId}/**&template=/widgets/{widgetId}';
    const own = `/environments/${acme.checkoutProduction.id}`;
    expect(await askAbout('/health', environment.secretKey, query)).toBe(204);
    expect(await askAbout(own, environment.secretKey, query)).toBe(204);
    expect(await askAbout(`/widgets/${acme.checkout.id}`, environment.secretKey, query)).toBe(403);
    expect(await askAbout(`/widgets/${acme.checkout.id}`, whole.secretKey, query)).toBe(204);
    expect(await askAbout('/accounts', whole.secretKey, query)).toBe(403);
    expect(await askAbout('/environments/me', whole.secretKey, `${query}&template=/**`)).toBe(403);
  });

  test('of several ids the others must be where the deepest lies', async () => {
    const query = '?template=/o/{organizationId}/a/{accountId}/e/{environmentId}';
    const { whole } = acme.keys;
    const uri = (organization: string, account: string) =>
      `/o/${organization}/a/${account}/e/${acme.checkoutProduction.id}`;
    expect(await askAbout(uri(acme.organization.id, acme.retail.id), whole.secretKey, query)).toBe(204);
    expect(await askAbout(uri(acme.organization.id, acme.wholesale.id), whole.secretKey, query)).toBe(403);
    expect(await askAbout(uri(globex.organization.id, acme.retail.id), whole.secretKey, query)).toBe(403);
    expect(await askAbout(uri(acme.retail.id, acme.organization.id), whole.secretKey, query)).toBe(403);
  });

  test('a URI that a service could read in another way is refused, though the key may touch both resources', async () => {
    const { secretKey } = acme.keys.whole;
    const [one, other] = [acme.checkoutProduction.id, acme.checkoutStaging.id];
    const uris = [
      `/environments/${one}/../${other}`,
      `/environments/${one}/%2e%2e/${other}`,
      `/environments/${one}%2f..%2f${other}`,
      `/environments//${one}`,
      `/environments/${one}/..\\${other}`,
      `/environments/${one}?%zz`,
      `/environments/${one}, /environments/${other}`,
    ];
    const statuses = await Promise.all(uris.map((uri) => askAbout(uri, secretKey)));
    expect(statuses).toEqual(uris.map(() => 403));
  });

  test('the resource can be named by the configuration, or in a header', async () => {
    const { environment } = acme.keys;
    const [own, other] = [acme.checkoutProduction.id, acme.checkoutStaging.id];
    const status = async (query: string, headers: Credential = {}) =>
      (await ask(query, { ...bearer(environment.secretKey), ...headers })).status;
    expect(await status(`?resource=ENVIRONMENT:${own}`)).toBe(204);
    expect(await status(`?resource=ENVIRONMENT:${other}`)).toBe(403);
    const byHeader = '?resourceHeader=X-Environment-Id&level=ENVIRONMENT';
    expect(await status(byHeader, { 'x-environment-id': own })).toBe(204);
    expect(await status(byHeader, { 'x-environment-id': other })).toBe(403);
    expect(await status(byHeader, { 'x-environment-id': `${own}, ${other}` })).toBe(403);
    expect(await status(byHeader)).toBe(403);
  });

  test.each([
    '?templates=/health',
    '?template=health',
    '?template=/{environmentId}&resource=ENVIRONMENT:01890000-0000-7000-8000-000000000000',
    '?resource=ENVIRONMENT:x',
    '?resource=PROJECT:01890000-0000-7000-8000-000000000000',
    '?resourceHeader=x-environment-id',
    '?level=ENVIRONMENT',
    '?resourceHeader=x-environment-id&level=environment',
    '?cost=-1',
    '?cost=1&cost=2',
    '?cost=',
    TEMPLATE,
  ])('a proxy that asks %s, which is not understood, gets nobody through', async (query) => {
    expect((await ask(query, bearer(acme.keys.whole.secretKey))).status).toBe(403);
  });

  test('strangers learn nothing, not even whether a key is good', async () => {
    const { secretKey } = acme.keys.whole;
    const user = await program.user(PEOPLE.owner);
    const service = await program.service('syncer', 'resources:sync');
    const asProxy = (credential: Credential) => ({
      'x-scopegate-authorization': credential['authorization'] ?? '',
    });
    const strangers = [
      {},
      asProxy(user),
      asProxy(service),
      asProxy(bearer(secretKey)),
      asProxy(bearer(`${SECRET}x`)),
      asProxy(bearer('')),
      { 'x-scopegate-authorization': SECRET },
      { 'x-scopegate-authorization': `Bearer ${SECRET}, Bearer ${SECRET}` },
    ];
    for (const stranger of strangers) {
      const statuses = [bearer(secretKey), bearer('sg_nonsense'), {}].map(
        async (headers) => (await ask('', headers, stranger)).status,
      );
      expect(await Promise.all(statuses)).toEqual([403, 403, 403]);
    }
  });

  test('a proxy may send the token of a service instead, which can be bound to organizations', async () => {
    const { authorization = '' } = await program.service('edge', 'api-keys:verify');
    const proxy = { 'x-scopegate-authorization': authorization };
    expect((await ask('', bearer(acme.keys.whole.secretKey), proxy)).status).toBe(204);
    expect((await ask('', bearer(globex.keys.whole.secretKey), proxy)).status).toBe(204);
  });

  test('a proxy that keeps a body to itself, and tells its length, is answered, and gets a new connection', async () => {
    const { secretKey } = acme.keys.whole;
    const lines = Object.entries({ ...PROXY, ...bearer(secretKey) }).map(
      ([name, value]) => `${name}: ${value}`,
    );
    const head = ['GET /v1/forward-auth HTTP/1.1', 'host: scopegate', ...lines, 'content-length: 5'];
    const answer = await rawRequest(program.url, `${head.join('\r\n')}\r\n\r\n`);
    expect(answer.status).toBe(204);
    expect(answer.head).toMatch(/^connection: close$/im);
  });

  describe('for Envoy', () => {
    const asEnvoy = async (method: string, uri: string, headers: Credential): Promise<number> => {
      const lines = Object.entries({ ...PROXY, ...headers }).map(([name, value]) => `${name}: ${value}`);
      const head = [
        `${method} /v1/forward-auth/uri${uri} HTTP/1.1`,
        'host: scopegate',
        ...lines,
        'connection: close',
      ];
      const { status, text } = await rawRequest(program.url, `${head.join('\r\n')}\r\n\r\n`);
      expect(text).toBe('');
      return status;
    };
    const template = { 'x-scopegate-template': '/health /environments/{environmentId}/**' };

    test.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'PROPFIND', 'PURGE'])(
      'a %s is answered by its URI, as 200',
      async (method) => {
        const headers = {
          ...bearer(acme.keys.environment.secretKey),
          ...template,
          'content-type': 'application/json',
          'content-length': '0',
        };
        const own = `/environments/${acme.checkoutProduction.id}/deploys?resource=none&template=/**`;
        expect(await asEnvoy(method, own, headers)).toBe(200);
        expect(await asEnvoy(method, `/environments/${acme.checkoutStaging.id}`, headers)).toBe(403);
      },
    );

    test('nothing that the client writes is an instruction', async () => {
      const headers = { ...bearer(acme.keys.environment.secretKey), ...template };
      const forged = {
        ...headers,
        'x-forwarded-uri': `/environments/${acme.checkoutProduction.id}`,
        'x-original-uri': '/health',
      };
      const foreign = `/environments/${acme.checkoutStaging.id}`;
      for (const query of ['', '?template=/**', `?resource=ENVIRONMENT:${acme.checkoutProduction.id}`]) {
        expect(await asEnvoy('GET', foreign + query, forged)).toBe(403);
      }
      expect(await asEnvoy('GET', '/health', { ...headers, 'x-scopegate-template': '/health, /**' })).toBe(
        403,
      );
    });

    test('URIs that could be read in another way are refused', async () => {
      const headers = { ...bearer(acme.keys.whole.secretKey), ...template };
      const [one, other] = [acme.checkoutProduction.id, acme.checkoutStaging.id];
      const uris = [
        `/environments/${one}/../${other}`,
        `/environments/${one}/%2e%2e/${other}`,
        `/environments/${one}%2f..%2f${other}`,
        `//environments/${one}`,
        `/environments/${one}/%ff`,
        `/environments/${one}/%`,
        '/../../verify',
      ];
      for (const uri of uris) expect([uri, await asEnvoy('GET', uri, headers)]).toEqual([uri, 403]);
    });

    test('a body that is sent along is not looked at', async () => {
      const response = await fetch(`${program.url}/v1/forward-auth/uri/health`, {
        method: 'POST',
        headers: {
          ...PROXY,
          ...template,
          ...bearer(acme.keys.whole.secretKey),
          'content-type': 'application/json',
        },
        body: '{ this is no JSON',
      });
      expect(response.status).toBe(200);
    });
  });
});
