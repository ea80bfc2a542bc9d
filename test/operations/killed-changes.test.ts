import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Database } from '../../src/database/database';
import { Tenancy, type User } from '../../src/demo/tenancy';
import { newId } from '../../src/shared/ids';
import { WebhookEndpointEntity } from '../../src/webhooks/webhook-endpoint-entity';
import { openMigrated } from '../support/migrated-database';
import { createTestDatabase, type TestDatabase } from '../support/test-database';

const CHILD = join(__dirname, '../support/change-until-killed.mjs');
const TABLES = [
  'api_keys',
  'api_key_grants',
  'api_key_secrets',
  'audit_events',
  'webhook_deliveries',
  'idempotency_keys',
] as const;
const OWNER: User = { id: 'owner@acme.example', email: 'owner@acme.example' };

/** A customer with one key, and an endpoint that is told of what happens. */
interface Customer {
  readonly organizationId: string;
  readonly keyId: string;
  readonly accountId: string;
  readonly environmentId: string;
}

type Rows = Record<(typeof TABLES)[number], Record<string, unknown>[]>;
type InputOf = (customer: Customer) => object;

const newKey: InputOf = ({ environmentId }) => ({
  name: 'Made',
  description: '',
  grants: [{ level: 'ENVIRONMENT', id: environmentId }],
  organizationId: null,
  expiresAt: null,
  metadata: null,
  idempotencyKey: newId(),
});

describe('a process that is killed between any two statements of a change', () => {
  let testDatabase: TestDatabase;
  let database: Database;

  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    database = await openMigrated(testDatabase);
  });

  afterAll(async () => {
    await database.close();
    await testDatabase.remove();
  });

  const newCustomer = (): Promise<Customer> =>
    database.transaction(async (transaction) => {
      const tenancy = new Tenancy(Date.now());
      const organization = tenancy.organization('Acme', newId());
      const account = tenancy.child(organization, 'Retail');
      const environment = tenancy.child(tenancy.child(account, 'Checkout'), 'Production');
      tenancy.membership(organization, OWNER, 'OWNER');
      const secret = { selector: newId().slice(-12), digest: newId(), pepperVersion: 1 };
      const key = tenancy.apiKey({ organization, name: 'Key', creator: OWNER, grants: [account], secret });
      await tenancy.write(transaction);
      const endpoint = { id: newId(), url: 'https://hooks.acme.example', signingSecret: 'whsec_' };
      await transaction.insert(WebhookEndpointEntity, [
        { ...endpoint, organizationId: organization.id, createdAt: Date.now() },
      ]);
      return {
        organizationId: organization.id,
        keyId: key.id,
        accountId: account.id,
        environmentId: environment.id,
      };
    });

  const rowsOf = async ({ organizationId }: Customer): Promise<Rows> => {
    const rows = TABLES.map(async (table) => [
      table,
      await database.rows(`SELECT * FROM ${table} WHERE organization_id = ?`, [organizationId]),
    ]);
    return Object.fromEntries(await Promise.all(rows)) as Rows;
  };

  /** Makes the change in a process of its own, and answers whether that was killed before the change was over. */
  const wasKilled = async (operation: string, input: object, killAt: number): Promise<boolean> => {
    const { environment } = testDatabase;
    const task = JSON.stringify({ environment, user: OWNER, operation, input, killAt });
    const child = spawn(process.execPath, [CHILD, task], { stdio: ['ignore', 'ignore', 'pipe'] });
    let complaint = '';
    child.stderr.on('data', (chunk) => (complaint += String(chunk)));
    const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) =>
      child.on('close', (...end) => resolve(end)),
    );
    if (signal === 'SIGKILL') return true;
    if (code === 0) return false;
    throw new Error(`The change failed: ${complaint}`);
  };

  test.each<[string, InputOf, Partial<Record<keyof Rows, number>>]>([
    ['create', newKey, { api_keys: 1, api_key_grants: 1, api_key_secrets: 1, idempotency_keys: 1 }],
    [
      'update',
      ({ keyId, environmentId, accountId }) => ({
        id: keyId,
        version: 1,
        name: 'Renamed',
        grants: [
          { level: 'ENVIRONMENT', id: environmentId },
          { level: 'ACCOUNT', id: accountId },
        ],
      }),
      { api_key_grants: 1 },
    ],
    ['rotate', ({ keyId }) => ({ id: keyId, version: 1, gracePeriodSeconds: 60 }), { api_key_secrets: 1 }],
    ['revoke', ({ keyId }) => ({ id: keyId }), {}],
  ])(
    'leaves of %s all, with its event and its delivery, or nothing',
    async (operation, inputOf, added) => {
      for (let killAt = 1; ; killAt++) {
        const customer = await newCustomer();
        const before = await rowsOf(customer);
        const killed = await wasKilled(operation, inputOf(customer), killAt);
        const after = await rowsOf(customer);
        if (killed) {
          expect({ killAt, ...after }).toEqual({ killAt, ...before });
          continue;
        }
        const expected: typeof added = { audit_events: 1, webhook_deliveries: 1, ...added };
        for (const table of TABLES) {
          const more = after[table].length - before[table].length;
          expect([table, more]).toEqual([table, expected[table] ?? 0]);
        }
        const versions = after.api_keys.map(({ version }) => version);
        expect(versions.sort()).toEqual(operation === 'create' ? [1, 1] : [2]);
        // What has been killed were statements of the change, up to its COMMIT.
        expect(killAt).toBeGreaterThan(7);
        return;
      }
    },
    120_000,
  );
});
