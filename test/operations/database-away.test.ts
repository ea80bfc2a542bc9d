import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import Sqlite from 'libsql';
import type { ResourceEntity } from '../../src/resources/resource-entity';
import { Tenancy } from '../../src/demo/tenancy';
import { eventually } from '../support/eventually';
import { MysqlServer } from '../support/mysql-server';
import { databaseKind } from '../support/test-database';
import { TestProgram, type Credential } from '../support/test-program';

const DEADLINE_MS = 500;
/** What a busy machine may take on top. */
const MARGIN_MS = 1500;
const POOL_SIZE = 4;
const DATABASE = 'away';
const PASSWORD = 'not-to-be-told';

const INTERNAL =
  /sql|maria|connect|socket|ECONN|ETIMEDOUT|127\.0\.0\.1|:\d{4,5}|deadline|\bms\b|at .*\.[jt]s|away|not-to-be-told/i;
const UNAVAILABLE = { extensions: { code: 'SERVICE_UNAVAILABLE' } };

const owner = { id: 'owner@acme.example', email: 'owner@acme.example' };
const stranger = { id: 'owner@globex.example', email: 'owner@globex.example' };

const onServer = () => {
  let server: MysqlServer;
  let program: TestProgram;
  let asOwner: Credential;
  let asService: Credential;
  let asKey: Credential;
  let acme: ResourceEntity;

  beforeAll(async () => {
    server = await MysqlServer.create();
    // The servers of the tests write lazily; here, what is committed must outlive a crash.
    await server.query('SET GLOBAL innodb_flush_log_at_trx_commit = 1');
    program = await TestProgram.start({
      DATABASE_URL: await server.createDatabase(DATABASE, PASSWORD),
      DATABASE_DEADLINE_MS: String(DEADLINE_MS),
      DATABASE_POOL_SIZE: String(POOL_SIZE),
    });
    asOwner = await program.user(owner);
    asService = await program.service('billing', 'api-keys:verify');
    const { secretKey, stored } = program.secretKeys.generate();
    asKey = { 'x-api-key': secretKey };
    acme = await program.given((tenancy) => {
      const globex = tenancy.organization('Globex', 'globex');
      tenancy.membership(globex, stranger, 'OWNER');
      tenancy.apiKey({ organization: globex, name: 'Of Globex', creator: stranger, grants: [globex] });
      const organization = tenancy.organization('Acme', 'acme');
      tenancy.membership(organization, owner, 'OWNER');
      const key = { organization, creator: owner, grants: [organization], secret: stored };
      tenancy.apiKey({ ...key, name: 'Of Acme' });
      return organization;
    });
  }, 120_000);

  afterEach(async () => {
    server.resume();
    await expectWell();
  });

  afterAll(async () => {
    await program.stop();
    await server.remove();
  });

  const listed = async (credential: Credential) => {
    const { status, text } = await program.graphql(credential, '{ apiKeys { nodes { name } } }');
    return { status, body: JSON.parse(text) as unknown, text };
  };

  /** Every kind of caller, at once: with a credential that the database knows, and with one that it need not. */
  const askAll = () => {
    const read = async (path: string, credential: Credential = {}) => {
      const response = await program.get(credential, path);
      const text = await response.text();
      return { status: response.status, body: JSON.parse(text) as unknown, text };
    };
    const node = async () => {
      const { status, text } = await program.graphql(asService, `{ node(id: "${acme.id}") { id } }`);
      return { status, body: JSON.parse(text) as unknown, text };
    };
    return Promise.all([
      listed(asOwner),
      listed(asKey),
      node(),
      read('/v1/api-keys', asOwner),
      read('/health/ready'),
      read('/health/live'),
    ]);
  };

  const inTime = async <T>(work: () => Promise<T>): Promise<T> => {
    const start = performance.now();
    const result = await work();
    expect(performance.now() - start).toBeLessThan(DEADLINE_MS + MARGIN_MS);
    return result;
  };

  const expectAway = () =>
    inTime(async () => {
      const [user, key, service, rest, ready, live] = await askAll();
      expect(user).toMatchObject({ status: 503, body: { errors: [UNAVAILABLE] } });
      expect(key).toMatchObject({ status: 503, body: { errors: [UNAVAILABLE] } });
      expect(service).toMatchObject({
        status: 200,
        body: { data: { node: null }, errors: [{ path: ['node'], ...UNAVAILABLE }] },
      });
      const problem = { status: 503, code: 'SERVICE_UNAVAILABLE', title: 'Service unavailable' };
      expect(rest).toMatchObject({ status: 503, body: problem });
      expect(ready).toMatchObject({ status: 503, body: problem });
      expect(live.status).toBe(200);
      for (const { text } of [user, key, service, rest, ready]) expect(text).not.toMatch(INTERNAL);
    });

  const connections = () =>
    server.query<{ id: number; statement: string | null }>(
      `SELECT ID AS id, INFO AS statement FROM information_schema.PROCESSLIST WHERE USER = '${DATABASE}'`,
    );

  /** Well by itself: everybody is answered, the pool can be used to its last connection, and none is left over. */
  const expectWell = async () => {
    await eventually(async () => {
      const [user, key, service, rest, ready] = await askAll();
      const names = { data: { apiKeys: { nodes: [{ name: 'Of Acme' }] } } };
      expect(user).toMatchObject({ status: 200, body: names });
      expect(key).toMatchObject({ status: 200, body: names });
      expect(service.body).toEqual({ data: { node: null } });
      expect(rest).toMatchObject({ status: 200, body: [{ name: 'Of Acme' }] });
      expect(ready.status).toBe(200);
    });
    await eventually(() => Promise.all(Array.from({ length: POOL_SIZE }, () => sleepFor(0.05))));
    await eventually(async () => expect((await connections()).length).toBeLessThanOrEqual(POOL_SIZE));
  };

  const sleepFor = (seconds: number, door = program.database) =>
    door.rows<{ slept: number }>('SELECT SLEEP(?) AS slept', [seconds]);

  const running = () =>
    eventually(async () => {
      const found = (await connections()).find(({ statement }) => statement?.includes('SLEEP') ?? false);
      if (found === undefined) throw new Error('No statement runs.');
      return found;
    });

  const expectUnavailable = (work: Promise<unknown>, message: RegExp) =>
    inTime(async () => {
      const error: unknown = await work.then(
        () => null,
        (reason: unknown) => reason,
      );
      expect(error).toMatchObject({ code: 'SERVICE_UNAVAILABLE', message: expect.stringMatching(message) });
    });

  test('while the server is down, all are told to come back, and are served when it is up again', async () => {
    await server.kill();
    await expectAway();
    await expectAway();
    await server.start();
    await expectWell();
  });

  test('a server that was restarted between two requests is noticed', async () => {
    await server.kill();
    await server.start();
    await expectWell();
  });

  test('while the server hangs, all are told to come back, and are served when it goes on', async () => {
    await server.pause();
    await expectAway();
    await expectAway();
    server.resume();
    await expectWell();
  });

  test('while the server refuses to let the program in, all are told to come back', async () => {
    await server.query(`ALTER USER ${DATABASE} ACCOUNT LOCK`);
    for (const { id } of await connections()) await server.query(`KILL ${id}`);
    await eventually(async () => expect(await connections()).toEqual([]));
    await expectAway();
    await server.query(`ALTER USER ${DATABASE} ACCOUNT UNLOCK`);
    await expectWell();
  });

  test('connections that the server has killed are replaced', async () => {
    for (const { id } of await connections()) await server.query(`KILL ${id}`);
    await expectWell();
  });

  test('a statement whose connection is killed is unavailable, not an internal error', async () => {
    const statement = sleepFor(5);
    const killed = expectUnavailable(statement, /Nothing was changed/);
    await server.query(`KILL ${(await running()).id}`);
    await killed;
  });

  test('a statement that takes longer than the deadline is given up, here and on the server', async () => {
    await expectUnavailable(sleepFor(20), /Nothing was changed/);
    await eventually(async () =>
      expect((await connections()).filter(({ statement }) => statement?.includes('SLEEP'))).toEqual([]),
    );
  });

  test('the statements of one request share one deadline', async () => {
    const request = program.database.forRequest();
    expect(await sleepFor(0.3, request)).toEqual([{ slept: 0 }]);
    await expectUnavailable(sleepFor(0.3, request), /Nothing was changed/);
    expect(await sleepFor(0.3)).toEqual([{ slept: 0 }]);
  });

  test('a server that is paused in the middle of a statement does not hold its caller', async () => {
    const statement = expectUnavailable(sleepFor(0.4), /Nothing was changed/);
    await running();
    await server.pause();
    await statement;
    await expectAway();
  });

  test('while statements hold every connection, others are answered or told to come back in time', async () => {
    const hung = Array.from({ length: POOL_SIZE * 3 }, () =>
      expectUnavailable(sleepFor(20), /Nothing was changed/),
    );
    await running();
    for (const { status, body } of await inTime(askAll)) {
      if (status === 503) expect(JSON.stringify(body)).toContain('SERVICE_UNAVAILABLE');
      else expect(status).toBe(200);
      expect(JSON.stringify(body)).not.toContain('INTERNAL_SERVER_ERROR');
    }
    await Promise.all(hung);
  });

  test('of a transaction that was cut off before its end, nothing is kept', async () => {
    const tenancy = new Tenancy(Date.now());
    tenancy.apiKey({ organization: acme, name: 'Cut off', creator: owner, grants: [] });
    const work = program.database.transaction(async (transaction) => {
      await tenancy.write(transaction);
      await server.pause();
      await transaction.rows('SELECT 1');
    });
    await expectUnavailable(work, /Nothing was changed/);
    server.resume();
    await expectWell();
  });

  test('of a transaction whose COMMIT was not answered, nobody says that nothing was changed', async () => {
    const work = program.database.transaction(async (transaction) => {
      await transaction.rows('SELECT 1');
      await server.pause();
    });
    await expectUnavailable(work, /cannot tell .* whether the change was made/);
  });

  test('a program can be stopped while the server hangs', async () => {
    const other = await TestProgram.start({
      DATABASE_URL: await server.createDatabase('elsewhere', PASSWORD),
      DATABASE_DEADLINE_MS: String(DEADLINE_MS),
    });
    await server.pause();
    await inTime(() => other.stop());
  });
};

const onFile = () => {
  let program: TestProgram;
  let otherProcess: InstanceType<typeof Sqlite>;
  let asOwner: Credential;

  beforeAll(async () => {
    program = await TestProgram.start({ DATABASE_DEADLINE_MS: String(DEADLINE_MS) });
    asOwner = await program.user(owner);
    const [main] = await program.database.rows<{ file: string }>('PRAGMA database_list');
    otherProcess = new Sqlite(main?.file ?? '');
  });

  afterAll(async () => {
    otherProcess.close();
    await program.stop();
  });

  test('while another process writes to the file, reads are answered and writes told to come back', async () => {
    const acme = () => program.given((tenancy) => void tenancy.organization('Acme', 'acme'));
    otherProcess.exec('BEGIN IMMEDIATE');
    const start = performance.now();
    await expect(acme()).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    expect(performance.now() - start).toBeLessThan(DEADLINE_MS + MARGIN_MS);
    expect((await program.graphql(asOwner, '{ apiKeys { nodes { name } } }')).status).toBe(200);
    expect((await program.get({}, '/health/ready')).status).toBe(200);
    otherProcess.exec('COMMIT');
    await acme();
    expect(await program.database.rows('SELECT name FROM resources')).toEqual([{ name: 'Acme' }]);
  });
};

describe('a database that goes away', databaseKind === 'server' ? onServer : onFile);
