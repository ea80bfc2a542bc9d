import { Writable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { KeyLimits } from '../../src/api-keys/limits/key-limits';
import { createLogger } from '../../src/shared/logger';
import { createLimiter, type ConnectedLimiter } from '../../src/verification/limits/create-limiter';
import { eventually } from '../support/eventually';
import { createdKey } from '../support/key-mutations';
import { RedisServer } from '../support/redis-server';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE, twoCustomers, type TwoCustomers } from '../support/two-customers';
import { postVerify } from '../support/verifying';

const PASSWORD = 'the-password-of-redis';
const A_MINUTE_AND_A_DAY: KeyLimits = {
  rateLimits: [{ limit: 50, windowSeconds: 60 }],
  quota: { limit: 1000, refill: 'DAILY' },
};

let redis: RedisServer;
let program: TestProgram;
let owner: Credential;
let service: Credential;
let acme: TwoCustomers['acme'];
/** As another process of the program has it. */
let other: ConnectedLimiter;
let log: string[];

beforeAll(async () => {
  redis = await RedisServer.create(PASSWORD);
  program = await TestProgram.start({ REDIS_URL: redis.url });
  ({ acme } = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys)));
  owner = await program.user(PEOPLE.owner);
  service = await program.service('gateway', 'api-keys:verify');
  other = await connected(redis.url);
});

beforeEach(() => {
  log = [];
});

afterAll(async () => {
  await other.close();
  await program.stop();
  await redis.kill();
});

async function connected(redisUrl: string): Promise<ConnectedLimiter> {
  const destination = new Writable({
    write: (line: Buffer, _encoding, done) => {
      log.push(line.toString());
      done();
    },
  });
  const limiter = createLimiter({ redisUrl, memorySize: 1000 }, createLogger('info', destination));
  await limiter.open();
  return limiter;
}

async function limitedKey(limits: KeyLimits): Promise<{ readonly id: string; readonly secretKey: string }> {
  const scope = { environmentIds: [acme.checkoutProduction.id] };
  const { apiKey, secretKey } = await createdKey(program, owner, {
    name: 'Limited',
    description: '',
    scope,
    ...limits,
  });
  return { id: apiKey.id, secretKey };
}

async function ask(secretKey: string): Promise<string> {
  const response = await postVerify(program, service, { secretKey });
  return ((await response.json()) as { code: string }).code;
}

const useAtOther = async (id: string, limits = A_MINUTE_AND_A_DAY, cost = 1) =>
  (await other.limiter.consume(id, limits, cost, Date.now())).code;

const told = (words: string) => log.filter((line) => line.includes(words));

describe('processes with one Redis', () => {
  test('find a key valid as often together as it may be, of 200 questions at once', async () => {
    const { id, secretKey } = await limitedKey(A_MINUTE_AND_A_DAY);
    const codes = await Promise.all(
      Array.from({ length: 200 }, (_, index) => (index % 2 === 0 ? ask(secretKey) : useAtOther(id))),
    );
    expect(codes.filter((code) => code === 'VALID')).toHaveLength(50);
    expect(codes.filter((code) => code === 'RATE_LIMITED')).toHaveLength(150);
    const { states } = await other.limiter.consume(id, A_MINUTE_AND_A_DAY, 0, Date.now());
    expect(states.map(({ remaining }) => remaining)).toEqual([0, 950]);
  });

  test('leave nothing there for longer than the window, or the period and an hour', async () => {
    const { id, secretKey } = await limitedKey(A_MINUTE_AND_A_DAY);
    await ask(secretKey);
    const contents = [...(await redis.contents())].filter(([name]) => name.includes(id));
    expect(contents).toHaveLength(2);
    for (const [name, left] of contents) {
      expect(left).toBeGreaterThan(0);
      expect(left).toBeLessThanOrEqual(name.endsWith(':60s') ? 60_000 : 25 * 3_600_000);
    }
    expect([...(await redis.contents()).keys()].join()).not.toContain(secretKey);
  });

  test('leave nothing there by what is refused', async () => {
    await useAtOther('costly', A_MINUTE_AND_A_DAY, 51);
    expect([...(await redis.contents()).keys()].join()).not.toContain('costly');
  });
});

describe.each([
  ['is stopped', () => redis.kill(), () => redis.start()],
  ['hangs', async () => redis.pause(), async () => redis.resume()],
])('while Redis %s', (_, away, back) => {
  test('every process holds the limits for itself, says so once, and shares them again later', async () => {
    const limits: KeyLimits = { rateLimits: [{ limit: 3, windowSeconds: 3600 }], quota: null };
    const [{ id, secretKey }, before] = [await limitedKey(limits), await limitedKey(limits)];
    expect(await ask(secretKey)).toBe('VALID');
    log = [];
    other = await restarted();
    await away();
    const codes = [];
    for (let asked = 0; asked < 5; asked++) codes.push(await ask(secretKey), await useAtOther(id, limits));
    expect(codes.filter((code) => code === 'VALID')).toHaveLength(6);
    expect(codes.filter((code) => code === 'RATE_LIMITED')).toHaveLength(4);
    expect(told('each process holds the limits')).toHaveLength(1);

    await back();
    await eventually(async () => {
      await useAtOther(before.id, limits, 0);
      expect(told('share the limits of keys again')).toHaveLength(1);
    });
    // What is used here is told there again.
    await eventually(async () => {
      const { id: third, secretKey: thirdSecret } = await limitedKey(limits);
      expect(await ask(thirdSecret)).toBe('VALID');
      const { states } = await other.limiter.consume(third, limits, 0, Date.now());
      expect(states).toMatchObject([{ remaining: 2 }]);
    });
    expect(log.join('')).not.toContain(PASSWORD);
  });
});

async function restarted(): Promise<ConnectedLimiter> {
  await other.close();
  return connected(redis.url);
}

describe('a Redis that lets nobody in', () => {
  test('is told in the log, without the password that was tried, and stops neither start nor verification', async () => {
    const limiter = await connected(redis.url.replace(PASSWORD, 'a-wrong-password'));
    const { code } = await limiter.limiter.consume('key', A_MINUTE_AND_A_DAY, 1, Date.now());
    await limiter.close();
    expect(code).toBe('VALID');
    expect(told('each process holds the limits')).toHaveLength(1);
    expect(log.join('')).not.toContain('a-wrong-password');
  });
});
