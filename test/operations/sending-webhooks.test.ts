import { createHmac } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { claim, findDue, writeResult } from '../../src/webhooks/due-deliveries';
import { LEASE_MS } from '../../src/webhooks/webhook-sender';
import { eventually } from '../support/eventually';
import { createdKey } from '../support/key-mutations';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE, twoCustomers, type TwoCustomers } from '../support/two-customers';
import { WebhookReceiver } from '../support/webhook-receiver';
import {
  addedEndpoint,
  deliveriesOf,
  removeEndpoints,
  senderOf,
  verified,
  type DeliveryView,
} from '../support/webhooks';

const HOUR_MS = 60 * 60 * 1000;
const PATH = '/webhooks';

describe('sending webhooks', () => {
  let program: TestProgram;
  let receiver: WebhookReceiver;
  let asOwner: Credential;
  let customers: TwoCustomers;
  let acmeId: string;
  /** The time of the senders. It goes on only as a test says. */
  let time: number;
  const clock = () => time;

  beforeAll(async () => {
    program = await TestProgram.start();
    asOwner = await program.user(PEOPLE.owner);
    customers = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys));
    acmeId = customers.acme.organization.id;
  });

  beforeEach(async () => {
    receiver = await WebhookReceiver.start();
    time = Date.now() + HOUR_MS;
  });

  afterEach(async () => {
    await receiver.stop();
    await removeEndpoints(program);
  });

  afterAll(() => program.stop());

  const endpoint = (url = receiver.url()) => addedEndpoint(program, asOwner, acmeId, url);
  const newKey = (name = 'Told') =>
    createdKey(program, asOwner, {
      name,
      scope: { environmentIds: [customers.acme.checkoutProduction.id] },
    });
  const deliveries = async (filter: object | null = null) =>
    (await deliveriesOf(program, asOwner, acmeId, filter)) ?? [];
  const onlyDelivery = async (): Promise<DeliveryView> => {
    const [delivery, ...others] = await deliveries();
    if (delivery === undefined || others.length > 0) throw new Error('There is not one delivery.');
    return delivery;
  };
  /** Lets the time come at which the delivery is due again, and tries it. */
  const tryAgain = async () => {
    time = Date.parse((await onlyDelivery()).nextAttemptAt ?? '');
    await senderOf(program, { clock }).runOnce();
  };

  test('a change reaches the endpoint signed, so that the library for receivers takes it', async () => {
    const { id: endpointId, signingSecret } = await endpoint();
    const { apiKey } = await newKey('Payments');
    await senderOf(program, { clock }).runOnce();

    const [webhook, ...others] = receiver.at(PATH);
    expect(others).toEqual([]);
    if (webhook === undefined) throw new Error('Nothing came.');
    expect(verified(webhook, signingSecret, time)).toEqual({
      type: 'api_key.created',
      timestamp: apiKey.createdAt,
      data: {
        organizationId: acmeId,
        apiKeyId: apiKey.id,
        name: 'Payments',
        status: 'ACTIVE',
        expiresAt: null,
        scope: {
          breadth: 'ENVIRONMENT',
          organizationId: null,
          accountIds: [],
          widgetIds: [],
          environmentIds: [customers.acme.checkoutProduction.id],
          truncated: false,
        },
        actor: { kind: 'USER', id: PEOPLE.owner.id, email: PEOPLE.owner.email },
      },
    });
    expect(await onlyDelivery()).toEqual({
      id: webhook.headers['webhook-id'],
      endpointId,
      eventType: 'api_key.created',
      status: 'DELIVERED',
      attempts: 1,
      nextAttemptAt: null,
      lastResponseStatus: 204,
      lastError: null,
      createdAt: apiKey.createdAt,
      deliveredAt: new Date(time).toISOString(),
      payload: JSON.parse(webhook.body) as object,
    });
  });

  test('the signature is that of the scheme, and fails for another secret, body or time', async () => {
    const { signingSecret } = await endpoint();
    await newKey();
    await senderOf(program, { clock }).runOnce();
    const [webhook] = receiver.at(PATH);
    if (webhook === undefined) throw new Error('Nothing came.');

    const {
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': signature,
    } = webhook.headers;
    const secret = Buffer.from(signingSecret.replace('whsec_', ''), 'base64');
    const digest = createHmac('sha256', secret).update(`${String(id)}.${String(timestamp)}.${webhook.body}`);
    expect(signature).toBe(`v1,${digest.digest('base64')}`);
    expect(webhook.headers['content-type']).toBe('application/json');

    const another = `whsec_${Buffer.alloc(32).toString('base64')}`;
    expect(() => verified(webhook, another, time)).toThrow('signature');
    const changed = { ...webhook, body: webhook.body.replace('created', 'revoked') };
    expect(() => verified(changed, signingSecret, time)).toThrow('signature');
    expect(() => verified(webhook, signingSecret, time + HOUR_MS)).toThrow('too old');
  });

  test('an endpoint that fails is tried again later and later, with the same id and body, until it accepts', async () => {
    const { signingSecret } = await endpoint();
    receiver.willAnswer(PATH, 500, 'CLOSE', 503);
    await newKey();
    const told: [number, number | null, string | null][] = [];
    await senderOf(program, { clock }).runOnce();
    for (const seconds of [5, 30, 120]) {
      const { status, attempts, lastResponseStatus, lastError, nextAttemptAt } = await onlyDelivery();
      expect(status).toBe('PENDING');
      told.push([attempts, lastResponseStatus, lastError]);
      const delay = Date.parse(nextAttemptAt ?? '') - time;
      expect(delay).toBeGreaterThanOrEqual(seconds * 1000);
      expect(delay).toBeLessThanOrEqual(seconds * 1200);
      await senderOf(program, { clock }).runOnce();
      expect(receiver.at(PATH)).toHaveLength(attempts);
      await tryAgain();
      const last = receiver.at(PATH).at(-1);
      if (last === undefined) throw new Error('Nothing came.');
      expect(verified(last, signingSecret, time).type).toBe('api_key.created');
    }
    expect(told).toEqual([
      [1, 500, 'The endpoint answered 500.'],
      [2, null, 'No connection.'],
      [3, 503, 'The endpoint answered 503.'],
    ]);
    const accepted = { status: 'DELIVERED', attempts: 4, lastResponseStatus: 204, lastError: null };
    expect(await onlyDelivery()).toMatchObject(accepted);
    const same = receiver.at(PATH).map(({ headers, body }) => `${String(headers['webhook-id'])} ${body}`);
    expect(new Set(same).size).toBe(1);
  });

  test('an endpoint that never accepts is given up after about three days', async () => {
    await endpoint();
    receiver.willAnswer(PATH, ...Array.from({ length: 20 }, () => 500));
    await newKey();
    const begin = time;
    await senderOf(program, { clock }).runOnce();
    while ((await onlyDelivery()).status === 'PENDING') await tryAgain();
    const days = (time - begin) / (24 * HOUR_MS);
    expect(days).toBeGreaterThan(2.8);
    expect(days).toBeLessThan(3.6);
    const lastError = 'The endpoint answered 500.';
    expect(await onlyDelivery()).toMatchObject({
      status: 'FAILED',
      attempts: 11,
      nextAttemptAt: null,
      lastError,
    });
    time += 30 * 24 * HOUR_MS;
    await senderOf(program, { clock }).runOnce();
    expect(receiver.at(PATH)).toHaveLength(11);
  });

  test('an endpoint that is gone is given up at once', async () => {
    await endpoint();
    receiver.willAnswer(PATH, 410);
    await newKey();
    await senderOf(program, { clock }).runOnce();
    const gone = { status: 'FAILED', attempts: 1, nextAttemptAt: null, lastResponseStatus: 410 };
    expect(await onlyDelivery()).toMatchObject(gone);
  });

  test('a redirect is not followed', async () => {
    await endpoint();
    receiver.willAnswer(PATH, 302);
    await newKey();
    await senderOf(program, { clock }).runOnce();
    expect(receiver.received.map(({ path }) => path)).toEqual([PATH]);
    const lastError = 'The endpoint answered 302; redirects are not followed.';
    expect(await onlyDelivery()).toMatchObject({ status: 'PENDING', lastError });
  });

  test('an endpoint that does not answer in time is tried again', async () => {
    await endpoint();
    receiver.willAnswer(PATH, 'HANG');
    await newKey();
    await senderOf(program, { clock, timeoutMs: 200 }).runOnce();
    const lastError = 'No answer within 0.2 s.';
    expect(await onlyDelivery()).toMatchObject({ status: 'PENDING', lastResponseStatus: null, lastError });
    await tryAgain();
    expect(await onlyDelivery()).toMatchObject({ status: 'DELIVERED', attempts: 2 });
  });

  test('why an attempt failed is told in words, whatever the network said', async () => {
    const { port } = new URL(receiver.url());
    const free = await WebhookReceiver.start();
    const closed = free.url();
    await free.stop();
    const urls = {
      [closed]: 'No connection.',
      [`https://127.0.0.1:${port}${PATH}`]: 'No secure connection.',
      'https://nowhere.invalid/': 'The name of the host was not found.',
    };
    for (const [url, lastError] of Object.entries(urls)) {
      await removeEndpoints(program);
      await endpoint(url);
      await newKey();
      await senderOf(program, { clock }).runOnce();
      expect(await onlyDelivery()).toMatchObject({ status: 'PENDING', lastResponseStatus: null, lastError });
    }
  });

  test('where only the internet may be reached, nothing is sent to an address of this machine, or to a name that leads to one', async () => {
    const { port } = new URL(receiver.url());
    for (const host of ['127.0.0.1', 'localhost', '2130706433']) {
      await removeEndpoints(program);
      await endpoint(`http://${host}:${port}${PATH}`);
      await newKey();
      await senderOf(program, { clock, privateAddresses: false }).runOnce();
      const lastError = 'The address is private, and only the internet is reached.';
      expect(await onlyDelivery()).toMatchObject({ status: 'PENDING', lastError });
      expect(receiver.received).toEqual([]);
      await tryAgain();
      expect(receiver.received.splice(0)).toHaveLength(1);
    }
  });

  test('senders that send at once send each message once', async () => {
    await endpoint();
    await Promise.all(Array.from({ length: 40 }, (_, index) => newKey(`Key ${index}`)));
    await Promise.all([1, 2, 3].map(() => senderOf(program, { clock }).runOnce()));
    await senderOf(program, { clock }).runOnce();
    const ids = receiver.at(PATH).map(({ headers }) => headers['webhook-id']);
    expect(ids).toHaveLength(40);
    expect(new Set(ids).size).toBe(40);
    expect(await deliveries({ status: ['DELIVERED'] })).toHaveLength(40);
  });

  test('what a sender claimed that was then killed is sent by another once its lease has ended', async () => {
    await endpoint();
    await newKey();
    const due = await findDue(program.database, time, [], 10);
    const [claimed, ...others] = await claim(program.database, due, time, LEASE_MS);
    expect(others).toEqual([]);
    if (claimed === undefined) throw new Error('Nothing was claimed.');
    expect(await claim(program.database, due, time, LEASE_MS)).toEqual([]);

    time += LEASE_MS - 1;
    await senderOf(program, { clock }).runOnce();
    expect(receiver.received).toEqual([]);

    time += 1;
    receiver.willAnswer(PATH, 500);
    await senderOf(program, { clock }).runOnce();
    expect(receiver.at(PATH).map(({ headers }) => headers['webhook-id'])).toEqual([claimed.id]);
    const failed = await onlyDelivery();
    expect(failed).toMatchObject({ status: 'PENDING', attempts: 2 });

    const late = { status: 'FAILED', nextAttemptAt: time, deliveredAt: null } as const;
    await writeResult(program.database, claimed, { ...late, lastResponseStatus: null, lastError: 'Late.' });
    expect(await onlyDelivery()).toEqual(failed);
  });

  test('an endpoint that hangs does not hold up the others, and a sender that stops finishes what it sends', async () => {
    const slow = await endpoint(receiver.url('/slow'));
    const fast = await endpoint(receiver.url('/fast'));
    receiver.willAnswer('/slow', ...Array.from({ length: 30 }, () => 'HANG' as const));
    await Promise.all(Array.from({ length: 30 }, (_, index) => newKey(`Key ${index}`)));
    const sender = senderOf(program, { clock, pollMs: 20, timeoutMs: 3000 });
    sender.start();
    await eventually(async () => {
      expect(await deliveries({ endpointId: fast.id, status: ['DELIVERED'] })).toHaveLength(30);
    });
    expect((await deliveries({ endpointId: slow.id })).filter(({ lastError }) => lastError !== null)).toEqual(
      [],
    );
    expect(receiver.at('/slow')).toHaveLength(8);

    await sender.stop();
    const tried = (await deliveries({ endpointId: slow.id })).filter(({ attempts }) => attempts > 0);
    expect(tried).toHaveLength(8);
    expect(new Set(tried.map(({ lastError }) => lastError))).toEqual(new Set(['No answer within 3 s.']));
  });
});
