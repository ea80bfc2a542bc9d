import { afterEach, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { eventually } from '../../../test/support/eventually';
import { createVerifier, type Verifier, type VerifierOptions } from '../src';
import { allOf, caught } from './support/caught';
import { countConnections, duringConnections } from './support/count-connections';
import { ScriptedServer, VALID, type Step } from './support/scripted-server';

const SECRET_KEY = 'sg_0123456789AB_this-must-not-be-told-by-anything';
const TOKEN = 'the.token.of-this-service';
const BUSY = { status: 503, body: { status: 503, code: 'SERVICE_UNAVAILABLE' } };
/** How a server that is stopping answers what comes over a connection that it had. */
const STOPPING = {
  status: 503,
  body: { error: 'Service Unavailable', message: 'Service Unavailable', statusCode: 503 },
};
const RESOURCE = { level: 'WIDGET', id: '01890000-0000-7000-8000-000000000000' } as const;
/** What lets a key in. */
const REACHING = { ...VALID, grantedBy: { level: 'WIDGET', resourceId: RESOURCE.id, path: [RESOURCE] } };

describe('when no answer can be had', () => {
  const toStop: (() => unknown)[] = [];

  afterEach(async () => {
    for (const stop of toStop.splice(0)) await stop();
  });

  const verifierAt = (url: string, options: Partial<VerifierOptions> = {}): Verifier => {
    const verifier = createVerifier({ url, token: TOKEN, timeoutMs: 10_000, ...options });
    toStop.push(() => verifier.close());
    return verifier;
  };
  const serverThat = async (...steps: Step[]): Promise<ScriptedServer> => {
    const server = await ScriptedServer.start(...steps);
    toStop.push(() => server.stop());
    return server;
  };
  /** A port on which nothing listens: it was given to us a moment ago. */
  const freePort = async (): Promise<number> => {
    const { port, server } = await listenOn(0);
    await stopped(server);
    return port;
  };
  const fails = async (promise: Promise<unknown>, expected: object) => {
    const error = await caught(promise);
    expect(error).toMatchObject(expected);
    const told = allOf(error);
    expect(told).not.toContain('this-must-not-be-told');
    expect(told).not.toContain(TOKEN);
  };

  test('a server that hangs is waited for until the time is over, and is not asked again', async () => {
    const { server, port, sockets } = await listenOn(0);
    toStop.push(() => stopped(server));
    const verifier = verifierAt(`http://127.0.0.1:${port}`, { timeoutMs: 200 });
    const start = performance.now();
    await fails(verifier.verify({ secretKey: SECRET_KEY }), {
      name: 'ScopegateUnavailable',
      reason: 'TIMEOUT',
    });
    expect(performance.now() - start).toBeGreaterThan(190);
    expect(performance.now() - start).toBeLessThan(5000);
    expect(sockets).toHaveLength(1);
    await fails(verifier.verifyMany([{ secretKey: SECRET_KEY }]), { reason: 'TIMEOUT' });
    expect(sockets).toHaveLength(2);
  });

  test('a server that does not finish its answer is not waited for longer, either', async () => {
    const { server, port, sockets } = await listenOn(0);
    toStop.push(() => stopped(server));
    server.on('connection', (socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{"valid":true,"code":"VALID"');
    });
    const verifier = verifierAt(`http://127.0.0.1:${port}`, { timeoutMs: 200 });
    await fails(verifier.verify({ secretKey: SECRET_KEY, cost: 0 }), { reason: 'TIMEOUT' });
    expect(sockets).toHaveLength(1);
  });

  test('a connection that is refused is tried again, and answered once somebody listens', async () => {
    const port = await freePort();
    const verifier = verifierAt(`http://127.0.0.1:${port}`, { retries: 8 });
    let attempts = 0;
    const answer = await duringConnections(
      (socket) => {
        attempts += 1;
        if (attempts > 1) return;
        socket.once('close', () => {
          const server = createServer((client) => client.once('data', () => client.end(answerOf(VALID))));
          server.listen(port, '127.0.0.1');
          toStop.push(() => stopped(server));
        });
      },
      () => verifier.verify({ secretKey: SECRET_KEY }),
    );
    expect(answer).toEqual(VALID);
    expect(attempts).toBeGreaterThan(1);
  });

  test('a connection that stays refused is given up', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const refused = { name: 'ScopegateUnavailable', reason: 'CONNECTION', message: /ECONNREFUSED/ };
    const attempts = async (retries: number) =>
      countConnections(async () => {
        const error = await caught(verifierAt(url, { retries }).verify({ secretKey: SECRET_KEY }));
        expect(error).toMatchObject({ ...refused, message: expect.stringMatching(refused.message) });
      });
    expect(await attempts(0)).toBe(1);
    expect(await attempts(2)).toBe(3);
    const many = verifierAt(url).verifyMany([{ secretKey: SECRET_KEY }]);
    await fails(many, { name: 'ScopegateUnavailable', reason: 'CONNECTION' });
  });

  test('a server that cannot answer now is asked again, unless some of many may have been counted', async () => {
    const server = await serverThat(BUSY, STOPPING, { status: 200, body: VALID });
    const verifier = verifierAt(server.url);
    expect(await verifier.verify({ secretKey: SECRET_KEY })).toEqual(VALID);
    expect(server.received).toHaveLength(3);

    const busy = await serverThat(BUSY, STOPPING, { status: 200, body: [VALID] });
    const question = { secretKey: SECRET_KEY };
    const verifierOfMany = verifierAt(busy.url);
    await fails(verifierOfMany.verifyMany([question]), { reason: 'STATUS', status: 503 });
    expect(busy.received).toHaveLength(1);
    expect(await verifierOfMany.verifyMany([{ ...question, cost: 0 }])).toEqual([VALID]);
    expect(busy.received).toHaveLength(3);
  });

  test('a proxy that says the same may have passed the question on before, so that only a free one is asked again', async () => {
    const page = { status: 503, body: 'upstream connect error or disconnect/reset before headers' };
    const server = await serverThat(page, page, { status: 503, body: null }, { status: 200, body: VALID });
    const verifier = verifierAt(server.url);
    await fails(verifier.verify({ secretKey: SECRET_KEY }), { reason: 'STATUS', status: 503 });
    expect(server.received).toHaveLength(1);
    expect(await verifier.verify({ secretKey: SECRET_KEY, cost: 0 })).toEqual(VALID);
    expect(server.received).toHaveLength(4);
  });

  test('a server that cannot answer for long is given up', async () => {
    const server = await serverThat(BUSY, BUSY, BUSY);
    const unavailable = { name: 'ScopegateUnavailable', reason: 'STATUS', status: 503 };
    await fails(verifierAt(server.url).verify({ secretKey: SECRET_KEY }), unavailable);
    expect(server.received).toHaveLength(3);
  });

  test('after a connection that broke, only a question that uses up nothing is asked again', async () => {
    const server = await serverThat('BREAK', 'BREAK', { status: 200, body: VALID });
    const verifier = verifierAt(server.url);
    await fails(verifier.verify({ secretKey: SECRET_KEY }), { reason: 'CONNECTION' });
    expect(server.received).toHaveLength(1);
    expect(await verifier.verify({ secretKey: SECRET_KEY, cost: 0 })).toEqual(VALID);
    expect(server.received).toHaveLength(3);
  });

  test.each([
    ['a page', '<html>Welcome</html>'],
    ['nothing', ''],
    ['null', null],
    ['something else', { status: 'ok' }],
    ['a contradiction', { ...REACHING, code: 'REVOKED' }],
    ['another contradiction', { ...REACHING, valid: false }],
    ['a truth of the wrong kind', { ...REACHING, valid: 'true' }],
    ['no key', { ...REACHING, apiKey: null }],
    ['no grant that reaches the resource', VALID],
    ['many answers', [REACHING]],
  ])('what is no answer lets nobody in: %s', async (_, body) => {
    const server = await serverThat({ status: 200, body });
    const question = { secretKey: SECRET_KEY, resource: RESOURCE };
    await fails(verifierAt(server.url).verify(question), { name: 'ScopegateUnavailable', reason: 'ANSWER' });
    expect(server.received).toHaveLength(1);
  });

  test('what lets a key in is taken', async () => {
    const server = await serverThat({ status: 200, body: REACHING });
    const question = { secretKey: SECRET_KEY, resource: RESOURCE };
    expect(await verifierAt(server.url).verify(question)).toEqual(REACHING);
  });

  test.each([
    ['too few', [VALID]],
    ['too many', [VALID, VALID, VALID]],
    ['one alone', VALID],
  ])('answers that do not fit the questions are no answers: %s', async (_, body) => {
    const server = await serverThat({ status: 200, body });
    const questions = [{ secretKey: SECRET_KEY }, { secretKey: SECRET_KEY }];
    await fails(verifierAt(server.url).verifyMany(questions), { reason: 'ANSWER' });
  });

  test.each([301, 307, 404, 429, 500, 502, 504])(
    'a status of %d is no answer, and is not followed',
    async (status) => {
      const server = await serverThat({ status, body: VALID });
      await fails(verifierAt(server.url).verify({ secretKey: SECRET_KEY }), { reason: 'STATUS', status });
      expect(server.received).toHaveLength(1);
    },
  );

  test('a question that the server finds wrong is not asked again, and what it says is not repeated', async () => {
    const server = await serverThat({ status: 400, body: { detail: SECRET_KEY } });
    await fails(verifierAt(server.url).verify({ secretKey: SECRET_KEY }), { name: 'ScopegateBadRequest' });
    expect(server.received).toHaveLength(1);
  });

  test('a token is brought again once after it was refused, not again and again', async () => {
    const server = await serverThat({ status: 401 }, { status: 401 }, { status: 401 });
    let brought = 0;
    const verifier = verifierAt(server.url, { token: () => `${TOKEN}${++brought}` });
    const refused = { name: 'ScopegateRefused', status: 401 };
    await fails(verifier.verify({ secretKey: SECRET_KEY }), refused);
    expect(server.received.map(({ token }) => token)).toEqual([`Bearer ${TOKEN}1`, `Bearer ${TOKEN}2`]);
    expect(brought).toBe(2);
    await fails(verifierAt(server.url).verify({ secretKey: SECRET_KEY }), refused);
    expect(server.received).toHaveLength(3);
  });

  test.each([
    [
      'throws',
      () => {
        throw new Error(TOKEN);
      },
    ],
    ['rejects', async () => Promise.reject(new Error(TOKEN))],
    ['brings what can be no token', () => `${TOKEN}\r\nx-evil: 1`],
    ['brings nothing', () => undefined as unknown as string],
  ])(
    'a function for tokens that %s fails the question, and is called again for the next',
    async (_, failing) => {
      const server = await serverThat({ status: 200, body: VALID });
      let calls = 0;
      const verifier = verifierAt(server.url, { token: () => (++calls === 1 ? failing() : TOKEN) });
      const unavailable = { name: 'ScopegateUnavailable', reason: 'TOKEN' };
      await fails(verifier.verify({ secretKey: SECRET_KEY }), unavailable);
      expect(server.received).toHaveLength(0);
      expect(await verifier.verify({ secretKey: SECRET_KEY })).toEqual(VALID);
    },
  );

  test('a function for tokens that hangs takes no longer than the time, and is called again for the next', async () => {
    const server = await serverThat({ status: 200, body: VALID });
    let calls = 0;
    const token = () => (++calls === 1 ? new Promise<string>(() => undefined) : TOKEN);
    const verifier = verifierAt(server.url, { token, timeoutMs: 1000 });
    await fails(verifier.verify({ secretKey: SECRET_KEY }), { reason: 'TIMEOUT' });
    expect(await verifier.verify({ secretKey: SECRET_KEY })).toEqual(VALID);
  });

  test('a verifier that is printed shows neither its token nor the keys that it asks about', async () => {
    const server = await serverThat();
    const verifier = verifierAt(server.url);
    const open = caught(verifier.verify({ secretKey: SECRET_KEY }));
    await eventually(async () => expect(server.received).toHaveLength(1));
    const told = allOf(verifier);
    expect(told).not.toContain(TOKEN);
    expect(told).not.toContain('this-must-not-be-told');
    verifier.close();
    expect(await open).toMatchObject({ reason: 'CONNECTION' });
  });

  test.each<[string, Partial<VerifierOptions>]>([
    ['url', { url: 'not an address' }],
    ['url', { url: 'ftp://keys.example.com' }],
    ['url', { url: `https://user:${TOKEN}@keys.example.com` }],
    ['token', { token: `${TOKEN}\n` }],
    ['token', { token: '' }],
    ['token', { token: undefined as unknown as string }],
    ['timeoutMs', { timeoutMs: 0 }],
    ['timeoutMs', { timeoutMs: Number.NaN }],
    ['retries', { retries: -1 }],
    ['connections', { connections: 0 }],
    ['prefix', { prefix: 'sg_' }],
  ])('an option that cannot work names itself: %s', async (name, wrong) => {
    const create = async () => createVerifier({ url: 'http://localhost', token: TOKEN, ...wrong });
    await fails(create(), { message: expect.stringContaining(`${name}: expected`) });
  });
});

interface Listening {
  readonly server: Server;
  readonly port: number;
  /** The connections that it took. */
  readonly sockets: readonly unknown[];
}

/** A server that takes connections, and what is sent over them, and says nothing. */
async function listenOn(port: number): Promise<Listening> {
  const sockets: unknown[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined).resume();
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return { server, sockets, port: (server.address() as AddressInfo).port };
}

async function stopped(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  await closed;
}

function answerOf(body: unknown): string {
  const text = JSON.stringify(body);
  return `HTTP/1.1 200 OK\r\ncontent-length: ${Buffer.byteLength(text)}\r\nconnection: close\r\n\r\n${text}`;
}
