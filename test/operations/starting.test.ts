import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually } from '../support/eventually';
import { StartedProgram, type Settings } from '../support/started-program';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { TestProgram } from '../support/test-program';

const STACK = /\n\s+at /;
const OUT_OF_TIME = 'ending requests that did not finish in time';
const KEYS = '{ apiKeys(first: 100) { nodes { id name } } }';

describe('starting and stopping', () => {
  let database: TestDatabase;
  let running: StartedProgram[];

  beforeEach(async () => {
    database = await createTestDatabase();
    running = [];
  });

  afterEach(async () => {
    await Promise.all(running.map((program) => program.stop()));
    await database.remove();
  });

  const start = async (settings: Settings = {}) => {
    const program = await StartedProgram.start({ ...database.environment, ...settings });
    running.push(program);
    return program;
  };

  const bearer = (token: string | undefined) => ({ authorization: `Bearer ${token}` });

  /** The token that is printed below an address. */
  const tokenOf = (address: string, told: string) => new RegExp(`${address}\\n\\s+(\\S+)`).exec(told)?.[1];

  test('a first start tells newcomers where it is, who they can be, and a request that works', async () => {
    const program = await start();
    await eventually(async () => expect(program.told).toContain('Try it:'));
    expect(program.told).toContain(`Scopegate is ready: ${program.url}/graphql`);
    for (const address of ['owner@acme.example', 'member@acme.example', 'outsider@globex.example']) {
      const viewer = await program.graphql(bearer(tokenOf(address, program.told)), '{ viewer { kind id } }');
      expect(viewer).toEqual({ data: { viewer: { kind: 'USER', id: address } } });
    }
    const secretKey = /shown only this once:\s+(\S+)/.exec(program.told)?.[1] ?? '';
    const viewer = await program.graphql({ 'x-api-key': secretKey }, '{ viewer { kind apiKey { name } } }');
    expect(viewer).toMatchObject({
      data: { viewer: { kind: 'API_KEY', apiKey: { name: expect.any(String) } } },
    });

    const curl = /curl -s (\S+)([^]*) -d '(.*)'/.exec(program.told);
    const headers = Array.from(curl?.[2]?.matchAll(/-H '([^:]+): ([^']+)'/g) ?? [], ([, name, value]) => [
      name,
      value,
    ]);
    const response = await fetch(curl?.[1] ?? '', {
      method: 'POST',
      headers: Object.fromEntries(headers) as Settings,
      body: curl?.[3] ?? '',
    });
    const named = { name: expect.any(String) };
    expect(await response.json()).toMatchObject({ data: { apiKeys: { nodes: [named, named, named] } } });
  });

  test('a second start keeps what is there, and makes no second demo', async () => {
    const first = await start();
    await eventually(async () => expect(first.told).toContain('Try it:'));
    const asOwner = bearer(tokenOf('owner@acme.example', first.told));
    const before = await first.graphql(asOwner, KEYS);
    expect(JSON.stringify(before)).toContain('Data warehouse export');
    await first.stop();

    const second = await start();
    await eventually(async () => expect(second.told).toContain('Try it:'));
    expect(second.told).not.toContain('shown only this once');
    expect(await second.graphql(asOwner, KEYS)).toEqual(before);
  });

  test('a database with something in it gets no demo', async () => {
    const before = await TestProgram.start(database.environment);
    await before.given((tenancy) => tenancy.organization('Ours', 'ours'));
    await before.stop();

    const program = await start();
    await eventually(async () => expect(program.told).toContain('Scopegate is ready'));
    expect(program.told).not.toContain('shown only this once');
    const asOwner = bearer(
      (await StartedProgram.token(database.environment, 'owner@acme.example')).output.trim(),
    );
    expect(await program.graphql(asOwner, KEYS)).toEqual({ data: { apiKeys: { nodes: [] } } });
  });

  test('production has no demo, and no tokens that anybody could read', async () => {
    const secret = 'a secret of production, which is long enough';
    const production = {
      NODE_ENV: 'production',
      AUTH_JWT_SECRET: secret,
      KEY_PEPPERS: `1:${Buffer.alloc(32, 7).toString('base64')}`,
    };
    const program = await start(production);
    const { exitCode, output } = await program.stop();
    expect(exitCode).toBe(0);
    expect(program.told.trim()).toBe('');
    expect(output).not.toMatch(/eyJ|@acme\.example|sg_/);

    const after = await TestProgram.start(database.environment);
    expect(await after.database.rows('SELECT id FROM resources')).toEqual([]);
    await after.stop();
  });

  test('production does not start without a way to tell callers, and says which settings it needs', async () => {
    const { exitCode, output } = await StartedProgram.run({
      ...database.environment,
      NODE_ENV: 'production',
    });
    expect(exitCode).toBe(1);
    for (const name of ['AUTH_JWKS_URL', 'AUTH_JWT_SECRET', 'KEY_PEPPERS']) expect(output).toContain(name);
    expect(output).not.toMatch(STACK);
  });

  test('every setting that is wrong is named, and no secret is repeated', async () => {
    const wrong = {
      PORT: 'abc',
      LOG_LEVEL: 'loud',
      DATABASE_URL: 'postgres://app:hunter2@localhost/app',
      AUTH_JWT_SECRET: 'hunter3',
      KEY_PEPPERS: '1:hunter4',
    };
    const { exitCode, output } = await StartedProgram.run({ ...database.environment, ...wrong });
    expect(exitCode).toBe(1);
    for (const name of Object.keys(wrong)) expect(output).toContain(`  ${name}: `);
    expect(output).not.toMatch(/hunter/);
    expect(output).not.toMatch(STACK);
  });

  test('a database that cannot be reached is said in a sentence, without its password', async () => {
    const free = await start();
    const place = `127.0.0.1:${new URL(free.url ?? '').port}`;
    await free.stop();
    const { exitCode, output } = await StartedProgram.run({
      ...database.environment,
      DATABASE_URL: `mysql://app:hunter2@${place}/keys`,
    });
    expect(exitCode).toBe(1);
    expect(output).toMatch(`Scopegate could not start: the database at ${place}/keys cannot be used: `);
    expect(output).toContain('Check DATABASE_URL.');
    expect(output).not.toMatch(/hunter2/);
    expect(output).not.toMatch(STACK);
  });

  test('a file that is no database is said in a sentence', async () => {
    const dataDir = database.environment['DATA_DIR'] ?? '';
    await writeFile(join(dataDir, 'scopegate.sqlite'), 'Dear diary, '.repeat(500));
    const { exitCode, output } = await StartedProgram.run({ DATA_DIR: dataDir });
    expect(exitCode).toBe(1);
    expect(output).toMatch(/not a database/);
    expect(output).not.toMatch(STACK);
  });

  test('a manifest of trusted documents that is not there, or is none, is said in a sentence', async () => {
    const dataDir = database.environment['DATA_DIR'] ?? '';
    const broken = join(dataDir, 'broken.json');
    await writeFile(broken, '{"id": 1}');
    for (const manifest of [join(dataDir, 'nowhere.json'), broken]) {
      const settings = { ...database.environment, TRUSTED_DOCUMENTS: manifest };
      const { exitCode, output } = await StartedProgram.run(settings);
      expect(exitCode).toBe(1);
      expect(output).toContain(`Scopegate could not start: TRUSTED_DOCUMENTS: ${manifest} cannot be used: `);
      expect(output).not.toMatch(STACK);
    }
  });

  test('a port that is in use is said in a sentence', async () => {
    const first = await start();
    const { port } = new URL(first.url ?? '');
    const { exitCode, output } = await StartedProgram.run({ ...database.environment, PORT: port });
    expect(exitCode).toBe(1);
    expect(output).toContain(`Scopegate could not start: port ${port} of 127.0.0.1 is in use`);
    expect(output).not.toMatch(STACK);
  });

  test('a program that is told to stop takes no more requests, and finishes the one that it has', async () => {
    const program = await start();
    await eventually(async () => expect(program.told).toContain('Try it:'));
    const body = JSON.stringify({ query: '{ viewer { id } }' });
    const slow = request(`${program.url}/graphql`, {
      method: 'POST',
      agent: new Agent({ keepAlive: true }),
      headers: {
        'content-type': 'application/json',
        'content-length': body.length,
        expect: '100-continue',
        ...bearer(tokenOf('owner@acme.example', program.told)),
      },
    });
    const answered = once(slow, 'response');
    slow.flushHeaders();
    await once(slow, 'continue');

    program.signal('SIGTERM');
    await eventually(async () => {
      const ready = await fetch(`${program.url}/health/ready`).then(
        ({ status }) => status,
        () => 'refused',
      );
      expect([503, 'refused']).toContain(ready);
    });
    slow.end(body);
    const [response] = (await answered) as [NodeJS.ReadableStream];
    expect(JSON.parse(await text(response))).toEqual({ data: { viewer: { id: 'owner@acme.example' } } });
    const { exitCode, output } = await program.end();
    expect(exitCode).toBe(0);
    expect(output).not.toContain(OUT_OF_TIME);
  });

  test('a program that is told to stop does not wait for a connection on which nothing was sent', async () => {
    const program = await start();
    const { hostname, port } = new URL(program.url ?? '');
    const unused = connect(Number(port), hostname);
    const closed = once(unused, 'close');
    await once(unused, 'connect');
    // The program takes connections in their order, so that it has taken the one before.
    await fetch(`${program.url}/health/live`);

    const { exitCode, output } = await program.stop();
    expect(exitCode).toBe(0);
    expect(output).not.toContain(OUT_OF_TIME);
    await closed;
  });

  test('a signal to `npm start` stops the program in good order', async () => {
    const program = await StartedProgram.startByNpm(database.environment);
    running.push(program);
    const { output } = await program.stop();
    expect(output).toContain('"msg":"stopped"');
    await expect(fetch(`${program.url}/health/live`)).rejects.toThrow();
  });

  describe('npm run token', () => {
    const token = (...args: string[]) => StartedProgram.token(database.environment, ...args);

    test('mints tokens of users and services that the program takes', async () => {
      const program = await start();
      const user = await token('ann@acme.example');
      const service = await token('billing', '--service', 'api-keys:verify', '--service', 'resources:sync');
      expect([user.exitCode, service.exitCode]).toEqual([0, 0]);
      const who = '{ viewer { kind id email permissions } }';
      expect(await program.graphql(bearer(user.output.trim()), who)).toEqual({
        data: {
          viewer: { kind: 'USER', id: 'ann@acme.example', email: 'ann@acme.example', permissions: [] },
        },
      });
      expect(await program.graphql(bearer(service.output.trim()), who)).toMatchObject({
        data: {
          viewer: { kind: 'SERVICE', id: 'billing', permissions: ['api-keys:verify', 'resources:sync'] },
        },
      });
    });

    test('refuses permissions that there are not, and words that it does not know', async () => {
      for (const args of [['billing', '--service', 'everything'], [], ['one', 'two'], ['ann', '--admin']]) {
        const { exitCode, output } = await token(...args);
        expect(exitCode).toBe(1);
        expect(output).not.toMatch(/eyJ/);
        expect(output).not.toMatch(STACK);
      }
      expect((await token('billing', '--service', 'everything')).output).toContain(
        'api-keys:verify, resources:sync',
      );
    });

    test('refuses production', async () => {
      const { exitCode, output } = await StartedProgram.token(
        {
          ...database.environment,
          NODE_ENV: 'production',
          AUTH_JWT_SECRET: 'x'.repeat(32),
          KEY_PEPPERS: `1:${Buffer.alloc(32, 7).toString('base64')}`,
        },
        'ann@acme.example',
      );
      expect(exitCode).toBe(1);
      expect(output).toContain('production');
      expect(output).not.toMatch(/eyJ/);
    });
  });
});
