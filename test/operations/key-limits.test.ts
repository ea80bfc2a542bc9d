import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { recordOf, type UserErrorView } from '../support/key-mutations';
import { mutate } from '../support/mutate';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE, twoCustomers, type TwoCustomers } from '../support/two-customers';

const FIELDS = 'apiKey { id version rateLimits { limit windowSeconds } quota { limit refill } }';

const PER_SECOND = { limit: 10, windowSeconds: 1 };
const PER_HOUR = { limit: 1000, windowSeconds: 3600 };
const DAILY = { limit: 5000, refill: 'DAILY' };

interface LimitedKey {
  readonly id: string;
  readonly version: number;
  readonly rateLimits: readonly object[];
  readonly quota: object | null;
}

let program: TestProgram;
let owner: Credential;
let member: Credential;
let outsider: Credential;
let acme: TwoCustomers['acme'];
let globex: TwoCustomers['globex'];

beforeAll(async () => {
  program = await TestProgram.start();
  ({ acme, globex } = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys)));
  owner = await program.user(PEOPLE.owner);
  member = await program.user(PEOPLE.member);
  outsider = await program.user(PEOPLE.outsider);
});

afterAll(() => program.stop());

interface Answer {
  readonly apiKey: LimitedKey | null;
  readonly userErrors: readonly UserErrorView[];
}

const scope = () => ({ environmentIds: [acme.checkoutProduction.id] });
const create = (input: object): Promise<Answer> =>
  mutate(program, owner, 'createApiKey', FIELDS, { name: 'Limited', scope: scope(), ...input });
const update = (credential: Credential, input: object): Promise<Answer> =>
  mutate(program, credential, 'updateApiKey', FIELDS, input);

async function created(limits: object): Promise<LimitedKey> {
  const { apiKey, userErrors } = await create(limits);
  if (apiKey === null) throw new Error(`createApiKey was refused: ${JSON.stringify(userErrors)}`);
  return apiKey;
}

describe('a new key', () => {
  test('has no limits unless they are given', async () => {
    expect(await created({})).toMatchObject({ rateLimits: [], quota: null });
    expect(await created({ rateLimits: [], quota: null })).toMatchObject({ rateLimits: [], quota: null });
  });

  test('has those that are given, the shortest window first, and the record tells them', async () => {
    const key = await created({ rateLimits: [PER_HOUR, PER_SECOND], quota: DAILY });
    expect(key).toMatchObject({ rateLimits: [PER_SECOND, PER_HOUR], quota: DAILY });
    const [event] = await recordOf(program, key.id);
    expect(event?.after).toMatchObject({ rateLimits: [PER_SECOND, PER_HOUR], quota: DAILY });
  });

  test('that was brought in has them too', async () => {
    const sha256 = createHash('sha256').update(randomUUID()).digest('hex');
    const { apiKeys } = await mutate<{ apiKeys: readonly LimitedKey[] }>(
      program,
      owner,
      'importApiKeys',
      'apiKeys { rateLimits { limit windowSeconds } quota { limit refill } }',
      {
        organizationId: acme.organization.id,
        keys: [{ sha256, name: 'Old', scope: scope(), rateLimits: [PER_SECOND], quota: DAILY }],
      },
    );
    expect(apiKeys).toEqual([{ rateLimits: [PER_SECOND], quota: DAILY }]);
  });
});

describe('limits that make no sense', () => {
  const window = (windowSeconds: number) => ({ limit: 1, windowSeconds });
  test.each([
    ['a limit of 0', { rateLimits: [{ limit: 0, windowSeconds: 1 }] }, ['rateLimits', '0', 'limit']],
    ['a window of 0 seconds', { rateLimits: [window(0)] }, ['rateLimits', '0', 'windowSeconds']],
    [
      'a window of more than 30 days',
      { rateLimits: [window(2_592_001)] },
      ['rateLimits', '0', 'windowSeconds'],
    ],
    [
      'two windows of one length',
      { rateLimits: [window(1), window(1)] },
      ['rateLimits', '1', 'windowSeconds'],
    ],
    ['six windows', { rateLimits: [1, 2, 3, 4, 5, 6].map(window) }, ['rateLimits']],
    [
      'a quota of more than a billion',
      { quota: { limit: 1_000_000_001, refill: 'DAILY' } },
      ['quota', 'limit'],
    ],
  ])('are refused, naming the field: %s', async (_, limits, field) => {
    expect((await create(limits)).userErrors).toEqual([expect.objectContaining({ code: 'INVALID', field })]);
    const key = await created({ rateLimits: [PER_HOUR] });
    const { apiKey, userErrors } = await update(owner, { id: key.id, version: key.version, ...limits });
    expect(apiKey).toBeNull();
    expect(userErrors).toEqual([expect.objectContaining({ code: 'INVALID', field })]);
  });

  test('are told all at once, among many keys with the place of the key', async () => {
    const sha256 = createHash('sha256').update(randomUUID()).digest('hex');
    const bad = { rateLimits: [{ limit: -1, windowSeconds: 0 }], quota: { limit: 0, refill: 'MONTHLY' } };
    const { userErrors } = await mutate(program, owner, 'importApiKeys', 'apiKeys { id }', {
      organizationId: acme.organization.id,
      keys: [{ sha256, name: 'Old', scope: scope(), ...bad }],
    });
    expect(userErrors.map(({ field }) => field?.join('.'))).toEqual([
      'keys.0.rateLimits.0.limit',
      'keys.0.rateLimits.0.windowSeconds',
      'keys.0.quota.limit',
    ]);
  });
});

describe('an update', () => {
  test('changes the limits that it names, leaves the others, and is recorded', async () => {
    const { id, version } = await created({ rateLimits: [PER_SECOND], quota: DAILY });
    const { apiKey } = await update(owner, { id, version, rateLimits: [PER_HOUR] });
    expect(apiKey).toMatchObject({ version: version + 1, rateLimits: [PER_HOUR], quota: DAILY });
    const [, event] = await recordOf(program, id);
    expect(event).toMatchObject({
      action: 'API_KEY_UPDATED',
      before: { rateLimits: [PER_SECOND], quota: DAILY },
      after: { rateLimits: [PER_HOUR], quota: DAILY },
    });
  });

  test('of something else leaves all of them', async () => {
    const { id, version } = await created({ rateLimits: [PER_SECOND], quota: DAILY });
    const { apiKey } = await update(owner, { id, version, name: 'Renamed' });
    expect(apiKey).toMatchObject({ rateLimits: [PER_SECOND], quota: DAILY });
  });

  test('takes them away by null', async () => {
    const { id, version } = await created({ rateLimits: [PER_SECOND], quota: DAILY });
    const { apiKey } = await update(owner, { id, version, rateLimits: null, quota: null });
    expect(apiKey).toMatchObject({ rateLimits: [], quota: null });
  });

  test('by those who may not change the key finds no such key, and changes nothing', async () => {
    const theirs = globex.keys.whole.key;
    for (const [credential, id] of [
      [owner, theirs.id],
      [outsider, acme.keys.whole.key.id],
      [member, acme.keys.whole.key.id],
    ] as const) {
      const { userErrors } = await update(credential, { id, version: 1, quota: DAILY });
      expect(userErrors).toEqual([expect.objectContaining({ code: 'NOT_FOUND', field: ['id'] })]);
      expect(await recordOf(program, id)).toEqual([]);
    }
  });
});

describe('over REST', () => {
  const send = (method: string, path: string, body: object) =>
    fetch(`${program.url}${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...owner },
      body: JSON.stringify(body),
    });
  const limitsOf = async (id: string) => {
    const { data } = await program.graphql<{ apiKey: object }>(
      owner,
      'query($id: ID!) { apiKey(id: $id) { rateLimits { limit windowSeconds } quota { limit refill } } }',
      { id },
    );
    return data.apiKey;
  };

  test('a key is made with limits, and changed to others', async () => {
    const limits = { rateLimits: [PER_SECOND], quota: DAILY };
    const made = await send('POST', '/v1/api-keys', { name: 'By REST', scope: scope(), ...limits });
    expect(made.status).toBe(201);
    const path = made.headers.get('location') ?? '';
    const id = path.split('/').at(-1) ?? '';
    expect(await limitsOf(id)).toEqual(limits);
    const changed = await send('PATCH', path, { rateLimits: [], quota: { limit: 7, refill: 'MONTHLY' } });
    expect(changed.status).toBe(200);
    expect(await limitsOf(id)).toEqual({ rateLimits: [], quota: { limit: 7, refill: 'MONTHLY' } });
  });

  test.each([
    ['quota.refill', { quota: { limit: 1, refill: 'HOURLY' } }],
    ['rateLimits.0.limit', { rateLimits: [{ limit: 1.5, windowSeconds: 1 }] }],
    ['rateLimits.0.burst', { rateLimits: [{ limit: 1, windowSeconds: 1, burst: 5 }] }],
    ['rateLimits.0.limit', { rateLimits: [{ limit: 0, windowSeconds: 1 }] }],
  ])('limits that make no sense are refused, naming %s', async (field, limits) => {
    const refused = await send('POST', '/v1/api-keys', { name: 'By REST', scope: scope(), ...limits });
    expect(refused.status).toBe(400);
    const { errors } = (await refused.json()) as { errors: readonly { field: readonly string[] }[] };
    expect(errors.map((error) => error.field.join('.'))).toEqual([field]);
  });
});
