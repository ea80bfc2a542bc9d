import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createApiKey } from '../../src/api-keys/changing/create-api-key';
import { change } from '../../src/audit/change';
import { asEveryone } from '../support/as-everyone';
import { ask } from '../support/every-page';
import { changedKey, createdKey, mutateKey } from '../support/key-mutations';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE, twoCustomers, type Person, type TwoCustomers } from '../support/two-customers';
import { addedEndpoint, deliveriesOf, type EndpointView } from '../support/webhooks';

describe('webhook deliveries', () => {
  let program: TestProgram;
  let as: Record<Person, Credential>;
  let customers: TwoCustomers;
  let acmeId: string;
  let globexId: string;
  let endpoint: EndpointView;

  beforeAll(async () => {
    program = await TestProgram.start();
    as = await asEveryone(program);
    customers = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys));
    acmeId = customers.acme.organization.id;
    globexId = customers.globex.organization.id;
    endpoint = await addedEndpoint(program, as.owner, acmeId, 'https://hooks.acme.example/');
    await addedEndpoint(program, as.outsider, globexId, 'https://hooks.globex.example/');
  });

  afterAll(() => program.stop());

  const deliveries = async (filter: object | null = null, organizationId = acmeId) =>
    (await deliveriesOf(
      program,
      organizationId === acmeId ? as.owner : as.outsider,
      organizationId,
      filter,
    )) ?? [];
  const eventsOf = async (apiKeyId: string) => {
    const of = (await deliveries()).filter(({ payload }) => payload.data['apiKeyId'] === apiKeyId);
    return of.reverse();
  };
  const newKey = () => createdKey(program, as.member, { name: 'Watched', scope: {}, organizationId: acmeId });

  test('each change in the life of a key is told, with the key as it is since, and never with a secret', async () => {
    const { apiKey, secretKey } = await newKey();
    const { id } = apiKey;
    const version = () => ({ id });
    await changedKey(program, as.admin, 'updateApiKey', { id, version: 1, name: 'Renamed' });
    await changedKey(program, as.admin, 'disableApiKey', version());
    await changedKey(program, as.admin, 'enableApiKey', version());
    const rotated = await mutateKey(program, as.admin, 'rotateApiKey', { id, gracePeriodSeconds: 60 });
    await changedKey(program, as.owner, 'revokeApiKey', { id, reason: 'No longer needed' });

    const told = await eventsOf(id);
    expect(
      told.map(({ eventType, payload }) => [
        eventType,
        payload.data['name'],
        payload.data['status'],
        (payload.data['actor'] as { id: string }).id,
      ]),
    ).toEqual([
      ['api_key.created', 'Watched', 'ACTIVE', PEOPLE.member.id],
      ['api_key.updated', 'Renamed', 'ACTIVE', PEOPLE.admin.id],
      ['api_key.disabled', 'Renamed', 'DISABLED', PEOPLE.admin.id],
      ['api_key.enabled', 'Renamed', 'ACTIVE', PEOPLE.admin.id],
      ['api_key.rotated', 'Renamed', 'ACTIVE', PEOPLE.admin.id],
      ['api_key.revoked', 'Renamed', 'REVOKED', PEOPLE.owner.id],
    ]);
    const rows = await program.database.rows<{ payload: string }>('SELECT payload FROM webhook_deliveries');
    const secrets = await program.database.rows<{ selector: string; digest: string }>(
      'SELECT selector, digest FROM api_key_secrets',
    );
    const everything = JSON.stringify(rows);
    expect(everything).toContain(id);
    for (const { selector, digest } of secrets) {
      expect(everything).not.toContain(selector);
      expect(everything).not.toContain(digest);
    }
    for (const secret of [secretKey, rotated.secretKey ?? '']) {
      const verifier = secret.split('_').at(-1) ?? '';
      expect(verifier.length).toBeGreaterThan(20);
      expect(everything).not.toContain(verifier);
    }
  });

  test('deliveries are told to owners and admins of the organization, and each sees none of another', async () => {
    const { apiKey } = await newKey();
    for (const person of ['owner', 'admin'] as const) {
      const [newest] = (await deliveriesOf(program, as[person], acmeId)) ?? [];
      expect(newest?.payload.data['apiKeyId']).toBe(apiKey.id);
    }
    for (const person of ['member', 'narrowedMember', 'narrowedAdmin', 'both'] as const) {
      expect(await deliveriesOf(program, as[person], acmeId)).toBeNull();
    }
    await createdKey(program, as.outsider, { name: 'Of Globex', scope: {}, organizationId: globexId });
    const ofGlobex = await deliveries(null, globexId);
    expect(ofGlobex.map(({ payload }) => payload.data['name'])).toEqual(['Of Globex']);
    expect(JSON.stringify(await deliveries())).not.toContain('Of Globex');
  });

  test('by status and by endpoint, deliveries that fit both are listed', async () => {
    await newKey();
    const all = await deliveries();
    const delivered = all.at(0)?.id ?? '';
    await program.database.transaction((transaction) =>
      transaction.execute(
        "UPDATE webhook_deliveries SET status = 'DELIVERED', delivered_at = 1 WHERE id = ?",
        [delivered],
      ),
    );
    const ids = async (filter: object) => (await deliveries(filter)).map(({ id }) => id);
    expect(await ids({ status: ['DELIVERED'] })).toEqual([delivered]);
    expect(await ids({ status: ['DELIVERED'], endpointId: endpoint.id })).toEqual([delivered]);
    expect(await ids({ status: ['PENDING'] })).toHaveLength(all.length - 1);
    expect(await ids({ status: ['FAILED'] })).toEqual([]);
    expect(await ids({ status: [] })).toEqual([]);
    expect(await ids({ endpointId: globexId })).toEqual([]);
    expect(await ids({ status: null, endpointId: null })).toHaveLength(all.length);
  });

  test('the list is paged, the newest first', async () => {
    await newKey();
    await newKey();
    const all = (await deliveries()).map(({ id }) => id);
    const page = async (after: string | null) => {
      const data = await ask<{
        organization: { webhookDeliveries: { nodes: { id: string }[]; pageInfo: { endCursor: string } } };
      }>(
        program,
        as.owner,
        `query($id: ID!, $after: String) { organization(id: $id) { webhookDeliveries(first: 1, after: $after) {
          nodes { id } pageInfo { endCursor } } } }`,
        { id: acmeId, after },
      );
      return data.organization.webhookDeliveries;
    };
    const first = await page(null);
    const second = await page(first.pageInfo.endCursor);
    expect([...first.nodes, ...second.nodes].map(({ id }) => id)).toEqual(all.slice(0, 2));
  });

  test('a scope of many grants is told with its first 50, and says so', async () => {
    const environments = await program.given((tenancy) =>
      Array.from({ length: 60 }, (_, index) => tenancy.child(customers.acme.search, `Stage ${index}`)),
    );
    const { apiKey } = await createdKey(program, as.owner, {
      name: 'Wide',
      scope: { environmentIds: environments.map(({ id }) => id) },
    });
    const [created] = await eventsOf(apiKey.id);
    const scope = created?.payload.data['scope'] as { environmentIds: string[]; truncated: boolean };
    expect(scope.environmentIds).toHaveLength(50);
    expect(scope).toMatchObject({ breadth: 'ENVIRONMENT', truncated: true });
  });

  test('a change that is not kept leaves neither key nor delivery, and one that is kept leaves both', async () => {
    const principal = { kind: 'USER', ...PEOPLE.owner, memberships: [], readAt: 0 } as const;
    const origin = { address: null, userAgent: null, requestId: null };
    const caller = { principal, origin, now: Date.now() };
    const newKeyNamed = (name: string) => ({
      ...{ name, description: '', grants: [], organizationId: acmeId, expiresAt: null, metadata: null },
      ...{ at: [], idempotencyKey: null },
    });
    const make = (name: string, fail: boolean) =>
      change(
        program.database,
        caller,
        async (open) => {
          await createApiKey(open, program.secretKeys, newKeyNamed(name));
          if (fail) throw new Error('On purpose.');
        },
        { tell: () => undefined },
      );
    const counts = async (name: string) => {
      const keys = await program.database.rows('SELECT id FROM api_keys WHERE name = ?', [name]);
      const told = await program.database.rows('SELECT id FROM webhook_deliveries WHERE payload LIKE ?', [
        `%"${name}"%`,
      ]);
      return [keys.length, told.length];
    };
    await expect(make('Never made', true)).rejects.toThrow('On purpose.');
    expect(await counts('Never made')).toEqual([0, 0]);
    await make('Made', false);
    expect(await counts('Made')).toEqual([1, 1]);
  });
});
