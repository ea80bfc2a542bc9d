import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { tellExpiries } from '../../src/api-keys/expiry-watcher';
import { forgetIdempotencyKeys } from '../../src/api-keys/changing/forget-idempotency-keys';
import { asEveryone } from '../support/as-everyone';
import { changedKey, createdKey } from '../support/key-mutations';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE, twoCustomers, type Person, type TwoCustomers } from '../support/two-customers';
import { addedEndpoint, deliveriesOf, removeEndpoints } from '../support/webhooks';

const DAY_MS = 24 * 60 * 60 * 1000;

describe('expiry events', () => {
  let program: TestProgram;
  let as: Record<Person, Credential>;
  let customers: TwoCustomers;
  let acmeId: string;

  beforeAll(async () => {
    program = await TestProgram.start();
    as = await asEveryone(program);
    customers = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys));
    acmeId = customers.acme.organization.id;
  });

  beforeEach(async () => {
    // What earlier tests have left to tell is told to nobody.
    await tellExpiries(program.database, Date.now());
    await removeEndpoints(program);
    await addedEndpoint(program, as.owner, acmeId, 'https://hooks.acme.example/');
    await addedEndpoint(
      program,
      as.outsider,
      customers.globex.organization.id,
      'https://hooks.globex.example/',
    );
  });

  afterAll(() => program.stop());

  const newKey = async (name: string, expiresAt: number, revoked = false) => {
    const input = {
      name,
      scope: { widgetIds: [customers.acme.checkout.id] },
      expiresAt: new Date(expiresAt),
    };
    const { apiKey } = await createdKey(program, as.owner, input);
    if (revoked) await changedKey(program, as.owner, 'revokeApiKey', { id: apiKey.id });
    return apiKey;
  };
  const deliveries = async () => ((await deliveriesOf(program, as.owner, acmeId)) ?? []).toReversed();
  /** The expiry events of a key, in the order in which they were told. */
  const toldOf = async (name: string) =>
    (await deliveries())
      .filter(({ eventType, payload }) => eventType.includes('expir') && payload.data['name'] === name)
      .map(({ eventType }) => eventType);

  test('a key is told to be expiring from 7 days before its end, and expired at its end, each once', async () => {
    const now = Date.now();
    const end = now + 10 * DAY_MS;
    await newKey('Ends', end);
    await tellExpiries(program.database, end - 7 * DAY_MS - 1);
    expect(await toldOf('Ends')).toEqual([]);
    await tellExpiries(program.database, end - 7 * DAY_MS);
    await tellExpiries(program.database, end - DAY_MS);
    expect(await toldOf('Ends')).toEqual(['api_key.expiring']);
    await tellExpiries(program.database, end - 1);
    await tellExpiries(program.database, end);
    await tellExpiries(program.database, end + 30 * DAY_MS);
    expect(await toldOf('Ends')).toEqual(['api_key.expiring', 'api_key.expired']);
  });

  test('the event says what ends and when, and that nobody did it', async () => {
    const end = Date.now() + 3 * DAY_MS;
    const { id } = await newKey('Says', end);
    const time = Date.now();
    await tellExpiries(program.database, time);
    const event = (await deliveries()).at(-1);
    expect(event?.payload).toMatchObject({
      type: 'api_key.expiring',
      timestamp: new Date(time).toISOString(),
      data: {
        organizationId: acmeId,
        apiKeyId: id,
        name: 'Says',
        status: 'ACTIVE',
        expiresAt: new Date(end).toISOString(),
        scope: { breadth: 'WIDGET', widgetIds: [customers.acme.checkout.id] },
        actor: { kind: 'SYSTEM', id: 'scopegate', email: null },
      },
    });
    await tellExpiries(program.database, end);
    expect((await deliveries()).at(-1)?.payload.data['status']).toBe('EXPIRED');
  });

  test('an expiry that is moved is told anew', async () => {
    const now = Date.now();
    const { id, version } = await newKey('Moves', now + DAY_MS);
    await tellExpiries(program.database, now);
    const moved = { id, version, expiresAt: new Date(now + 2 * DAY_MS) };
    await changedKey(program, as.owner, 'updateApiKey', moved);
    await tellExpiries(program.database, now);
    await tellExpiries(program.database, now + 2 * DAY_MS);
    expect(await toldOf('Moves')).toEqual(['api_key.expiring', 'api_key.expiring', 'api_key.expired']);
  });

  test('a key that was revoked, or has no end, is not told of', async () => {
    const now = Date.now();
    await newKey('Revoked before', now + DAY_MS, true);
    await createdKey(program, as.owner, { name: 'Endless', scope: {}, organizationId: acmeId });
    await tellExpiries(program.database, now);
    await tellExpiries(program.database, now + 2 * DAY_MS);
    expect([...(await toldOf('Revoked before')), ...(await toldOf('Endless'))]).toEqual([]);
  });

  test('a key whose end came while nobody looked is told as expired only', async () => {
    const end = Date.now() + 20 * DAY_MS;
    await newKey('Unseen', end);
    await tellExpiries(program.database, end + DAY_MS);
    expect(await toldOf('Unseen')).toEqual(['api_key.expired']);
  });

  test('no organization is told of the keys of another', async () => {
    await newKey('Of Acme', Date.now() + DAY_MS);
    await tellExpiries(program.database, Date.now());
    expect(await toldOf('Of Acme')).toEqual(['api_key.expiring']);
    const ofGlobex = await deliveriesOf(program, as.outsider, customers.globex.organization.id);
    expect(ofGlobex).toEqual([]);
  });

  test('looking does not count as a change of the key', async () => {
    const { id } = await newKey('Unchanged', Date.now() + DAY_MS);
    const key = () =>
      program.graphql(as.owner, `{ apiKey(id: "${id}") { version modifiedAt modifiedBy expiresAt } }`);
    const before = await key();
    await tellExpiries(program.database, Date.now());
    expect((await key()).data).toEqual(before.data);
  });

  test('when several processes look at once, each of many keys is told once', async () => {
    const expiresAt = Date.now() + 5 * DAY_MS;
    const ids = await program.given((tenancy) =>
      Array.from({ length: 450 }, (_, index) => {
        const { organization } = customers.acme;
        const key = {
          organization,
          name: `One of many ${index}`,
          creator: PEOPLE.member,
          grants: [],
          expiresAt,
        };
        return tenancy.apiKey(key).id;
      }),
    );
    const now = Date.now();
    await Promise.all([1, 2, 3].map(() => tellExpiries(program.database, now)));
    const rows = await program.database.rows<{ payload: string }>(
      "SELECT payload FROM webhook_deliveries WHERE event_type = 'api_key.expiring'",
    );
    const apiKeyIds = rows.map(
      ({ payload }) => (JSON.parse(payload) as { data: { apiKeyId: string } }).data.apiKeyId,
    );
    expect(apiKeyIds.sort()).toEqual([...ids].sort());
  });

  test('an idempotency key is forgotten after a day, not before', async () => {
    const input = { name: 'Once', scope: {}, organizationId: acmeId, idempotencyKey: 'once' };
    await createdKey(program, as.owner, input);
    const left = async () => (await program.database.rows('SELECT 1 AS one FROM idempotency_keys')).length;
    await forgetIdempotencyKeys(program.database, Date.now() + DAY_MS - 60_000);
    expect(await left()).toBe(1);
    await forgetIdempotencyKeys(program.database, Date.now() + DAY_MS);
    expect(await left()).toBe(0);
  });
});
