import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { expectNothingInternal } from '../support/nothing-internal';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE, twoCustomers, type TwoCustomers } from '../support/two-customers';

/** Long enough for a busy machine, and far shorter than any of these queries would take if it were executed. */
const FAST_MS = 2000;

describe('queries that would cost too much', () => {
  let program: TestProgram;
  let asOwner: Credential;
  let customers: TwoCustomers;

  beforeAll(async () => {
    program = await TestProgram.start();
    asOwner = await program.user(PEOPLE.owner);
    customers = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys));
  });

  afterAll(() => program.stop());

  /** The code with which a query is refused, before it reached the database for anything but the caller's rights. */
  const refusal = async (query: string, credential: Credential = asOwner) => {
    const start = performance.now();
    let code: string | undefined;
    const statements = await program.statementsDuring(async () => {
      const { status, text, errors } = await program.graphql(credential, query);
      expect(status).toBe(400);
      expectNothingInternal(text);
      code = errors?.[0]?.extensions.code;
    });
    expect(statements.length).toBeLessThanOrEqual(1);
    expect(performance.now() - start).toBeLessThan(FAST_MS);
    return code;
  };

  const post = (path: string, body: string) =>
    fetch(`${program.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...asOwner },
      body,
    });

  test('pages of a hundred in pages of a hundred are refused, with what they cost', async () => {
    const { status, errors } = await program.graphql(
      asOwner,
      `{ organizations(first: 100) { nodes { accounts(first: 100) { nodes { widgets(first: 100) { nodes {
        environments(first: 100) { nodes { id } } } } } } } } }`,
    );
    expect([status, errors?.length]).toEqual([400, 1]);
    expect(errors?.[0]?.extensions).toEqual({
      code: 'QUERY_TOO_COMPLEX',
      cost: expect.any(Number),
      maxCost: 250_000,
    });
  });

  test('what is refused in one list is refused under aliases, in fragments and by variables', async () => {
    const keys =
      'apiKeys(first: 100) { nodes { scope { grants(first: 100) { nodes { resource { name } } } } } }';
    expect((await program.graphql(asOwner, `{ ${keys} }`)).errors).toBeUndefined();
    const many = repeat(20, (index) => `a${index}: ${keys}`);
    expect(await refusal(`{ ${many} }`)).toBe('QUERY_TOO_COMPLEX');
    expect(await refusal(`{ ...F } fragment F on Query { ${many} }`)).toBe('QUERY_TOO_COMPLEX');
    expect(await refusal(`query($n: Int = 100) { ${many.replaceAll('first: 100', 'first: $n')} }`)).toBe(
      'QUERY_TOO_COMPLEX',
    );
  });

  test('the name of the type under a thousand aliases costs what it is', async () => {
    const names = repeat(1000, (index) => `a${index}: __typename`);
    expect((await program.graphql(asOwner, `{ ${names} }`)).errors).toBeUndefined();
    const lists = repeat(3, (index) => `l${index}: apiKeys(first: 100) { nodes { ...F } }`);
    expect(await refusal(`{ ${lists} } fragment F on ApiKey { ${names} }`)).toBe('QUERY_TOO_COMPLEX');
  });

  test.each(['id', '__typename'])('10,000 aliases of %s are refused while they are read', async (field) => {
    expect(await refusal(`{ viewer { ${repeat(10_000, (index) => `a${index}: ${field}`)} } }`)).toBe(
      'GRAPHQL_PARSE_FAILED',
    );
  });

  test.each([20, 30, 200])('fragments that double %d times are refused', async (times) => {
    const doubling = repeat(
      times,
      (index) => `fragment F${index} on Viewer { ...F${index + 1} ...F${index + 1} }`,
    );
    const renamed = repeat(
      times,
      (index) =>
        `fragment F${index} on Viewer { a${index}: id ... { ...F${index + 1} } ... { ...F${index + 1} } }`,
    );
    for (const fragments of [doubling, renamed]) {
      const query = `{ viewer { ...F0 } } ${fragments} fragment F${times} on Viewer { id }`;
      expect(await refusal(query)).toBe('GRAPHQL_VALIDATION_FAILED');
    }
  });

  test.each([
    ['lists', '{ node(id: ', '[', ']', ') { id } }'],
    ['objects', '{ apiKeys(filter: ', '{a:', '}', ') { totalCount } }'],
    ['selections', '{ viewer ', '{ a ', '}', ' }'],
    ['inline fragments', '{ viewer ', '{ ... on Viewer ', '}', ' }'],
  ])(
    "%s nested to any depth are refused as the caller's error",
    async (_what, before, open, close, after) => {
      for (const depth of [300, 600, 900, 1200, 1600, 2000, 3000, 20_000]) {
        const query = `${before}${open.repeat(depth)}${close.repeat(depth)}${after}`;
        expect(['GRAPHQL_VALIDATION_FAILED', 'GRAPHQL_PARSE_FAILED', 'QUERY_TOO_COMPLEX']).toContain(
          await refusal(query),
        );
      }
    },
  );

  test("types of variables nested to any depth are refused as the caller's error", async () => {
    for (const depth of [300, 900, 1500, 1990, 3000]) {
      const query = `query($id: ${'['.repeat(depth)}Int${']'.repeat(depth)}) { node(id: $id) { id } }`;
      expect(['GRAPHQL_VALIDATION_FAILED', 'GRAPHQL_PARSE_FAILED', 'QUERY_TOO_COMPLEX']).toContain(
        await refusal(query),
      );
    }
  });

  test("values of variables nested to any depth are refused as the caller's error", async () => {
    const { id } = customers.acme.retail;
    const create = `mutation($input: CreateApiKeyInput!) { createApiKey(input: $input) { userErrors { field } } }`;
    const input = (deep: string) =>
      `{"input":{"name":"Deep","scope":{"accountIds":["${id}"]},"metadata":${deep}}}`;
    for (const depth of [1001, 3000, 8000, 20_000]) {
      for (const [query, variables] of [
        [create, input(nested(depth))],
        ['query Deep { viewer { id } }', `{"unknown":${nested(depth)}}`],
      ] as const) {
        const response = await post('/graphql', `{"query":"${query}","variables":${variables}}`);
        const { errors } = (await response.json()) as { errors?: { extensions: { code: string } }[] };
        expect([response.status, errors?.[0]?.extensions.code]).toEqual([400, 'BAD_USER_INPUT']);
      }
    }
    expect((await program.graphql(asOwner, '{ apiKeys { nodes { name } } }')).text).not.toContain('Deep');
  });

  test("a body for REST nested to any depth is refused as the caller's error", async () => {
    const { id } = customers.acme.retail;
    for (const depth of [1001, 3000, 8000, 20_000]) {
      const body = `{"name":"Deep","scope":{"accountIds":["${id}"]},"metadata":${nested(depth)}}`;
      const response = await post('/v1/api-keys', body);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ code: 'BAD_USER_INPUT' });
    }
  });

  test('what an operation costs with some variables is not taken for what it costs with others', async () => {
    const query = `query($n: Int!, $m: Int!) { apiKeys(first: $n) { nodes { scope {
      accounts { widgets(first: $m) { nodes { environments(first: $m) { nodes { id name } } } } } } } } }`;
    for (let time = 1; time <= 4; time++)
      expect((await program.graphql(asOwner, query, { n: 1, m: 1 })).errors).toBeUndefined();
    for (const other of [{}, { '1:n1,1:m1,': '' }, { '1:n1,': { '1:m': 1 } }, { n1: 1 }]) {
      const { errors } = await program.graphql(asOwner, query, { ...other, n: 100, m: 100 });
      expect(errors?.[0]?.extensions.code).toBe('QUERY_TOO_COMPLEX');
    }
    expect((await program.graphql(asOwner, query, { n: 1, m: 1 })).errors).toBeUndefined();
  });

  test.each([
    ['what is new', 0],
    ['what is known', 4],
  ])('lists of a hundred thousand ids that are none are refused at once, in %s', async (what, times) => {
    const text = `query($scope: ScopeInput!) { previewScope(scope: $scope) { breadth } } # ${what}`;
    const scopeOf = (environmentIds: readonly unknown[]) => ({ scope: { environmentIds } });
    for (let time = 1; time <= times; time++) {
      const good = await program.graphql(asOwner, text, scopeOf([customers.acme.checkoutStaging.id]));
      expect(good.errors).toBeUndefined();
    }
    for (const wrong of [null, true]) {
      const start = performance.now();
      const { status, errors } = await program.graphql(
        asOwner,
        text,
        scopeOf(Array.from({ length: 100_000 }, () => wrong)),
      );
      expect(performance.now() - start).toBeLessThan(FAST_MS);
      expect(status).toBe(400);
      expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    }
  });

  test('a query that goes up and down the tree as deep as a query can be is answered or refused', async () => {
    const { id } = customers.acme.retail;
    for (const depth of [50, 150, 250, 400]) {
      const down = '{ organization { accounts(first: 1) { nodes '.repeat(depth);
      const query = `{ account(id: "${id}") ${down}{ id }${'}}}'.repeat(depth)} }`;
      const { status, text } = await program.graphql(asOwner, query);
      expect([200, 400]).toContain(status);
      expectNothingInternal(text);
    }
  });

  test('the schema can be read without a credential, but not many times over', async () => {
    const schema = '__schema { types { fields { name args { name type { name } } } } }';
    expect((await program.graphql({}, `{ ${schema} }`)).errors).toBeUndefined();
    expect(await refusal(`{ ${repeat(150, (index) => `a${index}: ${schema}`)} }`, {})).toBe(
      'QUERY_TOO_COMPLEX',
    );
    const deep =
      '{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }';
    expect(await refusal(deep, {})).toBe('GRAPHQL_VALIDATION_FAILED');
  });
});

function repeat(count: number, text: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => text(index)).join(' ');
}

/** Written rather than made: to make a text of it would run out of stack here. */
function nested(depth: number): string {
  return `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
}
