import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ApiKeyEntity } from '../../src/api-keys/api-key-entity';
import type { User } from '../../src/demo/tenancy';
import type { ResourceEntity } from '../../src/resources/resource-entity';
import { asEveryone } from '../support/as-everyone';
import { ask } from '../support/every-page';
import { recordOf, type UserErrorView } from '../support/key-mutations';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE, twoCustomers, type Person, type TwoCustomers } from '../support/two-customers';

const DAY_MS = 24 * 60 * 60 * 1000;
const NOW = Date.now();

interface Advice {
  readonly reason: string | null;
  readonly breadth: string | null;
  readonly grants: readonly { readonly resourceId: string }[] | null;
  readonly removedGrants: readonly { readonly resourceId: string }[];
  readonly addedGrants: readonly { readonly resourceId: string }[];
  readonly revision: string | null;
}

interface Applied {
  readonly apiKey: { readonly version: number; readonly scope: { readonly environmentIds: string[] } } | null;
  readonly applied: Advice | null;
  readonly userErrors: readonly UserErrorView[];
}

const ADVICE = `reason breadth grants { level resourceId } removedGrants { level resourceId }
  addedGrants { level resourceId } revision`;

describe('advice on the scope of a key', () => {
  let program: TestProgram;
  let as: Record<Person, Credential>;
  let customers: TwoCustomers;
  let acme: TwoCustomers['acme'];

  beforeAll(async () => {
    program = await TestProgram.start();
    as = await asEveryone(program);
    customers = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys));
    acme = customers.acme;
  });

  afterAll(() => program.stop());

  interface Used {
    readonly resource: ResourceEntity | null;
    readonly days?: number;
    readonly code?: 'VALID' | 'OUT_OF_SCOPE';
  }

  const usedKey = (grants: readonly ResourceEntity[], uses: readonly Used[], creator: User = PEOPLE.owner) =>
    program.given((tenancy) => {
      const { organization } = acme;
      const key = tenancy.apiKey({ organization, name: 'Used', creator, grants, createdAt: NOW - DAY_MS });
      for (const { resource, days = 0, code = 'VALID' } of uses)
        tenancy.use(key, { at: NOW - days * DAY_MS, resource, code, uses: 1 });
      return key;
    });
  const adviceOn = async ({ id }: ApiKeyEntity, person: Person = 'owner') => {
    const query = `{ apiKey(id: "${id}") { scopeAdvice { ${ADVICE} } } }`;
    return (await ask<{ apiKey: { scopeAdvice: Advice } }>(program, as[person], query)).apiKey.scopeAdvice;
  };
  const apply = async ({ id }: ApiKeyEntity, more: object = {}, person: Person = 'owner') => {
    const data = await ask<{ applyScopeAdvice: Applied }>(
      program,
      as[person],
      `mutation($input: ApplyScopeAdviceInput!) { applyScopeAdvice(input: $input) {
        apiKey { version scope { breadth environmentIds } } applied { ${ADVICE} } warnings
        userErrors { code message field ids } } }`,
      { input: { id, version: 1, ...more } },
    );
    return data.applyScopeAdvice;
  };
  const ids = (grants: readonly { readonly resourceId: string }[] | null | undefined) =>
    grants?.map(({ resourceId }) => resourceId) ?? null;
  const environmentIds = async ({ id }: ApiKeyEntity) => {
    const query = `{ apiKey(id: "${id}") { scope { breadth environmentIds } } }`;
    return (await ask<{ apiKey: { scope: object } }>(program, as.owner, query)).apiKey.scope;
  };

  test('is the resources themselves that it was VALID for in 30 days, with what goes and what comes', async () => {
    const { retail, checkoutProduction, checkoutStaging, searchProduction, ordering } = acme;
    const key = await usedKey(
      [retail, ordering],
      [
        { resource: checkoutProduction, days: 29 },
        { resource: checkoutProduction },
        { resource: null },
        { resource: checkoutStaging, days: 30 },
        { resource: searchProduction, code: 'OUT_OF_SCOPE' },
      ],
    );
    expect(await adviceOn(key)).toEqual({
      reason: null,
      breadth: 'ENVIRONMENT',
      grants: [{ level: 'ENVIRONMENT', resourceId: checkoutProduction.id }],
      removedGrants: [
        { level: 'ACCOUNT', resourceId: retail.id },
        { level: 'WIDGET', resourceId: ordering.id },
      ],
      addedGrants: [{ level: 'ENVIRONMENT', resourceId: checkoutProduction.id }],
      revision: expect.any(String),
    });
  });

  test('goes by the tree as it is: what was deleted needs no grant, and what was moved away gets none', async () => {
    const { checkout, search, checkoutProduction } = acme;
    const [deleted, moved] = await program.given((tenancy) => {
      const gone = tenancy.child(checkout, 'Gone');
      const widget = tenancy.child(acme.retail, 'Moving');
      return [gone, widget] as const;
    });
    const key = await usedKey(
      [acme.retail],
      [{ resource: deleted }, { resource: moved }, { resource: checkoutProduction }, { resource: search }],
    );
    expect(ids((await adviceOn(key)).grants)?.toSorted()).toEqual(
      [deleted.id, moved.id, checkoutProduction.id, search.id].sort(),
    );
    await ask(
      program,
      as.owner,
      `mutation { deleteResource(input: { id: "${deleted.id}" }) { userErrors { code } } }`,
    );
    const move = `id: "${moved.id}", parentId: "${acme.wholesale.id}"`;
    await ask(program, as.owner, `mutation { moveResource(input: { ${move} }) { userErrors { code } } }`);
    expect(ids((await adviceOn(key)).grants)).toEqual([search.id, checkoutProduction.id]);
  });

  test('is not given without a use that tells something, and then nothing is applied', async () => {
    const { checkout, checkoutProduction, orderingProduction } = acme;
    const reasons: [string, readonly Used[]][] = [
      ['NOT_USED', []],
      ['NOT_USED', [{ resource: checkoutProduction, days: 30 }]],
      ['NO_RESOURCE_NAMED', [{ resource: null }]],
      ['NOTHING_LEFT', [{ resource: orderingProduction }]],
      ['NARROWEST_ALREADY', [{ resource: checkout }]],
    ];
    for (const [reason, uses] of reasons) {
      const key = await usedKey([checkout], uses);
      expect(await adviceOn(key)).toMatchObject({ reason, grants: null, removedGrants: [], revision: null });
      const { userErrors, apiKey } = await apply(key);
      expect(userErrors).toMatchObject([{ code: 'CONFLICT', message: expect.stringContaining(reason) }]);
      expect(apiKey).toBeNull();
      expect(await environmentIds(key)).toEqual({ breadth: 'WIDGET', environmentIds: [] });
    }
  });

  test('is taken as any other new scope: recorded, with a new version, and followed by verifications at once', async () => {
    const { checkout, checkoutProduction, checkoutStaging } = acme;
    const key = await usedKey([checkout], [{ resource: checkoutProduction }], PEOPLE.member);
    const { revision, ...seen } = await adviceOn(key, 'member');
    const { apiKey, applied, userErrors } = await apply(key, { revision }, 'member');
    expect(userErrors).toEqual([]);
    expect(applied).toEqual({ revision, ...seen });
    expect(apiKey).toEqual({
      version: 2,
      scope: { breadth: 'ENVIRONMENT', environmentIds: [checkoutProduction.id] },
    });
    const [event] = (await recordOf(program, key.id)).slice(-1);
    expect(event).toMatchObject({
      action: 'API_KEY_UPDATED',
      actorId: PEOPLE.member.id,
      before: { grants: [{ level: 'WIDGET', id: checkout.id }] },
      after: { grants: [{ level: 'ENVIRONMENT', id: checkoutProduction.id }] },
    });
    expect((await adviceOn(key)).reason).toBe('NARROWEST_ALREADY');
    const query = `{ environment(id: "${checkoutStaging.id}") { apiKeys(first: 100) { nodes { id } } } }`;
    expect(JSON.stringify(await ask(program, as.owner, query))).not.toContain(key.id);
  });

  test('that was seen is not taken when another is given by now, nor when the key has another version', async () => {
    const { checkout, checkoutProduction, checkoutStaging } = acme;
    const key = await usedKey([checkout], [{ resource: checkoutProduction }]);
    const { revision } = await adviceOn(key);
    const { secretKey, stored } = program.secretKeys.generate();
    const other = await program.beside();
    await program.database.transaction((transaction) =>
      transaction.execute(
        'INSERT INTO api_key_secrets (selector, digest, pepper_version, source, organization_id, api_key_id, created_at) ' +
          'VALUES (?, ?, ?, ?, ?, ?, ?)',
        [
          stored.selector,
          stored.digest,
          stored.pepperVersion,
          'GENERATED',
          acme.organization.id,
          key.id,
          NOW,
        ],
      ),
    );
    const resource = { level: 'ENVIRONMENT', id: checkoutStaging.id };
    await fetch(`${other.url}/v1/verify`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(await program.service('gw', 'api-keys:verify')) },
      body: JSON.stringify({ secretKey, resource }),
    });
    await other.stop();
    expect((await apply(key, { revision })).userErrors).toMatchObject([
      { code: 'CONFLICT', field: ['revision'] },
    ]);
    expect((await apply(key, { version: 2 })).userErrors).toMatchObject([
      { code: 'CONFLICT', field: ['version'] },
    ]);
    expect(await environmentIds(key)).toEqual({ breadth: 'WIDGET', environmentIds: [] });
    const { applied } = await apply(key);
    expect(ids(applied?.grants)?.toSorted()).toEqual([checkoutProduction.id, checkoutStaging.id].sort());
  });

  test('can be taken only by those who may change the key and grant what it names', async () => {
    const { organization, orderingProduction, checkoutProduction } = acme;
    const key = await usedKey(
      [organization],
      [{ resource: orderingProduction }, { resource: checkoutProduction }],
    );
    const own = await usedKey([organization], [{ resource: orderingProduction }], PEOPLE.narrowedAdmin);
    for (const person of ['outsider', 'member', 'narrowedAdmin', 'nobody'] as const)
      expect((await apply(key, {}, person)).userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
    expect((await apply(own, {}, 'narrowedAdmin')).userErrors).toMatchObject([
      { code: 'NOT_FOUND', field: ['id'], ids: [orderingProduction.id] },
    ]);
    for (const unchanged of [key, own])
      expect(await environmentIds(unchanged)).toMatchObject({ breadth: 'ORGANIZATION' });
  });

  test('is not taken by a key that is revoked, or that the policy does not allow', async () => {
    const { checkout, checkoutProduction, keys } = acme;
    expect((await apply(keys.revoked.key)).userErrors).toMatchObject([{ code: 'REVOKED' }]);
    const key = await usedKey([checkout], [{ resource: checkoutProduction }]);
    const policy = (expiryRequired: boolean) =>
      ask(
        program,
        as.owner,
        `mutation { updateOrganizationPolicy(input: { organizationId: "${acme.organization.id}",
          expiryRequired: ${expiryRequired} }) { userErrors { message } } }`,
      );
    await policy(true);
    expect((await apply(key)).userErrors).toMatchObject([{ code: 'AGAINST_POLICY', field: ['id'] }]);
    expect(await environmentIds(key)).toMatchObject({ breadth: 'WIDGET' });
    await policy(false);
  });
});
