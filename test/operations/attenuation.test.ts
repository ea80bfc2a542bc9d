import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { MembershipGrantEntity } from '../../src/auth/membership-grant-entity';
import type { User } from '../../src/demo/tenancy';
import type { ResourceEntity } from '../../src/resources/resource-entity';
import { asEveryone } from '../support/as-everyone';
import {
  KEY_MUTATIONS,
  askForKeyMutation,
  changedKey,
  createdKey,
  mutateKey,
  opens,
  recordOf,
  type KeyMutation,
} from '../support/key-mutations';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE, twoCustomers, type Person, type TwoCustomers } from '../support/two-customers';

const LATER = '2999-01-01T00:00:00.000Z';

describe('nobody gives a key more than they may touch', () => {
  let program: TestProgram;
  let customers: TwoCustomers;
  let as: Record<Person, Credential>;

  beforeAll(async () => {
    program = await TestProgram.start();
    customers = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys));
    as = await asEveryone(program);
  });

  afterAll(() => program.stop());

  const execute = (sql: string, ...values: string[]) =>
    program.database.transaction((transaction) => transaction.execute(sql, values));
  let people = 0;
  /** A new member of Acme, who reaches all of it. */
  const newMember = async (role: 'ADMIN' | 'MEMBER' = 'MEMBER') => {
    const email = `member-${++people}@acme.example`;
    const user: User = { id: email, email };
    const { organization } = customers.acme;
    const membership = await program.given((tenancy) => tenancy.membership(organization, user, role));
    const narrowTo = async (...resources: ResourceEntity[]) => {
      await execute('UPDATE memberships SET narrowed = 1 WHERE id = ?', membership.id);
      await program.database.transaction((transaction) =>
        transaction.insert(
          MembershipGrantEntity,
          resources.map(({ id, organizationId, level }) => ({
            membershipId: membership.id,
            organizationId,
            resourceId: id,
            level,
          })),
        ),
      );
    };
    return { credential: await program.user(user), membership, narrowTo };
  };
  const refusal = async (credential: Credential, mutation: KeyMutation, input: object) => {
    const { apiKey, secretKey, userErrors } = await mutateKey(program, credential, mutation, input);
    expect({ apiKey, secretKey: secretKey ?? null }).toEqual({ apiKey: null, secretKey: null });
    return userErrors;
  };

  describe('a member who has been narrowed since they made a key', () => {
    let credential: Credential;
    let id: string;
    let secretKey: string;

    beforeEach(async () => {
      const { retail, checkout, ordering } = customers.acme;
      const member = await newMember();
      ({ credential } = member);
      const scope = { widgetIds: [checkout.id, ordering.id] };
      const made = await createdKey(program, credential, {
        name: 'Made before',
        scope,
        expiresAt: '2998-01-01T00:00:00Z',
      });
      ({ id } = made.apiKey);
      ({ secretKey } = made);
      await member.narrowTo(retail);
    });

    test('gets no new secret for it', async () => {
      expect(await refusal(credential, 'rotateApiKey', { id, gracePeriodSeconds: 60 })).toMatchObject([
        { code: 'BEYOND_YOUR_SCOPE', field: ['id'], ids: [customers.acme.ordering.id] },
      ]);
      expect(await opens(program, secretKey)).toBe(true);
      expect(await recordOf(program, id)).toHaveLength(1);
    });

    test('may switch it off, and not on again', async () => {
      await changedKey(program, credential, 'disableApiKey', { id });
      expect(await refusal(credential, 'enableApiKey', { id })).toMatchObject([
        { code: 'BEYOND_YOUR_SCOPE', field: ['id'], ids: [customers.acme.ordering.id] },
      ]);
      expect(await opens(program, secretKey)).toBe(false);
      await changedKey(program, as.admin, 'enableApiKey', { id });
      expect(await opens(program, secretKey)).toBe(true);
    });

    test('may let it end sooner, and not later', async () => {
      for (const expiresAt of [LATER, null]) {
        expect(await refusal(credential, 'updateApiKey', { id, version: 1, expiresAt })).toMatchObject([
          { code: 'BEYOND_YOUR_SCOPE', field: ['id'] },
        ]);
      }
      const sooner = { id, version: 1, expiresAt: '2997-01-01T00:00:00.000Z' };
      expect((await changedKey(program, credential, 'updateApiKey', sooner)).expiresAt).toBe(
        sooner.expiresAt,
      );
    });

    test('may rename it and make it narrower, but not give it again what it had', async () => {
      const { retail, checkout, checkoutStaging, ordering } = customers.acme;
      const scope = { widgetIds: [checkout.id, ordering.id] };
      expect(await refusal(credential, 'updateApiKey', { id, version: 1, scope })).toMatchObject([
        { code: 'NOT_FOUND', field: ['scope', 'widgetIds'], ids: [ordering.id] },
      ]);
      await changedKey(program, credential, 'updateApiKey', { id, version: 1, name: 'Renamed' });
      const narrower = { id, version: 2, scope: { environmentIds: [checkoutStaging.id] }, expiresAt: LATER };
      await changedKey(program, credential, 'updateApiKey', narrower);
      const within = { id, version: 3, scope: { accountIds: [retail.id] } };
      await changedKey(program, credential, 'updateApiKey', within);
      expect((await changedKey(program, credential, 'rotateApiKey', { id })).scope.accountIds).toEqual([
        retail.id,
      ]);
    });

    test('may revoke it', async () => {
      await changedKey(program, credential, 'revokeApiKey', { id });
      expect(await opens(program, secretKey)).toBe(false);
    });
  });

  test('an admin who is narrowed does not reach the keys that lie beyond, not even in part', async () => {
    const { mixed, wholesale, environment } = customers.acme.keys;
    for (const [mutation, more] of [
      ['rotateApiKey', {}],
      ['disableApiKey', {}],
      ['updateApiKey', { version: 1, scope: {} }],
    ] as const) {
      for (const { key } of [mixed, wholesale]) {
        expect(await refusal(as.narrowedAdmin, mutation, { id: key.id, ...more })).toMatchObject([
          { code: 'NOT_FOUND', field: ['id'], ids: [] },
        ]);
      }
    }
    expect(
      await changedKey(program, as.narrowedAdmin, 'rotateApiKey', { id: environment.key.id }),
    ).toMatchObject({
      version: 2,
    });
    const scope = { widgetIds: [customers.acme.ordering.id] };
    const widening = { id: environment.key.id, version: 2, scope };
    expect(await refusal(as.narrowedAdmin, 'updateApiKey', widening)).toMatchObject([
      { code: 'NOT_FOUND', field: ['scope', 'widgetIds'] },
    ]);
  });

  test('who is narrowed to something that is gone makes keys that are valid for nothing only', async () => {
    const member = await newMember();
    const doomed = await program.given((tenancy) => tenancy.child(customers.acme.organization, 'Doomed'));
    await member.narrowTo(doomed);
    const scope = { accountIds: [doomed.id] };
    const { apiKey } = await createdKey(program, member.credential, { name: 'Made before', scope });
    await execute('DELETE FROM resources WHERE id = ?', doomed.id);
    for (const ids of [
      { accountIds: [doomed.id] },
      { accountIds: [customers.acme.retail.id] },
      { environmentIds: [customers.acme.checkoutStaging.id] },
    ]) {
      expect(await refusal(member.credential, 'createApiKey', { name: 'Beyond', scope: ids })).toMatchObject([
        { code: 'NOT_FOUND' },
      ]);
    }
    const empty = await createdKey(program, member.credential, { name: 'Empty', scope: {} });
    expect(empty.apiKey.scope.breadth).toBe('NONE');
    expect(await changedKey(program, member.credential, 'rotateApiKey', { id: apiKey.id })).toMatchObject({
      scope: { breadth: 'NONE' },
    });
  });

  test('a widget that moves away from what a member is narrowed to is beyond them from then on', async () => {
    const { retail, wholesale } = customers.acme;
    const moving = await program.given((tenancy) => tenancy.child(retail, 'Moving'));
    const scope = { widgetIds: [moving.id] };
    const { apiKey } = await createdKey(program, as.narrowedMember, { name: 'Of the moving widget', scope });
    await execute('UPDATE resources SET parent_id = ? WHERE id = ?', wholesale.id, moving.id);
    expect(await refusal(as.narrowedMember, 'rotateApiKey', { id: apiKey.id })).toMatchObject([
      { code: 'BEYOND_YOUR_SCOPE', ids: [moving.id] },
    ]);
    await execute('UPDATE resources SET parent_id = ? WHERE id = ?', retail.id, moving.id);
    await changedKey(program, as.narrowedMember, 'rotateApiKey', { id: apiKey.id });
  });

  test('who has left the organization changes none of the keys that they made there', async () => {
    const { credential, membership } = await newMember('ADMIN');
    const scope = { accountIds: [customers.acme.retail.id] };
    const { apiKey, secretKey } = await createdKey(program, credential, { name: 'Of a leaver', scope });
    await execute('DELETE FROM memberships WHERE id = ?', membership.id);
    for (const mutation of ['rotateApiKey', 'disableApiKey', 'revokeApiKey'] as const) {
      expect(await refusal(credential, mutation, { id: apiKey.id })).toMatchObject([{ code: 'NOT_FOUND' }]);
    }
    expect(await refusal(credential, 'createApiKey', { name: 'New', scope })).toMatchObject([
      { code: 'NOT_FOUND' },
    ]);
    expect(await opens(program, secretKey)).toBe(true);
  });

  test.each(KEY_MUTATIONS)(
    '%s is forbidden to services and API keys, whatever they send',
    async (mutation) => {
      const { key, secretKey } = customers.acme.keys.whole;
      const { id } = key;
      const inputs: Record<KeyMutation, object[]> = {
        createApiKey: [
          { name: 'Forbidden', scope: {} },
          { name: '', scope: {}, idempotencyKey: '' },
        ],
        updateApiKey: [{ id, version: 1, name: 'Forbidden' }],
        disableApiKey: [{ id }],
        enableApiKey: [{ id }],
        rotateApiKey: [{ id }, { id, gracePeriodSeconds: -1 }],
        endApiKeyRotation: [{ id }],
        revokeApiKey: [{ id }],
        revokeApiKeys: [{ ids: [id] }, { ids: [] }],
      };
      const callers = [
        await program.service(PEOPLE.owner.id, 'api-keys:verify'),
        await program.service('sync', 'api-keys:verify', 'resources:sync'),
        { 'x-api-key': secretKey },
        { authorization: `Bearer ${secretKey}` },
      ];
      const codes = async (credential: Credential) =>
        Promise.all(
          inputs[mutation].map(async (input) => {
            const { errors } = await askForKeyMutation(program, credential, mutation, input);
            return errors?.[0]?.extensions.code;
          }),
        );
      for (const caller of callers) expect(new Set(await codes(caller))).toEqual(new Set(['FORBIDDEN']));
      expect(new Set(await codes({}))).toEqual(new Set(['UNAUTHENTICATED']));
      expect(await recordOf(program, id)).toEqual([]);
      expect(await opens(program, secretKey)).toBe(true);
    },
  );
});
