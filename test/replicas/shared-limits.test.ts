import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { MysqlServer } from '../support/mysql-server';
import { RedisServer } from '../support/redis-server';
import { Replicas, mutateAt, verifyAt } from '../support/replicas';
import type { StartedProgram } from '../support/started-program';

const BOUND_MS = 1000;
const LIMIT = 50;

type Headers = Readonly<Record<string, string>>;

let server: MysqlServer;
let redis: RedisServer;
let replicas: Replicas;
let one: StartedProgram;
let other: StartedProgram;
let owner: Headers;
let service: Headers;
let environmentId: string;

beforeAll(async () => {
  server = await MysqlServer.create();
  redis = await RedisServer.create();
  replicas = new Replicas(await server.createDatabase('limits', 'limits'), {
    REDIS_URL: redis.url,
    MAX_STALENESS_MS: String(BOUND_MS),
  });
  one = await replicas.add();
  other = await replicas.add();
  owner = await replicas.user('owner@customer.example');
  service = await replicas.service('checkout', 'api-keys:verify');
  environmentId = await environment();
}, 120_000);

afterAll(async () => {
  await replicas.stop();
  await redis.kill();
  await server.remove();
});

async function environment(): Promise<string> {
  const { organization } = await mutateAt<{ organization: { id: string } }>(
    one,
    owner,
    { name: 'createOrganization', inputType: 'CreateOrganizationInput', select: 'organization { id }' },
    { name: 'Customer', slug: 'customer' },
  );
  let parentId = organization.id;
  for (const name of ['Account', 'Widget', 'Environment']) {
    const { resource } = await mutateAt<{ resource: { id: string } }>(
      one,
      owner,
      { name: 'createResource', inputType: 'CreateResourceInput', select: 'resource { id }' },
      { parentId, name },
    );
    parentId = resource.id;
  }
  return parentId;
}

async function limitedKey(limit: number): Promise<{ readonly id: string; readonly secretKey: string }> {
  const { apiKey, secretKey } = await mutateAt<{ apiKey: { id: string }; secretKey: string }>(
    one,
    owner,
    { name: 'createApiKey', inputType: 'CreateApiKeyInput', select: 'secretKey apiKey { id }' },
    {
      name: 'Limited',
      scope: { environmentIds: [environmentId] },
      rateLimits: [{ limit, windowSeconds: 3600 }],
    },
  );
  return { id: apiKey.id, secretKey };
}

test('two replicas that are asked 200 times at once find a key valid as often as it may be', async () => {
  const { secretKey } = await limitedKey(LIMIT);
  const answers = await Promise.all(
    Array.from({ length: 200 }, (_, index) =>
      verifyAt(index % 2 === 0 ? one : other, service, { secretKey }),
    ),
  );
  expect(answers.filter(({ code }) => code === 'VALID')).toHaveLength(LIMIT);
  expect(answers.filter(({ code }) => code === 'RATE_LIMITED')).toHaveLength(200 - LIMIT);
});

test('limits that are changed at one replica hold at the other within the bound', async () => {
  const { id, secretKey } = await limitedKey(1);
  expect((await verifyAt(other, service, { secretKey })).code).toBe('VALID');
  expect((await verifyAt(other, service, { secretKey })).code).toBe('RATE_LIMITED');
  await mutateAt(
    one,
    owner,
    { name: 'updateApiKey', inputType: 'UpdateApiKeyInput', select: '' },
    { id, version: 1, rateLimits: [{ limit: 2, windowSeconds: 3600 }] },
  );
  const changedAt = performance.now();
  let code = 'RATE_LIMITED';
  while (code === 'RATE_LIMITED' && performance.now() - changedAt < BOUND_MS * 2) {
    await sleep(10);
    ({ code } = await verifyAt(other, service, { secretKey }));
  }
  expect(code).toBe('VALID');
  expect(performance.now() - changedAt).toBeLessThan(BOUND_MS + 250);
});
