import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '../support/eventually';
import { createdKey, mutateKey } from '../support/key-mutations';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE, twoCustomers, type TwoCustomers } from '../support/two-customers';
import { postVerify } from '../support/verifying';

interface LimitedAnswer {
  readonly code: string;
  readonly valid: boolean;
  readonly grantedBy: object | null;
  readonly apiKey: object | null;
  readonly limits: readonly { readonly kind: string; readonly remaining: number }[];
  readonly retryAfterSeconds: number | null;
}

const PER_MINUTE = (limit: number) => ({ rateLimits: [{ limit, windowSeconds: 60 }] });

let program: TestProgram;
let owner: Credential;
let service: Credential;
let acme: TwoCustomers['acme'];

beforeAll(async () => {
  program = await TestProgram.start();
  ({ acme } = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys)));
  owner = await program.user(PEOPLE.owner);
  service = await program.service('gateway', 'api-keys:verify');
});

afterAll(() => program.stop());

async function keyWith(limits: object): Promise<{ readonly id: string; readonly secretKey: string }> {
  const scope = { environmentIds: [acme.checkoutProduction.id] };
  const { apiKey, secretKey } = await createdKey(program, owner, { name: 'Limited', scope, ...limits });
  return { id: apiKey.id, secretKey };
}

async function ask<Answer = LimitedAnswer>(body: unknown): Promise<Answer> {
  const response = await postVerify(program, service, body);
  expect(response.status).toBe(200);
  return (await response.json()) as Answer;
}

const remaining = ({ limits }: LimitedAnswer) => limits.map((limit) => limit.remaining);

describe('a key with limits', () => {
  test('is valid until they are used up, then refused with what to wait for', async () => {
    const { secretKey } = await keyWith({ ...PER_MINUTE(2), quota: { limit: 100, refill: 'DAILY' } });
    const first = await ask({ secretKey });
    expect(first).toMatchObject({ code: 'VALID', retryAfterSeconds: null });
    expect(first.limits).toMatchObject([
      { kind: 'RATE_LIMIT', limit: 2, remaining: 1, windowSeconds: 60 },
      { kind: 'QUOTA', limit: 100, remaining: 99, windowSeconds: 86_400 },
    ]);
    await ask({ secretKey });
    const refused = await ask({ secretKey });
    expect(refused).toMatchObject({ code: 'RATE_LIMITED', valid: false, grantedBy: null });
    expect(refused.apiKey).not.toBeNull();
    expect(refused.retryAfterSeconds).toBeGreaterThan(0);
    expect(refused.retryAfterSeconds).toBeLessThanOrEqual(60);
    // The window that had no room has used up nothing of the quota.
    expect(remaining(refused)).toEqual([0, 98]);
  });

  test('tells that its quota is used up', async () => {
    const { secretKey } = await keyWith({ quota: { limit: 1, refill: 'MONTHLY' } });
    await ask({ secretKey });
    const refused = await ask({ secretKey });
    expect(refused).toMatchObject({ code: 'USAGE_EXCEEDED', limits: [{ kind: 'QUOTA', remaining: 0 }] });
    const now = new Date();
    const refill = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1);
    expect(refused.limits).toMatchObject([{ resetsAt: new Date(refill).toISOString() }]);
  });

  test('is asked 200 times at once, and found valid as often as it may be', async () => {
    const { secretKey } = await keyWith({ ...PER_MINUTE(50), quota: { limit: 1000, refill: 'DAILY' } });
    const answers = await Promise.all(Array.from({ length: 200 }, () => ask({ secretKey })));
    expect(answers.filter(({ code }) => code === 'VALID')).toHaveLength(50);
    expect(answers.filter(({ code }) => code === 'RATE_LIMITED')).toHaveLength(150);
    expect(remaining(await ask({ secretKey, cost: 0 }))).toEqual([0, 950]);
  });

  test('is found valid as often as it may be by questions that are sent together', async () => {
    const { secretKey } = await keyWith(PER_MINUTE(3));
    const answers = await ask<LimitedAnswer[]>(Array.from({ length: 5 }, () => ({ secretKey })));
    expect(answers.map(({ code }) => code)).toEqual([
      'VALID',
      'VALID',
      'VALID',
      'RATE_LIMITED',
      'RATE_LIMITED',
    ]);
  });

  test('uses up what a use costs, nothing for a cost of 0, and nothing when it costs too much', async () => {
    const { secretKey } = await keyWith(PER_MINUTE(10));
    expect(remaining(await ask({ secretKey, cost: 7 }))).toEqual([3]);
    expect(await ask({ secretKey, cost: 0 })).toMatchObject({ code: 'VALID', limits: [{ remaining: 3 }] });
    expect(await ask({ secretKey, cost: 4 })).toMatchObject({
      code: 'RATE_LIMITED',
      limits: [{ remaining: 3 }],
    });
    expect(await ask({ secretKey, cost: 11 })).toMatchObject({
      code: 'RATE_LIMITED',
      retryAfterSeconds: null,
    });
    expect(await ask({ secretKey, cost: 3 })).toMatchObject({ code: 'VALID', limits: [{ remaining: 0 }] });
  });

  test('uses up nothing by what it is refused for another reason', async () => {
    const { secretKey } = await keyWith(PER_MINUTE(5));
    const outside = { level: 'ENVIRONMENT', id: acme.checkoutStaging.id };
    const refused = await ask({ secretKey, resource: outside });
    expect(refused).toMatchObject({
      code: 'OUT_OF_SCOPE',
      limits: [{ remaining: 5 }],
      retryAfterSeconds: null,
    });
  });

  test('says so in GraphQL as well', async () => {
    const { secretKey } = await keyWith(PER_MINUTE(1));
    const askByGraphql = () =>
      program.graphql<{ verifyApiKey: { verification: object } }>(
        service,
        `mutation($input: VerifyApiKeyInput!) { verifyApiKey(input: $input) { verification {
          code retryAfterSeconds limits { kind limit remaining windowSeconds resetsInSeconds resetsAt } } } }`,
        { input: { secretKey } },
      );
    await askByGraphql();
    expect((await askByGraphql()).data.verifyApiKey.verification).toMatchObject({
      code: 'RATE_LIMITED',
      retryAfterSeconds: expect.any(Number),
      limits: [{ kind: 'RATE_LIMIT', limit: 1, remaining: 0, windowSeconds: 60 }],
    });
  });
});

describe('the headers of an answer', () => {
  const headersOf = async (body: unknown) => (await postVerify(program, service, body)).headers;

  test('tell every limit of the key, and when to try again', async () => {
    const { secretKey } = await keyWith({ ...PER_MINUTE(1), quota: { limit: 5, refill: 'DAILY' } });
    const valid = await headersOf({ secretKey });
    expect(valid.get('ratelimit-policy')).toBe('"per-60-seconds";q=1;w=60, "quota";q=5;w=86400');
    expect(valid.get('ratelimit')).toMatch(/^"per-60-seconds";r=0;t=(59|60), "quota";r=4;t=\d+$/);
    expect(valid.get('retry-after')).toBeNull();
    const refused = await headersOf({ secretKey });
    expect(refused.get('ratelimit')).toMatch(/^"per-60-seconds";r=0;t=\d+, "quota";r=4;t=\d+$/);
    expect(refused.get('retry-after')).toMatch(/^(5\d|60)$/);
  });

  test('are not there for a key without limits, nor for many questions', async () => {
    const { secretKey } = await keyWith({});
    const limited = await keyWith(PER_MINUTE(1));
    for (const body of [{ secretKey }, [{ secretKey: limited.secretKey }]]) {
      const headers = await headersOf(body);
      expect(headers.get('ratelimit')).toBeNull();
      expect(headers.get('ratelimit-policy')).toBeNull();
    }
  });
});

describe('limits that are changed', () => {
  test('hold at once, with what has been used of them', async () => {
    const { id, secretKey } = await keyWith(PER_MINUTE(2));
    await ask({ secretKey, cost: 2 });
    expect((await ask({ secretKey })).code).toBe('RATE_LIMITED');
    const update = async (version: number, limits: object) => {
      const { userErrors } = await mutateKey(program, owner, 'updateApiKey', { id, version, ...limits });
      expect(userErrors).toEqual([]);
    };
    await update(1, PER_MINUTE(5));
    expect(await ask({ secretKey })).toMatchObject({ code: 'VALID', limits: [{ remaining: 2 }] });
    await update(2, PER_MINUTE(1));
    expect((await ask({ secretKey })).code).toBe('RATE_LIMITED');
    await update(3, { rateLimits: null });
    expect(await ask({ secretKey })).toMatchObject({ code: 'VALID', limits: [] });
  });

  test('cost no statement once the key is remembered', async () => {
    const { secretKey } = await keyWith(PER_MINUTE(1000));
    await eventually(async () => {
      expect(await program.statementsDuring(() => ask({ secretKey }))).toEqual([]);
    });
  });
});
