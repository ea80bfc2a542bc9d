import { expect, test } from '@jest/globals';
import type { ExampleProxy, Seen } from './example-proxy';
import { rawRequest } from './raw-request';
import type { Credential } from './test-program';
import type { TwoCustomers } from './two-customers';

export interface BehindProxy {
  readonly proxy: ExampleProxy;
  readonly customers: TwoCustomers;
}

const FORGED = {
  'x-scopegate-key-id': 'forged',
  'x-scopegate-key-name': 'forged',
  'x-scopegate-organization-id': 'forged',
  'x-scopegate-resource': 'forged',
  'x-scopegate-grant': 'forged',
  'x-scopegate-authorization': 'Bearer forged',
};

/** What holds behind every proxy that is set up as its example shows. */
export function testRequestsBehindProxy(behind: () => BehindProxy): void {
  const send = (path: string, headers: Credential = {}, init: RequestInit = {}): Promise<Response> =>
    fetch(behind().proxy.url + path, { ...init, headers });
  const bearer = (secretKey: string): Credential => ({ authorization: `Bearer ${secretKey}` });
  const seen = async (response: Response): Promise<Seen> => {
    expect(response.status).toBe(200);
    return (await response.json()) as Seen;
  };
  const identityOfWidgetKey = () => {
    const { acme } = behind().customers;
    return {
      'x-scopegate-key-id': acme.keys.widget.key.id,
      'x-scopegate-key-name': 'Checkout%20widget',
      'x-scopegate-organization-id': acme.organization.id,
      'x-scopegate-resource': `ENVIRONMENT:${acme.checkoutProduction.id}`,
      'x-scopegate-grant': `WIDGET:${acme.checkout.id}`,
    };
  };

  test('the service gets the request of a key that may, and who calls, but not the key', async () => {
    const { acme } = behind().customers;
    const path = `/environments/${acme.checkoutProduction.id}/deploys?force=%2F&template=/**`;
    const { secretKey } = acme.keys.widget;
    for (const headers of [bearer(secretKey), { 'x-api-key': secretKey }]) {
      const { url, headers: told } = await seen(await send(path, headers));
      expect([url, told]).toEqual([path, identityOfWidgetKey()]);
    }
  });

  test('what a client forges reaches neither Scopegate nor the service', async () => {
    const { acme } = behind().customers;
    const path = `/environments/${acme.checkoutProduction.id}`;
    const { headers } = await seen(await send(path, { ...bearer(acme.keys.widget.secretKey), ...FORGED }));
    expect(headers).toEqual(identityOfWidgetKey());
    const foreign = `/environments/${acme.orderingProduction.id}`;
    for (const header of ['x-forwarded-uri', 'x-original-uri', 'x-scopegate-template']) {
      const forged = { ...bearer(acme.keys.widget.secretKey), ...FORGED, [header]: path };
      expect((await send(foreign, forged)).status).toBe(403);
    }
  });

  test('without a key, with two, and with one that is over, nobody gets through', async () => {
    const { acme } = behind().customers;
    const path = `/environments/${acme.checkoutStaging.id}`;
    const { whole, revoked, disabled, expired } = acme.keys;
    const credentials = [
      {},
      { 'x-api-key': whole.secretKey, ...bearer(whole.secretKey) },
      bearer(revoked.secretKey),
      bearer(disabled.secretKey),
      bearer(expired.secretKey),
    ];
    for (const headers of credentials) {
      const response = await send(path, headers);
      expect([response.status, response.headers.get('www-authenticate')]).toEqual([
        401,
        expect.stringMatching(/^Bearer/),
      ]);
    }
  });

  test('what a key is not granted, and what no template names, stays closed', async () => {
    const { acme, globex } = behind().customers;
    const headers = bearer(acme.keys.whole.secretKey);
    expect((await send(`/environments/${acme.orderingProduction.id}`, headers)).status).toBe(200);
    for (const path of [`/environments/${globex.gridProduction.id}`, '/environments', '/', '/scopegate']) {
      expect([path, (await send(path, headers)).status]).not.toEqual([path, 200]);
    }
    expect(
      (await send(`/environments/${acme.searchProduction.id}`, bearer(acme.keys.widget.secretKey))).status,
    ).toBe(403);
  });

  test('paths that can be read in two ways get nobody through, to wherever they lead', async () => {
    const { acme } = behind().customers;
    const own = acme.checkoutProduction.id;
    const foreign = acme.orderingProduction.id;
    const paths = [
      `/environments/${own}/../${foreign}`,
      `/environments/${own}/%2e%2e/${foreign}`,
      `/environments/${own}/%2E./${foreign}`,
      `/environments/${own}%2f..%2f${foreign}`,
      `/environments/${own}/..%5c${foreign}`,
      `//environments/${own}`,
      `/environments//${own}`,
      `/environments/${own}//../${foreign}`,
      `/environments/${own}/..;/${foreign}`,
      `/environments/${own}%00`,
      `/environments/${own}/%zz`,
      `/environments/${own}#/../${foreign}`,
      `http://127.0.0.1/environments/${foreign}`,
    ];
    for (const path of paths) {
      const head = `GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n`;
      const key = `authorization: Bearer ${acme.keys.widget.secretKey}\r\n\r\n`;
      const { status } = await rawRequest(behind().proxy.url, head + key);
      if (![400, 403].includes(status)) throw new Error(`${path} was answered with ${status}`);
    }
  });

  test('bodies reach the service, whatever their size, and its connections are used again', async () => {
    const { acme } = behind().customers;
    const path = `/environments/${acme.checkoutProduction.id}`;
    const headers = { ...bearer(acme.keys.widget.secretKey), 'content-type': 'application/json' };
    const connections = new Set<number>();
    for (const size of [0, 1, 10, 100_000, 900_000, 3]) {
      const { method, bodyBytes, connection } = await seen(
        await send(path, headers, { method: 'POST', body: 'x'.repeat(size) }),
      );
      expect([method, bodyBytes]).toEqual(['POST', size]);
      connections.add(connection);
    }
    expect(connections.size).toBeLessThan(3);
  });

  test('a request that is refused with its body leaves the connection in order', async () => {
    const { acme } = behind().customers;
    const path = `/environments/${acme.orderingProduction.id}`;
    for (let count = 0; count < 3; count++) {
      const init = { method: 'POST', body: 'x'.repeat(50_000) };
      expect((await send(path, bearer(acme.keys.widget.secretKey), init)).status).toBe(403);
      expect((await send(path, bearer(acme.keys.whole.secretKey), init)).status).toBe(200);
    }
  });
}
