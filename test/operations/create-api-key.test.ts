import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { asEveryone } from '../support/as-everyone';
import { ask } from '../support/every-page';
import { askForKeyMutation, createdKey, mutateKey, recordOf } from '../support/key-mutations';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE, twoCustomers, type Person, type TwoCustomers } from '../support/two-customers';

const NOWHERE = '01890000-0000-7000-8000-000000000000';
const HOUR_MS = 60 * 60 * 1000;

describe('creating an API key', () => {
  let program: TestProgram;
  let customers: TwoCustomers;
  let as: Record<Person, Credential>;

  beforeAll(async () => {
    program = await TestProgram.start();
    customers = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys));
    as = await asEveryone(program);
  });

  afterAll(() => program.stop());

  const create = (person: Person, input: object) =>
    createdKey(program, as[person], { name: 'New', scope: {}, ...input });
  const refused = async (person: Person, input: object) => {
    const payload = await mutateKey(program, as[person], 'createApiKey', {
      name: 'New',
      scope: {},
      ...input,
    });
    expect(payload).toMatchObject({ apiKey: null, secretKey: null });
    return payload.userErrors;
  };
  const rows = async (table: string): Promise<number> => {
    const [row] = await program.database.rows<{ count: number }>(`SELECT COUNT(*) AS count FROM ${table}`);
    return row?.count ?? 0;
  };
  const everyRow = () =>
    Promise.all(
      ['api_keys', 'api_key_grants', 'api_key_secrets', 'audit_events', 'idempotency_keys'].map(rows),
    );

  test('the new key has what was asked for, and belongs to its maker', async () => {
    const { organization, checkoutProduction, search } = customers.acme;
    const expiresAt = new Date(Date.now() + HOUR_MS).toISOString();
    const { apiKey } = await create('member', {
      name: '  Deploys ✨ ',
      description: 'What deploys the shop.\nEvery night.',
      scope: { widgetIds: [search.id.toUpperCase()], environmentIds: [checkoutProduction.id] },
      expiresAt,
      metadata: { team: 'payments', nested: { list: [1, 'two', null] } },
    });
    expect(apiKey).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      name: 'Deploys ✨',
      description: 'What deploys the shop.\nEvery night.',
      status: 'ACTIVE',
      version: 1,
      createdAt: apiKey.modifiedAt,
      modifiedAt: expect.any(String),
      expiresAt,
      disabledAt: null,
      revokedAt: null,
      revocationReason: null,
      metadata: { team: 'payments', nested: { list: [1, 'two', null] } },
      organizationId: organization.id,
      creatorId: PEOPLE.member.id,
      modifiedBy: PEOPLE.member.id,
      scope: {
        breadth: 'WIDGET',
        organizationId: null,
        accountIds: [],
        widgetIds: [search.id],
        environmentIds: [checkoutProduction.id],
      },
    });
    const listed = await ask<{ apiKey: object }>(
      program,
      as.owner,
      `{ apiKey(id: "${apiKey.id}") { name } }`,
    );
    expect(listed.apiKey).toEqual({ name: 'Deploys ✨' });
  });

  test('the secret works at once, reads what the scope covers, and is stored nowhere', async () => {
    const { checkout, checkoutStaging, searchProduction } = customers.acme;
    const { apiKey, secretKey } = await create('member', { scope: { widgetIds: [checkout.id] } });
    expect(secretKey).toMatch(/^sg_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}$/);
    const seen = await ask(
      program,
      { 'x-api-key': secretKey },
      `{ viewer { kind id } covered: environment(id: "${checkoutStaging.id}") { name }
        beyond: environment(id: "${searchProduction.id}") { name } }`,
    );
    expect(seen).toEqual({
      viewer: { kind: 'API_KEY', id: apiKey.id },
      covered: { name: 'Checkout staging' },
      beyond: null,
    });
    const [, , verifier] = secretKey.split('_');
    const stored = await Promise.all(
      ['api_keys', 'api_key_secrets', 'audit_events'].map((table) =>
        program.database.rows(`SELECT * FROM ${table}`),
      ),
    );
    expect(JSON.stringify(stored)).toContain(apiKey.id);
    expect(JSON.stringify(stored)).not.toContain(verifier);
  });

  test('its making is recorded once, without the secret', async () => {
    const { checkoutStaging } = customers.acme;
    const { apiKey } = await create('member', {
      name: 'Recorded',
      scope: { environmentIds: [checkoutStaging.id] },
    });
    const [event, ...others] = await recordOf(program, apiKey.id);
    expect(others).toEqual([]);
    expect(event).toMatchObject({ action: 'API_KEY_CREATED', actorId: PEOPLE.member.id, before: null });
    expect(event?.after).toMatchObject({
      name: 'Recorded',
      grants: [{ level: 'ENVIRONMENT', id: checkoutStaging.id }],
      version: 1,
    });
  });

  test('a scope that is wider than it needs to be is warned about, one of environments is not', async () => {
    const { organization, retail, checkout, checkoutStaging } = customers.acme;
    const warnings = async (scope: object) =>
      (await mutateKey(program, as.owner, 'createApiKey', { name: 'Warned', scope })).warnings;
    expect(await warnings({ environmentIds: [checkoutStaging.id] })).toEqual([]);
    expect(await warnings({ widgetIds: [checkout.id] })).toEqual([]);
    expect(await warnings({ organizationId: organization.id })).toEqual([
      expect.stringContaining('VERY wide'),
    ]);
    expect(await warnings({ accountIds: [retail.id] })).toEqual([expect.stringContaining('wide')]);
    expect(
      await warnings({
        accountIds: [retail.id],
        widgetIds: [checkout.id],
        environmentIds: [checkoutStaging.id],
      }),
    ).toEqual([
      expect.stringContaining('the account as a whole'),
      expect.stringContaining(`widget ${checkout.id} is covered by the account ${retail.id}`),
      expect.stringContaining(`environment ${checkoutStaging.id} is covered by the widget ${checkout.id}`),
    ]);
  });

  test('an empty scope is allowed, warned about, and valid for nothing', async () => {
    const { apiKey, secretKey, warnings } = await mutateKey(program, as.owner, 'createApiKey', {
      name: 'Empty',
      scope: { accountIds: [], widgetIds: null },
    });
    expect(apiKey?.scope.breadth).toBe('NONE');
    expect(warnings).toEqual([expect.stringContaining('valid for nothing')]);
    const { organization, checkoutStaging } = customers.acme;
    const seen = await ask(
      program,
      { 'x-api-key': secretKey ?? '' },
      `{ organization(id: "${organization.id}") { id } environment(id: "${checkoutStaging.id}") { id }
        organizations { nodes { id } } }`,
    );
    expect(seen).toEqual({ organization: null, environment: null, organizations: { nodes: [] } });
  });

  test('a grant that is given twice is one grant', async () => {
    const { checkoutStaging } = customers.acme;
    const environmentIds = [checkoutStaging.id, checkoutStaging.id.toUpperCase(), checkoutStaging.id];
    const { apiKey } = await create('owner', { scope: { environmentIds } });
    expect(apiKey.scope.environmentIds).toEqual([checkoutStaging.id]);
  });

  test('the organization is inferred from the grants, or from the only membership, else it must be told', async () => {
    const { acme, globex } = customers;
    const home = async (person: Person, input: object) => (await create(person, input)).apiKey.organizationId;
    expect(await home('both', { scope: { environmentIds: [acme.checkoutStaging.id] } })).toBe(
      acme.organization.id,
    );
    expect(await home('both', { scope: { accountIds: [globex.energy.id] } })).toBe(globex.organization.id);
    expect(await home('member', {})).toBe(acme.organization.id);
    expect(await home('both', { organizationId: globex.organization.id.toUpperCase() })).toBe(
      globex.organization.id,
    );
    expect(await refused('both', {})).toMatchObject([{ code: 'INVALID', field: ['organizationId'] }]);
    const elsewhere = {
      organizationId: globex.organization.id,
      scope: { environmentIds: [acme.checkoutStaging.id] },
    };
    expect(await refused('both', elsewhere)).toMatchObject([{ code: 'INVALID', field: ['organizationId'] }]);
  });

  test('an organization of others is refused like one that is nowhere', async () => {
    const { globex } = customers;
    const ofOthers = await refused('owner', { organizationId: globex.organization.id });
    expect(ofOthers).toMatchObject([{ code: 'NOT_FOUND', field: ['organizationId'] }]);
    expect(await refused('owner', { organizationId: NOWHERE })).toEqual(ofOthers);
    expect(await refused('nobody', { organizationId: customers.acme.organization.id })).toEqual(ofOthers);
  });

  test.each<[string, object, string]>([
    ['an empty name', { name: '' }, 'name'],
    ['a name of white space', { name: ' \t ' }, 'name'],
    ['a name of 101 characters', { name: '✨'.repeat(101) }, 'name'],
    ['a name with a control character', { name: 'a\u0000b' }, 'name'],
    ['a name with half a character', { name: 'a\ud800b' }, 'name'],
    ['a description of 1001 characters', { description: 'é'.repeat(1001) }, 'description'],
    ['a description with a control character', { description: 'a\u0007' }, 'description'],
    ['an expiry that is past', { expiresAt: '2024-01-01T00:00:00Z' }, 'expiresAt'],
    ['metadata of more than 4096 bytes', { metadata: { text: 'é'.repeat(2043) } }, 'metadata'],
    ['metadata with half a character', { metadata: { text: 'a\ud800b' } }, 'metadata'],
    ['metadata whose name has half a character', { metadata: { '\udfff': 1 } }, 'metadata'],
    ['an empty idempotency key', { idempotencyKey: '' }, 'idempotencyKey'],
    ['an idempotency key of 129 characters', { idempotencyKey: 'x'.repeat(129) }, 'idempotencyKey'],
    ['an idempotency key with a space', { idempotencyKey: 'a b' }, 'idempotencyKey'],
  ])('%s is refused, which names the field, and nothing is made', async (_, input, field) => {
    const before = await everyRow();
    expect(await refused('owner', input)).toMatchObject([{ code: 'INVALID', field: [field], ids: [] }]);
    expect(await everyRow()).toEqual(before);
  });

  test('everything may be as long as the limits say', async () => {
    const input = {
      name: '✨'.repeat(100),
      description: '✨'.repeat(1000),
      metadata: { text: `${'é'.repeat(2042)}x` },
      idempotencyKey: '~'.repeat(128),
    };
    expect(Buffer.byteLength(JSON.stringify(input.metadata))).toBe(4096);
    const { apiKey } = await create('owner', input);
    const { idempotencyKey, ...told } = input;
    expect(idempotencyKey).toHaveLength(128);
    expect(apiKey).toMatchObject(told);
  });

  test('metadata is kept as it is, whatever it looks like', async () => {
    const metadata = { text: '\\ud800 \\\\ud800 "quoted" \u0000 ✨', '': [{}], __proto: null };
    expect((await create('owner', { metadata })).apiKey.metadata).toEqual(metadata);
  });

  test('what does not have the form of its type is bad input', async () => {
    for (const input of [
      { scope: { environmentIds: ['1'] } },
      { scope: { organizationId: '0' } },
      { organizationId: 'acme' },
      { metadata: ['a list'] },
      { metadata: 'text' },
      { expiresAt: 'tomorrow' },
      { expiresAt: '2999-13-01T00:00:00Z' },
    ]) {
      const whole = { name: 'New', scope: {}, ...input };
      const { data, errors } = await askForKeyMutation(program, as.owner, 'createApiKey', whole);
      expect(data ?? null).toBeNull();
      expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT']);
    }
  });
});
