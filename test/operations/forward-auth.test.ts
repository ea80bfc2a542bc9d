import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createdKey } from '../support/key-mutations';
import { boundService } from '../support/verifying';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE, twoCustomers, type TwoCustomers } from '../support/two-customers';
import { rawRequest } from '../support/raw-request';

const TOKEN_SECRET = 'a secret of the token issuer of the tests';
const SECRET = 'what-the-proxies-of-the-tests-send';
const PROXY = { 'x-scopegate-authorization': `Bearer ${SECRET}` };
const TEMPLATE = '?template=/environments/{environmentId}/**';

describe('forward-auth', () => {
  let program: TestProgram;
  let acme: TwoCustomers['acme'];
  let globex: TwoCustomers['globex'];

  beforeAll(async () => {
    program = await TestProgram.start({ FORWARD_AUTH_SECRET: SECRET, AUTH_JWT_SECRET: TOKEN_SECRET });
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
    const bound = await boundService(TOKEN_SECRET, [acme.organization.id]);
    const boundProxy = { 'x-scopegate-authorization': bound['authorization'] ?? '' };
    expect((await ask('', bearer(acme.keys.whole.secretKey), boundProxy)).status).toBe(204);
    expect((await ask('', bearer(globex.keys.whole.secretKey), boundProxy)).status).toBe(401);
  });

  test('a key that has used up its limit is told when to come back, and the cost is the configuration’s to say', async () => {
    const scope = { environmentIds: [acme.checkoutProduction.id] };
    const rateLimits = [{ limit: 5, windowSeconds: 600 }];
    const limited = { name: 'Limited', scope, rateLimits };
    const { secretKey } = await createdKey(program, await program.user(PEOPLE.owner), limited);
    const [first, looked, refused] = [
      await ask('?cost=3', bearer(secretKey)),
      await ask('?cost=0', bearer(secretKey)),
      await ask('?cost=3', bearer(secretKey)),
    ];
    expect([first.status, looked.status, refused.status]).toEqual([204, 204, 429]);
    expect(first.headers.get('ratelimit')).toMatch(/^"per-600-seconds";r=2;t=\d+$/);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(500);
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
});
