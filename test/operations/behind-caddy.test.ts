import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ExampleProxy, PROXY_TIMEOUT_MS } from '../support/example-proxy';
import { testRequestsBehindProxy } from '../support/requests-behind-proxy';
import { TestProgram } from '../support/test-program';
import { twoCustomers, type TwoCustomers } from '../support/two-customers';

const SECRET = 'what-the-caddy-of-the-tests-sends';

describe('behind Caddy', () => {
  let program: TestProgram;
  let customers: TwoCustomers;
  let proxy: ExampleProxy;

  beforeAll(async () => {
    program = await TestProgram.start({ FORWARD_AUTH_SECRET: SECRET });
    customers = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys));
    proxy = await ExampleProxy.caddy({ scopegate: program.url, secret: SECRET });
  }, PROXY_TIMEOUT_MS);

  afterAll(async () => {
    await proxy.stop();
    await program.stop();
  });

  testRequestsBehindProxy(() => ({ proxy, customers }));

  test('nobody gets through when the proxy has another secret', async () => {
    const stranger = await ExampleProxy.caddy({ scopegate: program.url, secret: `${SECRET}x` });
    const { acme } = customers;
    const headers = { 'x-api-key': acme.keys.whole.secretKey };
    const path = `/environments/${acme.checkoutProduction.id}`;
    expect((await fetch(proxy.url + path, { headers })).status).toBe(200);
    expect((await fetch(stranger.url + path, { headers })).status).toBe(403);
    await stranger.stop();
  });
});
