import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { asEveryone } from '../support/as-everyone';
import { ask } from '../support/every-page';
import { changedKey, createdKey, mutateKey, opens, recordOf, type KeyView } from '../support/key-mutations';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE, twoCustomers, type Person, type TwoCustomers } from '../support/two-customers';

const NOWHERE = '01890000-0000-7000-8000-000000000000';
const HOUR_MS = 60 * 60 * 1000;
const CALLERS = 20;

describe('updating an API key', () => {
  let program: TestProgram;
  let customers: TwoCustomers;
  let as: Record<Person, Credential>;

  beforeAll(async () => {
    // Twenty callers at once take turns, which may take longer than a single one is given.
    program = await TestProgram.start({ DATABASE_DEADLINE_MS: '30000' });
    customers = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys));
    as = await asEveryone(program);
  });

  afterAll(() => program.stop());

  const newKey = (more: object = {}, person: Person = 'member') =>
    createdKey(program, as[person], {
      name: 'Before',
      description: 'As it was',
      scope: { widgetIds: [customers.acme.checkout.id] },
      metadata: { as: 'it was' },
      ...more,
    });
  const update = (person: Person, { id, version }: KeyView, what: object) =>
    mutateKey(program, as[person], 'updateApiKey', { id, version, ...what });
  const read = async (id: string) => {
    const selection = 'name description version metadata scope { widgetIds environmentIds }';
    const data = await ask<{ apiKey: object }>(program, as.owner, `{ apiKey(id: "${id}") { ${selection} } }`);
    return data.apiKey;
  };
  const endedBefore = (id: string) =>
    program.database.transaction((transaction) =>
      transaction.execute('UPDATE api_keys SET expires_at = ? WHERE id = ?', [Date.now() - 1000, id]),
    );

  test.each<[string, object]>([
    ['name', { name: 'After' }],
    ['description', { description: '' }],
    ['expiresAt', { expiresAt: '2999-12-31T23:59:59.000Z' }],
    ['metadata', { metadata: { now: ['other', 'things'] } }],
  ])('what is said of %s changes, and everything else stays', async (field, change) => {
    const { apiKey } = await newKey();
    const { apiKey: changed, warnings, userErrors } = await update('admin', apiKey, change);
    expect(userErrors).toEqual([]);
    expect(warnings).toEqual([]);
    expect(changed).toEqual({
      ...apiKey,
      ...change,
      version: 2,
      modifiedAt: expect.any(String),
      modifiedBy: PEOPLE.admin.id,
    });
    const events = await recordOf(program, apiKey.id);
    expect(events.map(({ action }) => action)).toEqual(['API_KEY_CREATED', 'API_KEY_UPDATED']);
    expect(events[1]).toMatchObject({
      actorId: PEOPLE.admin.id,
      before: { [field]: apiKey[field as keyof KeyView], version: 1 },
      after: { ...change, version: 2 },
    });
  });

  test('null takes expiry and metadata away, and leaves the rest as it is', async () => {
    const { apiKey } = await newKey({ expiresAt: '2999-01-01T00:00:00Z' });
    const nulls = { expiresAt: null, metadata: null, name: null, description: null, scope: null };
    const changed = (await update('member', apiKey, nulls)).apiKey;
    expect(changed).toEqual({
      ...apiKey,
      expiresAt: null,
      metadata: null,
      version: 2,
      modifiedAt: expect.any(String),
    });
  });

  test('a new scope takes the place of the old one, for the secret too, and is warned about', async () => {
    const { retail, checkoutStaging, searchProduction } = customers.acme;
    const { apiKey, secretKey } = await newKey();
    const reads = async () => {
      const query = `{ old: environment(id: "${checkoutStaging.id}") { id } new: environment(id: "${searchProduction.id}") { id } }`;
      const seen = await ask<Record<'old' | 'new', object | null>>(
        program,
        { 'x-api-key': secretKey },
        query,
      );
      return { old: seen.old !== null, new: seen.new !== null };
    };
    expect(await reads()).toEqual({ old: true, new: false });
    const narrow = { scope: { environmentIds: [searchProduction.id] } };
    const narrowed = await changedKey(program, as.member, 'updateApiKey', {
      id: apiKey.id,
      version: 1,
      ...narrow,
    });
    expect(narrowed.scope).toEqual({
      breadth: 'ENVIRONMENT',
      organizationId: null,
      accountIds: [],
      widgetIds: [],
      environmentIds: [searchProduction.id],
    });
    expect(await reads()).toEqual({ old: false, new: true });
    const wide = await update('member', narrowed, { scope: { accountIds: [retail.id] } });
    expect(wide.warnings).toEqual([expect.stringContaining('wide')]);
    expect(await reads()).toEqual({ old: true, new: true });
    const nothing = await update('member', { ...narrowed, version: 3 }, { scope: {} });
    expect(nothing.warnings).toEqual([expect.stringContaining('valid for nothing')]);
    expect(await reads()).toEqual({ old: false, new: false });
    const [, , ...updates] = await recordOf(program, apiKey.id);
    expect(updates).toMatchObject([
      {
        before: { grants: [{ level: 'ENVIRONMENT', id: searchProduction.id }] },
        after: { grants: [{ level: 'ACCOUNT', id: retail.id }] },
      },
      { before: { grants: [{ level: 'ACCOUNT', id: retail.id }] }, after: { grants: [] } },
    ]);
  });

  test('of two people who edit the same version, one is told of the conflict, and neither edit is lost', async () => {
    const { apiKey } = await newKey();
    expect((await update('member', apiKey, { name: 'By the member' })).userErrors).toEqual([]);
    const late = await update('admin', apiKey, { description: 'By the admin', scope: {} });
    expect(late).toMatchObject({
      apiKey: null,
      warnings: null,
      userErrors: [{ code: 'CONFLICT', field: ['version'] }],
    });
    const widgetIds = [customers.acme.checkout.id];
    expect(await read(apiKey.id)).toMatchObject({
      name: 'By the member',
      description: 'As it was',
      version: 2,
      scope: { widgetIds },
    });
    await update('admin', { ...apiKey, version: 2 }, { description: 'By the admin' });
    expect(await read(apiKey.id)).toMatchObject({
      name: 'By the member',
      description: 'By the admin',
      version: 3,
    });
  });

  test('a version that is yet to come is a conflict too', async () => {
    const { apiKey } = await newKey();
    for (const version of [0, 2, -1]) {
      const { userErrors } = await update('member', { ...apiKey, version }, { name: 'Too early' });
      expect(userErrors).toMatchObject([{ code: 'CONFLICT', field: ['version'] }]);
    }
  });

  test('of 20 updates at once one wins each version, and what it wrote is whole', async () => {
    const { apiKey } = await newKey();
    const environmentIds = [customers.acme.checkoutStaging.id, customers.acme.searchProduction.id];
    const people: Person[] = ['owner', 'admin', 'member'];
    for (let version = 1; version <= 3; version++) {
      const answers = await Promise.all(
        Array.from({ length: CALLERS }, (_, caller) => {
          const scope = { environmentIds: [environmentIds[caller % 2]] };
          const what = { name: `Caller ${caller}`, description: `Caller ${caller}`, scope };
          return update(people[caller % 3] ?? 'owner', { ...apiKey, version }, what);
        }),
      );
      const winners = answers.flatMap(({ apiKey: won }) => won ?? []);
      expect(winners).toHaveLength(1);
      const codes = answers.flatMap(({ userErrors }) => userErrors.map(({ code }) => code));
      expect(codes).toEqual(Array.from({ length: CALLERS - 1 }, () => 'CONFLICT'));
      const { name, scope } = winners[0] ?? apiKey;
      expect(await read(apiKey.id)).toEqual({
        name,
        description: name,
        version: version + 1,
        metadata: { as: 'it was' },
        scope: { widgetIds: [], environmentIds: scope.environmentIds },
      });
    }
    expect(await recordOf(program, apiKey.id)).toHaveLength(4);
  });

  test.each<[string, object, string]>([
    ['an empty name', { name: ' ' }, 'name'],
    ['a name of 101 characters', { name: 'x'.repeat(101) }, 'name'],
    ['a description of 1001 characters', { description: 'x'.repeat(1001) }, 'description'],
    ['an expiry that is past', { expiresAt: '2024-01-01T00:00:00Z' }, 'expiresAt'],
    ['metadata of more than 4096 bytes', { metadata: { x: 'x'.repeat(4089) } }, 'metadata'],
  ])('%s is refused, which names the field, and nothing of the update is kept', async (_, change, field) => {
    const { apiKey } = await newKey();
    const before = await read(apiKey.id);
    const { userErrors } = await update('member', apiKey, { name: 'Kept?', scope: {}, ...change });
    expect(userErrors).toMatchObject([{ code: 'INVALID', field: [field] }]);
    expect(await read(apiKey.id)).toEqual(before);
    expect(await recordOf(program, apiKey.id)).toHaveLength(1);
  });

  test('a scope of another organization is refused like one that is nowhere, and the old one stays', async () => {
    const { apiKey } = await newKey();
    const refusal = async (id: string) => {
      const { userErrors } = await update('member', apiKey, { scope: { environmentIds: [id] } });
      expect(userErrors).toMatchObject([
        { code: 'NOT_FOUND', field: ['scope', 'environmentIds'], ids: [id] },
      ]);
      return JSON.stringify(userErrors).replaceAll(id, '<id>');
    };
    expect(await refusal(customers.globex.gridProduction.id)).toBe(await refusal(NOWHERE));
    expect(await read(apiKey.id)).toMatchObject({ scope: { widgetIds: [customers.acme.checkout.id] } });
  });

  test('a key does not move to another organization of the same user', async () => {
    const { acme, globex } = customers;
    const scope = { environmentIds: [acme.orderingProduction.id] };
    const { apiKey } = await newKey({ scope }, 'both');
    const { userErrors } = await update('both', apiKey, {
      scope: { environmentIds: [globex.gridProduction.id] },
    });
    expect(userErrors).toMatchObject([{ code: 'INVALID', field: ['scope'] }]);
  });

  test('a key of others is refused like one that is nowhere', async () => {
    const { apiKey } = await newKey({}, 'owner');
    const refusal = async (person: Person, id: string) =>
      (await update(person, { ...apiKey, id }, { name: 'Mine now' })).userErrors;
    const nowhere = await refusal('owner', NOWHERE);
    expect(nowhere).toMatchObject([{ code: 'NOT_FOUND', field: ['id'] }]);
    for (const person of ['member', 'outsider', 'both', 'narrowedMember', 'nobody'] as const) {
      expect(await refusal(person, apiKey.id)).toEqual(nowhere);
    }
    expect(await read(apiKey.id)).toMatchObject({ name: 'Before', version: 1 });
  });

  test('a key that was revoked stays as it is', async () => {
    const { apiKey } = await newKey();
    const revoked = await changedKey(program, as.member, 'revokeApiKey', { id: apiKey.id });
    const { userErrors } = await update('owner', revoked, {
      name: 'Again',
      expiresAt: '2999-01-01T00:00:00Z',
    });
    expect(userErrors).toMatchObject([{ code: 'REVOKED', field: ['id'] }]);
    expect(await read(apiKey.id)).toMatchObject({ name: 'Before', version: 2 });
  });

  test('a key that is over goes on with a later expiry', async () => {
    const { apiKey, secretKey } = await newKey({ expiresAt: new Date(Date.now() + HOUR_MS).toISOString() });
    await endedBefore(apiKey.id);
    expect(await opens(program, secretKey)).toBe(false);
    const renamed = await changedKey(program, as.member, 'updateApiKey', {
      id: apiKey.id,
      version: 1,
      name: 'Over, with another name',
    });
    expect(renamed.status).toBe('EXPIRED');
    const { apiKey: prolonged } = await update('member', renamed, { expiresAt: null });
    expect(prolonged).toMatchObject({ status: 'ACTIVE', expiresAt: null });
    expect(await opens(program, secretKey)).toBe(true);
  });

  test('a key that is over and goes on takes a place among the active ones, if there is one', async () => {
    const { organization, grid } = customers.globex;
    const input = { name: 'Over', scope: { widgetIds: [grid.id] }, expiresAt: '2999-01-01T00:00:00Z' };
    const { apiKey } = await createdKey(program, as.outsider, input);
    await endedBefore(apiKey.id);
    const limit = async (maxActiveKeys: number) => {
      const policy = `{ organizationId: "${organization.id}", maxActiveKeys: ${maxActiveKeys} }`;
      await ask(
        program,
        as.outsider,
        `mutation { updateOrganizationPolicy(input: ${policy}) { policy { id } } }`,
      );
    };
    await limit(2);
    const prolonged = () => update('outsider', apiKey, { expiresAt: null });
    expect((await prolonged()).userErrors).toMatchObject([{ code: 'LIMIT_REACHED' }]);
    await limit(3);
    expect((await prolonged()).userErrors).toEqual([]);
  });
});
