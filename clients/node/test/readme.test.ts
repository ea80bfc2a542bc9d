import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TestProgram } from '../../../test/support/test-program';
import { twoCustomers, type TwoCustomers } from '../../../test/support/two-customers';
import { InstalledClient, type Environment } from './support/installed-client';

describe('the snippets of the page, compiled against the package as it is installed', () => {
  let program: TestProgram;
  let customers: TwoCustomers;
  let client: InstalledClient;
  let environment: Environment;

  beforeAll(async () => {
    client = await InstalledClient.create();
    program = await TestProgram.start();
    customers = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys));
    const { authorization = '' } = await program.service('storefront', 'api-keys:verify');
    environment = { SCOPEGATE_URL: program.url, SCOPEGATE_TOKEN: authorization.replace('Bearer ', '') };
  }, 120_000);

  afterAll(async () => {
    await program.stop();
    await client.remove();
  });

  test('check a key', async () => {
    const { keys, checkoutProduction, orderingProduction } = customers.acme;
    const check = async (environmentId: string) =>
      client.run('console.log(`It may not', [keys.widget.secretKey, environmentId], environment);
    expect(await check(checkoutProduction.id)).toBe('Checkout widget may, by its grant of the WIDGET\n');
    expect(await check(orderingProduction.id)).toBe('It may not: OUT_OF_SCOPE\n');
  });

  test.each(['@scopegate/node/express', '@scopegate/node/fastify'])('guard routes by %s', async (guard) => {
    const child = client.start(guard, [], environment);
    const ended = once(child, 'exit');
    try {
      const [{ port }] = (await once(child, 'message')) as [{ readonly port: number }];
      const { keys, checkoutProduction } = customers.acme;
      const orders = async (secretKey: string) =>
        fetch(`http://127.0.0.1:${port}/environments/${checkoutProduction.id}/orders`, {
          headers: { 'x-api-key': secretKey },
        });
      const answer = await orders(keys.environment.secretKey);
      expect(await answer.json()).toEqual({ calledBy: 'Checkout production only', orders: [] });
      expect((await orders(keys.wholesale.secretKey)).status).toBe(403);
    } finally {
      child.kill();
      await ended;
    }
  });

  test('tell why there is no answer', async () => {
    const { secretKey } = customers.acme.keys.whole;
    const run = async (more: Environment) =>
      client.run('instanceof ScopegateUnavailable', [secretKey], { ...environment, ...more });
    expect(await run({})).toBe('VALID\n');
    expect(await run({ SCOPEGATE_TOKEN: 'no.good.token' })).toMatch(/^Mend the token of this service: /);
    const nobody = await run({ SCOPEGATE_URL: 'http://127.0.0.1:1' });
    expect(nobody).toBe('Try again later: CONNECTION null\n');
  });

  test('have tokens brought', async () => {
    const issuer = createServer((_request, response) => {
      response.end(JSON.stringify({ access_token: environment['SCOPEGATE_TOKEN'] }));
    });
    issuer.listen(0, '127.0.0.1');
    await once(issuer, 'listening');
    const TOKEN_URL = `http://127.0.0.1:${(issuer.address() as AddressInfo).port}/token`;
    const { secretKey } = customers.acme.keys.whole;
    const SCOPEGATE_URL = program.url;
    expect(await client.run('client_credentials', [secretKey], { SCOPEGATE_URL, TOKEN_URL })).toBe('VALID\n');
    issuer.closeAllConnections();
    issuer.close();
  });

  test('check many keys', async () => {
    const { whole, revoked, none } = customers.acme.keys;
    const secretKeys = [whole, revoked, none].map(({ secretKey }) => secretKey);
    const output = await client.run('verifyMany', secretKeys, environment);
    expect(output).toBe('VALID REVOKED NO_SCOPE\n');
  });

  test('are all tried here', () => {
    expect(client.snippets).toHaveLength(6);
  });
});
