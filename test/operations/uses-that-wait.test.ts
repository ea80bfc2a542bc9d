import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import Sqlite from 'libsql';
import { createConnection } from 'mysql2/promise';
import { eventually } from '../support/eventually';
import { StartedProgram } from '../support/started-program';
import { createTestDatabase, databaseKind, type TestDatabase } from '../support/test-database';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE, twoCustomers, type KeyWithSecret } from '../support/two-customers';
import { daysAgo, totalUses, type UsageView } from '../support/usage';
import { postVerify } from '../support/verifying';

const DEADLINE_MS = 300;
/** What took longer could have waited for a writing that did not get through. */
const QUICK_MS = DEADLINE_MS / 2;

/** Keeps everybody else from writing to the keys, until what it returns is called. */
async function holdKeys({ database }: TestProgram, { environment }: TestDatabase) {
  if (databaseKind === 'embedded') {
    const [main] = await database.rows<{ file: string }>('PRAGMA database_list');
    const otherProcess = new Sqlite(main?.file ?? '');
    otherProcess.exec('BEGIN IMMEDIATE');
    return async () => {
      otherProcess.exec('COMMIT');
      otherProcess.close();
    };
  }
  const connection = await createConnection({ uri: environment['DATABASE_URL'] ?? '' });
  await connection.query('BEGIN');
  await connection.query('SELECT id FROM api_keys FOR UPDATE');
  return async () => {
    await connection.query('COMMIT');
    await connection.end();
  };
}

describe('uses that cannot be written yet', () => {
  let testDatabase: TestDatabase;
  let program: TestProgram;
  let asOwner: Credential;
  let asService: Credential;
  let key: KeyWithSecret;

  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    program = await TestProgram.start({
      ...testDatabase.environment,
      USAGE_FLUSH_MS: '20',
      DATABASE_DEADLINE_MS: String(DEADLINE_MS),
    });
    asOwner = await program.user(PEOPLE.owner);
    asService = await program.service('gateway', 'api-keys:verify');
    key = (await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys))).acme.keys.widget;
  });

  afterAll(async () => {
    await program.stop();
    await testDatabase.remove();
  });

  const verify = async () => {
    const start = performance.now();
    const answer = await postVerify(program, asService, { secretKey: key.secretKey });
    expect(await answer.json()).toMatchObject({ code: 'VALID' });
    return performance.now() - start;
  };

  test('wait in memory, hold up no verification, and are written once when that is possible again', async () => {
    await verify();
    await eventually(async () =>
      expect(await totalUses(program, asOwner, key.key.id)).toEqual({ 'VALID -': 1 }),
    );
    const release = await holdKeys(program, testDatabase);
    const start = performance.now();
    const durations: number[] = [];
    // As long as several writings take to fail.
    while (performance.now() - start < 3 * DEADLINE_MS) durations.push(await verify());
    expect(await totalUses(program, asOwner, key.key.id)).toEqual({ 'VALID -': 1 });
    await release();
    const median = durations.toSorted((a, b) => a - b)[Math.floor(durations.length / 2)] ?? Infinity;
    expect(median).toBeLessThan(QUICK_MS);
    const all = { 'VALID -': 1 + durations.length };
    await eventually(async () => expect(await totalUses(program, asOwner, key.key.id)).toEqual(all));
    await verify();
    await eventually(async () =>
      expect(await totalUses(program, asOwner, key.key.id)).toEqual({ 'VALID -': 2 + durations.length }),
    );
  });
});

describe('the demo', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase();
  });

  afterAll(() => database.remove());

  test('shows some days of use and advice, and a program that is told to stop writes what it has counted', async () => {
    const settings = { ...database.environment, USAGE_FLUSH_MS: '0' };
    const token = async (...args: string[]) => ({
      authorization: `Bearer ${(await StartedProgram.token(settings, ...args)).output.trim()}`,
    });
    const first = await StartedProgram.start(settings);
    await eventually(async () => expect(first.told).toContain('Try it:'));
    const asOwner = await token('owner@acme.example');
    const range = `from: "${daysAgo(9)}", to: "${daysAgo(-1)}"`;
    const query = `{ apiKeys(first: 100) { nodes { name lastUsedAt scopeAdvice { reason }
      usage(first: 100, ${range}) { nodes { day code resourceId uses } } } } }`;
    const read = async (program: StartedProgram) => {
      const { data } = (await program.graphql(asOwner, query)) as {
        data: {
          apiKeys: { nodes: { name: string; scopeAdvice: object; usage: { nodes: UsageView[] } }[] };
        };
      };
      return new Map(data.apiKeys.nodes.map((node) => [node.name, node]));
    };
    const before = await read(first);
    expect(new Set(before.get('Checkout production')?.usage.nodes.map(({ day }) => day)).size).toBe(3);
    expect(before.get('Data warehouse export')?.scopeAdvice).toEqual({ reason: null });
    expect(before.get('Wholesale reports')?.scopeAdvice).toEqual({ reason: 'NOT_USED' });

    const secretKey = /shown only this once:\s+(\S+)/.exec(first.told)?.[1] ?? '';
    const asService = await token('gateway', '--service', 'api-keys:verify');
    for (let number = 0; number < 25; number++) {
      const answer = await fetch(`${first.url}/v1/verify`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...asService },
        body: JSON.stringify({ secretKey }),
      });
      expect(await answer.json()).toMatchObject({ code: 'VALID' });
    }
    expect((await first.stop()).exitCode).toBe(0);

    const second = await StartedProgram.start(settings);
    const without = (await read(second))
      .get('Checkout production')
      ?.usage.nodes.filter(({ resourceId }) => resourceId === null);
    expect(without?.reduce((sum, { uses }) => sum + uses, 0)).toBe(25);
    await second.stop();
  });
});
