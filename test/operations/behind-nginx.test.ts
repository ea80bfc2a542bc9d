import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ExampleProxy, PROXY_TIMEOUT_MS, type Seen } from '../support/example-proxy';
import { rawRequest } from '../support/raw-request';
import { testRequestsBehindProxy } from '../support/requests-behind-proxy';
import { TestProgram } from '../support/test-program';
import { twoCustomers, type TwoCustomers } from '../support/two-customers';

const SECRET = 'what-the-nginx-of-the-tests-sends';

describe('behind nginx', () => {
  let program: TestProgram;
  let customers: TwoCustomers;
  let proxy: ExampleProxy;

  beforeAll(async () => {
    program = await TestProgram.start({ FORWARD_AUTH_SECRET: SECRET });
    customers = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys));
    proxy = await ExampleProxy.nginx({ scopegate: program.url, secret: SECRET });
  }, PROXY_TIMEOUT_MS);

  afterAll(async () => {
    await proxy.stop();
    await program.stop();
  });

  testRequestsBehindProxy(() => ({ proxy, customers }));

  test('headers with underscores, which some services take for the same, do not reach the service', async () => {
    const { acme } = customers;
    const request = [
      `GET /environments/${acme.checkoutProduction.id} HTTP/1.1`,
      'host: x',
      'connection: close',
      `x-api-key: ${acme.keys.widget.secretKey}`,
      'x_scopegate_key_id: forged',
    ];
    const { status, text } = await rawRequest(proxy.url, `${request.join('\r\n')}\r\n\r\n`);
    expect(status).toBe(200);
    expect(text).not.toContain('forged');
  });
});

describe('nginx', () => {
  let scopegate: StandIn;
  let proxy: ExampleProxy;

  beforeAll(async () => {
    scopegate = await StandIn.start();
    proxy = await ExampleProxy.nginx({ scopegate: scopegate.url, secret: SECRET });
  }, PROXY_TIMEOUT_MS);

  afterAll(async () => {
    await proxy.stop();
    await scopegate.stop();
  });

  test.each([
    [204, 200],
    [401, 401],
    [403, 403],
    [429, 429],
    [500, 503],
    [503, 503],
    [302, 503],
    [400, 503],
  ])('makes of a %s of Scopegate a %s', async (answered, expected) => {
    scopegate.status = answered;
    const response = await fetch(`${proxy.url}/anything`);
    expect(response.status).toBe(expected);
    expect(response.headers.get('retry-after')).toBe(answered === 429 ? '7' : null);
    expect(response.headers.get('ratelimit')).toBe([204, 429].includes(answered) ? LIMIT : null);
    if (answered === 204) expect(((await response.json()) as Seen).url).toBe('/anything');
  });

  test('lets nobody through when Scopegate is away', async () => {
    scopegate.status = 204;
    expect((await fetch(`${proxy.url}/anything`)).status).toBe(200);
    await scopegate.stop();
    expect((await fetch(`${proxy.url}/anything`)).status).toBe(503);
  });
});

const LIMIT = '"quota";r=0;t=7';

/** Answers in the place of Scopegate. */
class StandIn {
  status = 204;

  private constructor(private readonly server: Server) {
    server.on('request', (_request, response: ServerResponse) => {
      const limits = { ratelimit: LIMIT, ...(this.status === 429 && { 'retry-after': '7' }) };
      response.writeHead(this.status, [204, 429].includes(this.status) ? limits : {}).end();
    });
  }

  static async start(): Promise<StandIn> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new StandIn(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
