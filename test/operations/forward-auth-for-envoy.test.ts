import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { rawRequest } from '../support/raw-request';
import { TestProgram, type Credential } from '../support/test-program';
import { twoCustomers, type TwoCustomers } from '../support/two-customers';

const SECRET = 'what-the-envoys-of-the-tests-send';
const PROXY = { 'x-scopegate-authorization': `Bearer ${SECRET}` };

describe('forward-auth for Envoy', () => {
  let program: TestProgram;
  let acme: TwoCustomers['acme'];

  beforeAll(async () => {
    program = await TestProgram.start({ FORWARD_AUTH_SECRET: SECRET });
    ({ acme } = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys)));
  });

  afterAll(() => program.stop());

  const bearer = (secretKey: string): Credential => ({ authorization: `Bearer ${secretKey}` });

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
    expect(await asEnvoy('GET', '/health', { ...headers, 'x-scopegate-template': '/health, /**' })).toBe(403);
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
