import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { TestProgram } from '../../../test/support/test-program';
import { twoCustomers, type TwoCustomers } from '../../../test/support/two-customers';
import { createVerifier, type Verifier } from '../src';
import { countRequests } from './support/count-requests';
import {
  startExpressService,
  startFastifyService,
  type GuardedService,
  type StartService,
} from './support/guarded-services';
import { ScriptedServer, VALID } from './support/scripted-server';

type Headers = Readonly<Record<string, string>>;

interface Answer {
  readonly status: number;
  readonly headers: globalThis.Headers;
  readonly body: unknown;
}

const NOWHERE = '01890000-0000-7000-8000-000000000000';

const UNAUTHENTICATED = {
  type: 'about:blank',
  title: 'Not authenticated',
  status: 401,
  detail: 'Expected a valid API key: as "Authorization: Bearer <key>", or in X-API-Key, and not in both.',
  code: 'UNAUTHENTICATED',
};
const FORBIDDEN = {
  type: 'about:blank',
  title: 'Forbidden',
  status: 403,
  detail: 'This API key may not do that.',
  code: 'FORBIDDEN',
};

describe.each<[string, StartService]>([
  ['Express', startExpressService],
  ['Fastify', startFastifyService],
])('a service in %s', (_, start) => {
  let program: TestProgram;
  let customers: TwoCustomers;
  let verifier: Verifier;
  let service: GuardedService;

  beforeAll(async () => {
    program = await TestProgram.start();
    customers = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys));
    const credential = await program.service('storefront', 'api-keys:verify');
    const token = String(credential['authorization']).replace('Bearer ', '');
    verifier = createVerifier({ url: program.url, token, timeoutMs: 10_000 });
    service = await start(verifier);
  });

  afterAll(async () => {
    await service.stop();
    verifier.close();
    await program.stop();
  });

  const get = async (path: string, headers: Headers, { url } = service): Promise<Answer> => {
    const response = await fetch(`${url}${path}`, { headers });
    return { status: response.status, headers: response.headers, body: await response.json() };
  };
  const production = () => `/environments/${customers.acme.checkoutProduction.id}`;
  const bearer = (secretKey: string) => ({ authorization: `Bearer ${secretKey}` });

  test('lets in a key that may touch the resource, and knows whose it is and why', async () => {
    const { key, secretKey } = customers.acme.keys.widget;
    const expected = { status: 200, body: { keyId: key.id, grantedBy: customers.acme.checkout.id } };
    expect(await get(production(), bearer(secretKey))).toMatchObject(expected);
    expect(await get(production(), { authorization: `bearer   ${secretKey}` })).toMatchObject(expected);
    expect(await get(production(), { 'x-api-key': secretKey })).toMatchObject(expected);
  });

  test('lets in every key that is good for anything, where it names no resource', async () => {
    const { environment, none } = customers.acme.keys;
    expect(await get('/whoever', bearer(environment.secretKey))).toMatchObject({
      status: 200,
      body: { keyId: environment.key.id },
    });
    expect(await get('/whoever', bearer(none.secretKey))).toMatchObject({ status: 403, body: FORBIDDEN });
  });

  test('answers every key that is not good alike', async () => {
    const { revoked, disabled, expired, whole } = customers.acme.keys;
    const unknown = program.secretKeys.generate();
    const before = service.passed();
    const credentials = [
      {},
      ...[revoked, disabled, expired, unknown].map(({ secretKey }) => bearer(secretKey)),
      bearer(whole.secretKey.slice(0, -1)),
      bearer('one two'),
      { authorization: `Basic ${whole.secretKey}` },
      { authorization: whole.secretKey },
      { 'x-api-key': '' },
      { 'x-api-key': `${whole.secretKey}, ${whole.secretKey}` },
    ];
    for (const headers of credentials) {
      const answer = await get(production(), headers);
      expect(answer).toMatchObject({ status: 401, body: UNAUTHENTICATED });
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
      expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(answer.headers.get('cache-control')).toBe('no-store');
    }
    expect(service.passed()).toBe(before);
  });

  test('takes no two credentials, even if each is good, and asks nobody', async () => {
    const { secretKey } = customers.acme.keys.whole;
    const headers = { ...bearer(secretKey), 'x-api-key': secretKey };
    // Those of `fetch` are not counted.
    const requests = await countRequests(async () => {
      expect(await get(production(), headers)).toMatchObject({ status: 401, body: UNAUTHENTICATED });
    });
    expect(requests).toBe(0);
  });

  test('answers alike for what a key may not touch, what is of another tenant, what is not there, and what can be nowhere', async () => {
    const { acme, globex } = customers;
    const { secretKey } = acme.keys.environment;
    const before = service.passed();
    const ids = [
      acme.checkoutStaging.id,
      globex.gridProduction.id,
      NOWHERE,
      acme.checkout.id,
      'one',
      '%27--',
    ];
    for (const id of ids) {
      const answer = await get(`/environments/${id}`, bearer(secretKey));
      expect(answer).toMatchObject({ status: 403, body: FORBIDDEN });
    }
    expect(await get('/environments/one', bearer(acme.keys.revoked.secretKey))).toMatchObject({
      status: 401,
    });
    expect(service.passed()).toBe(before);
  });

  test('believes nothing that a client says of itself', async () => {
    const { key, secretKey } = customers.acme.keys.environment;
    const forged = { apikey: customers.acme.keys.whole.key.id, 'x-scopegate-key-id': NOWHERE };
    const path = `${production()}?apiKey=${NOWHERE}&verification[valid]=true`;
    expect(await get(path, { ...bearer(secretKey), ...forged })).toMatchObject({ body: { keyId: key.id } });
    expect(await get(path, forged)).toMatchObject({ status: 401 });
  });

  test('fails by its own error handling when its own rule fails, and lets nobody in', async () => {
    const before = service.passed();
    const response = await fetch(`${service.url}/broken`, {
      headers: bearer(customers.acme.keys.whole.secretKey),
    });
    expect(response.status).toBe(500);
    expect(service.passed()).toBe(before);
  });

  /** The same service in front of a server that answers what is given. */
  const whileAnswered = async (
    steps: Parameters<typeof ScriptedServer.start>,
    work: (scripted: GuardedService) => Promise<void>,
  ) => {
    const server = await ScriptedServer.start(...steps);
    const asking = createVerifier({ url: server.url, token: 'a.token.somehow', timeoutMs: 300 });
    const scripted = await start(asking);
    try {
      await work(scripted);
    } finally {
      await scripted.stop();
      asking.close();
      await server.stop();
    }
  };

  test('tells a key that is used too much when to come again', async () => {
    const limited = { ...VALID, valid: false, code: 'RATE_LIMITED', retryAfterSeconds: 42 };
    const never = { ...limited, code: 'USAGE_EXCEEDED', retryAfterSeconds: null };
    const steps = [limited, never].map((body) => ({ status: 200, body }));
    await whileAnswered(steps, async (scripted) => {
      const answer = await get(production(), bearer('a-key'), scripted);
      expect(answer).toMatchObject({ status: 429, body: { status: 429, code: 'RATE_LIMITED' } });
      expect(answer.headers.get('retry-after')).toBe('42');
      const last = await get(production(), bearer('a-key'), scripted);
      expect(last.status).toBe(429);
      expect(last.headers.get('retry-after')).toBeNull();
      expect(scripted.passed()).toBe(0);
    });
  });

  test('lets nobody in while nobody can say, and does not tell callers why', async () => {
    const steps = [{ status: 401 }, { status: 403 }, { status: 200, body: '<html>' }, 'HANG' as const];
    await whileAnswered(steps, async (scripted) => {
      const reasons = ['Refused', 'Refused', 'Unavailable', 'Unavailable'];
      for (const reason of reasons) {
        const answer = await get(production(), bearer('a-key'), scripted);
        expect(answer).toMatchObject({
          status: 503,
          body: {
            type: 'about:blank',
            title: 'Service unavailable',
            status: 503,
            detail: 'The API key cannot be checked right now. Try again in a few seconds.',
            code: 'SERVICE_UNAVAILABLE',
          },
        });
        expect(answer.headers.get('retry-after')).toBe('1');
        expect(scripted.errors.at(-1)?.name).toBe(`Scopegate${reason}`);
      }
      expect(scripted.errors).toHaveLength(reasons.length);
      expect(scripted.passed()).toBe(0);
    });
  });
});
