import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { forgetUsage } from '../../src/verification/usage/forget-usage';
import { asEveryone } from '../support/as-everyone';
import { ask, everyPage, PAGE_INFO, type Page } from '../support/every-page';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE, twoCustomers, type Person, type TwoCustomers } from '../support/two-customers';
import { daysAgo, usageOf, type UsageView } from '../support/usage';

const DAY_MS = 24 * 60 * 60 * 1000;
const NOW = Date.now();

describe('reading what keys are used for', () => {
  let program: TestProgram;
  let as: Record<Person, Credential>;
  let customers: TwoCustomers;
  let keyId: string;

  beforeAll(async () => {
    program = await TestProgram.start();
    as = await asEveryone(program);
    customers = await program.given((tenancy) => {
      const made = twoCustomers(tenancy, program.secretKeys);
      const { keys, checkoutProduction, checkoutStaging, orderingProduction } = made.acme;
      const at = (days: number) => NOW - days * DAY_MS;
      const places = [checkoutProduction, checkoutStaging, null];
      for (let days = 0; days < 40; days++) {
        for (const resource of places)
          tenancy.use(keys.widget.key, { at: at(days), resource, code: 'VALID', uses: days + 1 });
      }
      const refused = { resource: orderingProduction, code: 'OUT_OF_SCOPE', uses: 3_000_000_000 } as const;
      tenancy.use(keys.widget.key, { at: at(1), ...refused });
      const ofGlobex = made.globex.keys.whole.key;
      tenancy.use(ofGlobex, { at: NOW, resource: made.globex.gridProduction, code: 'VALID', uses: 77 });
      return made;
    });
    keyId = customers.acme.keys.widget.key.id;
  });

  afterAll(() => program.stop());

  const nodes = async (more: object = {}) => (await usageOf(program, as.owner, keyId, more))?.nodes ?? [];

  test('the counts of a day are listed by resource and outcome, however many uses there are', async () => {
    const { checkoutProduction, checkoutStaging, orderingProduction } = customers.acme;
    const day = daysAgo(1, NOW);
    const found = await nodes({ from: day, to: day });
    const valid = { day, code: 'VALID', uses: 2 };
    const refused = { resourceId: orderingProduction.id, code: 'OUT_OF_SCOPE', uses: 3_000_000_000 };
    const expected = [
      { ...valid, resourceId: checkoutProduction.id },
      { ...valid, resourceId: checkoutStaging.id },
      { ...valid, resourceId: null },
      { day, ...refused },
    ];
    expect(found).toHaveLength(expected.length);
    expect(found).toEqual(expect.arrayContaining(expected));
  });

  test('both ends of the range count, and the latest days come first', async () => {
    const found = await nodes({ from: daysAgo(9, NOW), to: daysAgo(2, NOW) });
    const days = found.map(({ day }) => day);
    expect(found).toHaveLength(8 * 3);
    expect(days).toEqual(days.toSorted().reverse());
    expect([days[0], days.at(-1)]).toEqual([daysAgo(2, NOW), daysAgo(9, NOW)]);
  });

  test('by resource and by outcome, only those counts are listed', async () => {
    const { id } = customers.acme.checkoutProduction;
    const ofResource = await nodes({ resourceId: id.toUpperCase() });
    expect(ofResource).toHaveLength(40);
    expect(new Set(ofResource.map(({ resourceId }) => resourceId))).toEqual(new Set([id]));
    expect(await nodes({ codes: ['OUT_OF_SCOPE', 'EXPIRED'] })).toHaveLength(1);
    expect(await nodes({ codes: [] })).toEqual([]);
  });

  test.each(['FORWARD', 'BACKWARD'] as const)('%s, every count is on one page only', async (direction) => {
    const query = (page: string) => `{ apiKey(id: "${keyId}") {
      usage(from: "${daysAgo(364)}", to: "${daysAgo(0)}", ${page}) {
        nodes { day resourceId code uses } totalCount ${PAGE_INFO} } } }`;
    const pages = await everyPage(direction, 7, async (page) => {
      const data = await ask<{ apiKey: { usage: Page<UsageView> } }>(program, as.owner, query(page));
      expect(data.apiKey.usage.totalCount).toBe(121);
      return data.apiKey.usage;
    });
    const all = pages.flat();
    expect(all).toHaveLength(121);
    expect(new Set(all.map((node) => JSON.stringify(node))).size).toBe(121);
  });

  test.each([
    ['ends before it begins', '2026-02-02', '2026-02-01'],
    ['is a day longer than 366 days', '2025-01-01', '2026-01-02'],
  ])('a range that %s is refused', async (_how, from, to) => {
    const query = `{ apiKey(id: "${keyId}") { usage(from: "${from}", to: "${to}") { totalCount } } }`;
    const { errors } = await program.graphql(as.owner, query);
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'to' });
  });

  test('a leap year can be asked for as a whole, and nothing that is no day', async () => {
    const query = (from: string, to: string) =>
      `{ apiKey(id: "${keyId}") { usage(from: "${from}", to: "${to}") { totalCount } } }`;
    expect((await program.graphql(as.owner, query('2024-01-01', '2024-12-31'))).errors).toBeUndefined();
    for (const day of ['2026-02-30', '2026-1-1', '', '2026-01-01T00:00:00Z', '+12026-01-01']) {
      const { errors } = await program.graphql(as.owner, query(day, '2026-12-31'));
      expect(errors).toHaveLength(1);
    }
  });

  test('whoever may read a key may read its use: not another customer, and not the key itself', async () => {
    const query = `{ apiKey(id: "${keyId}") { id lastUsedAt usage(from: "${daysAgo(9)}", to: "${daysAgo(0)}") {
      nodes { uses } } scopeAdvice { reason } } }`;
    const read = async (credential: Credential) =>
      (await ask<{ apiKey: { usage: unknown; scopeAdvice: unknown } | null }>(program, credential, query))
        .apiKey;
    for (const person of ['owner', 'admin', 'narrowedAdmin', 'member'] as const) {
      const found = await read(as[person]);
      expect([found?.usage, found?.scopeAdvice]).not.toContain(null);
    }
    for (const person of ['outsider', 'both', 'narrowedMember', 'nobody'] as const)
      expect(await read(as[person])).toBeNull();
    expect(await read({ 'x-api-key': customers.acme.keys.widget.secretKey })).toEqual({
      id: keyId,
      lastUsedAt: new Date(NOW).toISOString(),
      usage: null,
      scopeAdvice: null,
    });
    const ofGlobex = await usageOf(program, as.outsider, customers.globex.keys.whole.key.id);
    expect(ofGlobex?.nodes).toMatchObject([{ uses: 77 }]);
  });

  test('of the used resources, those are told that the caller may read', async () => {
    const query = `{ apiKey(id: "${keyId}") { usage(first: 100, from: "${daysAgo(1, NOW)}", to: "${daysAgo(1, NOW)}") {
      nodes { resourceId resource { name } } } } }`;
    const named = async (person: Person) => {
      const data = await ask<{ apiKey: { usage: Page<{ resource: { name: string } | null }> } }>(
        program,
        as[person],
        query,
      );
      return data.apiKey.usage.nodes.map(({ resource }) => resource?.name ?? '-').sort();
    };
    const names = ['Checkout production', 'Checkout staging'];
    expect(await named('owner')).toEqual(['-', ...names, 'Ordering production']);
    expect(await named('narrowedAdmin')).toEqual(['-', '-', ...names]);
  });

  test('keys that were not used since a time are listed, those never used by when they were made', async () => {
    const unused = async (since: number, credential = as.owner) => {
      const filter = { unusedSince: new Date(since).toISOString() };
      const query = 'query($filter: ApiKeyFilter) { apiKeys(first: 100, filter: $filter) { nodes { id } } }';
      const data = await ask<{ apiKeys: Page<{ id: string }> }>(program, credential, query, { filter });
      return data.apiKeys.nodes.map(({ id }) => id);
    };
    const { keys } = customers.acme;
    expect(await unused(NOW)).toHaveLength(9);
    expect(await unused(NOW)).not.toContain(keyId);
    expect(await unused(NOW + 1)).toContain(keyId);
    expect(await unused(keys.whole.key.createdAt)).toEqual([]);
    expect(await unused(keys.whole.key.createdAt + 1)).toEqual([keys.whole.key.id]);
    expect(await unused(NOW + 1, as.outsider)).toHaveLength(2);
    expect(await unused(NOW, as.outsider)).toEqual([customers.globex.keys.environment.key.id]);
  });

  test('days that are too long ago are forgotten, however many counts they have, and others stay', async () => {
    const many = await program.given((tenancy) => {
      const organization = tenancy.organization('Many', 'many');
      tenancy.membership(organization, PEOPLE.owner, 'OWNER');
      return Array.from({ length: 1500 }, (_, index) => {
        const key = tenancy.apiKey({
          organization,
          name: `Key ${index}`,
          creator: PEOPLE.owner,
          grants: [],
        });
        for (const days of [401, 400]) {
          const at = NOW - days * DAY_MS;
          tenancy.use(key, { at, resource: null, code: 'VALID', uses: 1 });
          tenancy.use(key, { at, resource: null, code: 'DISABLED', uses: 1 });
        }
        return key.id;
      });
    });
    await forgetUsage(program.database, NOW, 400);
    const left = await program.database.rows<{ day: string; total: number }>(
      `SELECT day, COUNT(*) AS total FROM api_key_usage WHERE day < ? GROUP BY day`,
      [daysAgo(300, NOW)],
    );
    expect(left).toEqual([{ day: daysAgo(400, NOW), total: 2 * many.length }]);
    expect(await nodes()).toHaveLength(100);
  });
});

describe('the use of a page of keys', () => {
  let program: TestProgram;
  const owner = (size: number) => ({ id: `owner-of-${size}@acme.example`, email: '' });
  const SIZES = [1, 20, 100];

  beforeAll(async () => {
    program = await TestProgram.start();
    await program.given((tenancy) => {
      for (const size of SIZES) {
        const organization = tenancy.organization('Acme', `acme-${size}`);
        tenancy.membership(organization, owner(size), 'OWNER');
        const widget = tenancy.child(tenancy.child(organization, 'Account'), 'Widget');
        for (let index = 0; index < size; index++) {
          const resource = tenancy.child(widget, `Environment ${index}`);
          const key = tenancy.apiKey({ organization, name: 'Key', creator: owner(size), grants: [widget] });
          for (let days = 0; days < 5; days++)
            tenancy.use(key, { at: NOW - days * DAY_MS, resource, code: 'VALID', uses: 1 });
        }
      }
    });
  });

  afterAll(() => program.stop());

  test.each([
    ['its counts', 3, `usage(first: 3, from: "${daysAgo(9)}", to: "${daysAgo(0)}") { nodes { uses } }`],
    [
      'its counts with their number and resources',
      5,
      `usage(first: 3, from: "${daysAgo(9)}", to: "${daysAgo(0)}") { totalCount nodes { uses resource { name } } }`,
    ],
    ['advice on its scope', 4, 'lastUsedAt scopeAdvice { removedGrants { resourceId } grants { level } }'],
  ])('%s costs %d statements, for 1, 20 and 100 keys', async (_what, count, selection) => {
    for (const size of SIZES) {
      const credential = await program.user(owner(size));
      let told = '';
      const statements = await program.statementsDuring(async () => {
        told = JSON.stringify(
          await ask(program, credential, `{ apiKeys(first: 100) { nodes { ${selection} } } }`),
        );
      });
      expect(told.match(/"uses":1|"level":"ENVIRONMENT"/g)?.length).toBeGreaterThanOrEqual(size);
      expect(statements).toHaveLength(count);
    }
  });
});
