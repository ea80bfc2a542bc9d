import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GraphQLString, Kind, buildSchema, parse } from 'graphql';
import { Random } from '../../src/demo/seeding/random';
import { fieldsToCompile } from '../../src/server/fields-to-compile';
import { RandomOperations, type RandomOperation } from '../support/random-operations';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE, twoCustomers, type TwoCustomers } from '../support/two-customers';

const OPERATIONS = Number(process.env['RANDOM_OPERATIONS'] ?? 1000);
const SEED = Number(process.env['RANDOM_SEED'] ?? 1);
const NOWHERE = '01890000-0000-7000-8000-000000000000';

const schema = buildSchema(readFileSync(join(__dirname, '..', '..', 'schema', 'schema.graphql'), 'utf8'));

/** Operations are executed by graphql-js at first, at their third use as compiled, and from then on past the server's steps. */
describe('an operation that is asked for again', () => {
  let program: TestProgram;
  let customers: TwoCustomers;

  beforeAll(async () => {
    program = await TestProgram.start({ MAX_QUERY_COST: '2500' });
    customers = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys));
  });

  afterAll(() => program.stop());

  const post = async (credential: Credential, body: object) => {
    const response = await fetch(`${program.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...credential },
      body: JSON.stringify(body),
    });
    const text = (await response.text()).replace(/"requestId":"[^"]+"/g, '"requestId":"…"');
    const { 'x-request-id': id, date, ...headers } = Object.fromEntries(response.headers);
    expect({ id, date }).toEqual({ id: expect.any(String), date: expect.any(String) });
    return { status: response.status, headers, text };
  };

  /** The first answer and the third, which the fourth must be too. */
  const firstAndThird = async (credential: Credential, body: object) => {
    const first = await post(credential, body);
    await post(credential, body);
    const third = await post(credential, body);
    expect({ ...body, ...(await post(credential, body)) }).toEqual({ ...body, ...third });
    return [first, third] as const;
  };

  const everyone = async (): Promise<readonly Credential[]> => [
    ...(await Promise.all(Object.values(PEOPLE).map((person) => program.user(person)))),
    { 'x-api-key': customers.acme.keys.mixed.secretKey },
    { 'x-api-key': customers.globex.keys.whole.secretKey },
    await program.service('storefront', 'api-keys:verify'),
  ];

  const things = () => {
    const { acme, globex } = customers;
    const idsOf = (...held: readonly { readonly id: string }[]) => [...held.map(({ id }) => id), NOWHERE];
    const keys = [...Object.values(acme.keys), ...Object.values(globex.keys)];
    const organization = idsOf(acme.organization, globex.organization);
    const apiKey = idsOf(...keys.map(({ key }) => key));
    const environment = idsOf(acme.checkoutProduction, acme.searchProduction, globex.gridProduction);
    const account = idsOf(acme.retail, acme.wholesale, globex.energy);
    const widget = idsOf(acme.checkout, acme.ordering, globex.grid);
    return {
      ids: {
        organization,
        account,
        widget,
        environment,
        apiKey,
        apiKeyId: apiKey,
        organizationId: organization,
      },
      texts: {
        secretKey: [...keys.map(({ secretKey }) => secretKey), 'none'],
        nameContains: ['e', 'CHECK', 'ö', ''],
      },
    };
  };

  test(`is answered the same, whichever of ${OPERATIONS} operations it is and whoever asks`, async () => {
    const random = new Random(SEED);
    const operations = new RandomOperations(schema, random, things());
    const callers = await everyone();
    const queries = Object.keys(schema.getQueryType()?.getFields() ?? {});
    const mutations = Object.keys(schema.getMutationType()?.getFields() ?? {}).filter(
      (name) => name !== 'createOrganization',
    );
    // They may change nothing, so that the third answer is to be the first.
    const powerless = [await program.user(PEOPLE.nobody), callers.at(-1) ?? {}];
    const told = { compiled: 0, failed: 0, refused: 0 };
    for (let number = 0; number < OPERATIONS; number++) {
      const changes = random.chance(0.2);
      const plain = random.chance(0.6);
      const operation = changes
        ? operations.make(
            'mutation',
            plain,
            random.chance(0.5) ? ['verifyApiKey', 'verifyApiKeys'] : mutations,
          )
        : operations.make('query', plain, queries);
      const credential = random.pick(changes ? powerless : callers);
      const [first, third] = await firstAndThird(credential, operation);
      expect({ ...operation, ...third }).toEqual({ ...operation, ...first });
      if (compilable(operation)) told.compiled++;
      if (first.text.includes('"errors":')) told.failed++;
      if (first.status !== 200) told.refused++;
    }
    if (process.env['RANDOM_OPERATIONS']) process.stdout.write(`${JSON.stringify(told)}\n`);
    expect(told.compiled).toBeGreaterThan(OPERATIONS / 5);
    expect(told.failed).toBeGreaterThan(OPERATIONS / 20);
  }, 120_000);

  test('is executed here by a graphql-js that makes no text of a number, as compiled operations make none', () => {
    expect(GraphQLString.serialize('1')).toBe('1');
    expect(() => GraphQLString.serialize(1)).toThrow('Expected a string for a String, got a number.');
  });

  test('never has its text executed as code', async () => {
    // What graphql-jit puts into its functions in place of dates: whoever knows it could have anything executed.
    const mark = '__MAGIC_DATE__33a9e76d_02e0_4128_8e92_3530ad3da74d';
    const code = `${mark}globalThis.intruder=1`;
    const asOwner = await program.user(PEOPLE.owner);
    const queries = [
      `{ apiKeys(filter: { nameContains: "${code}" }) { totalCount } }`,
      `{ account(id: "${code}") { name } }`,
      `mutation { createOrganization(input: { name: "${code}", slug: "" }) { userErrors { code } } }`,
      `query($name: String = "${code}") { apiKeys(filter: { nameContains: $name }) { totalCount } }`,
      `query($filter: ApiKeyFilter = { nameContains: "${code}" }) { apiKeys(filter: $filter) { totalCount } }`,
    ];
    for (const query of queries) {
      const [first, third] = await firstAndThird(asOwner, { query });
      expect(third).toEqual(first);
      await firstAndThird(asOwner, { query: '{ viewer { id } }', variables: { name: code } });
    }
    expect(globalThis).not.toHaveProperty('intruder');
  });

  test('leaves alone what a variable that is left out would change', async () => {
    const asOwner = await program.user(PEOPLE.owner);
    const { id, expiresAt, version } = customers.acme.keys.environment.key;
    const query = `mutation($id: ID!, $version: Int!, $until: DateTimeISO) {
      updateApiKey(input: { id: $id, version: $version, expiresAt: $until }) { apiKey { version expiresAt } userErrors { code } } }`;
    for (let change = 0; change < 4; change++) {
      const variables = { id, version: version + change };
      const { text } = await post(asOwner, { query, variables });
      expect(text).toContain(new Date(expiresAt ?? 0).toISOString());
    }
  });

  test('makes no change after one that failed', async () => {
    const asMember = await program.user(PEOPLE.member);
    const query = `mutation($forbidden: VerifyApiKeyInput!, $own: SwitchApiKeyInput!) {
      verifyApiKey(input: $forbidden) { verification { code } } disableApiKey(input: $own) { apiKey { status } } }`;
    const { keys } = customers.acme;
    const variables = {
      forbidden: { secretKey: keys.widget.secretKey },
      own: { id: keys.widget.key.id },
    };
    const [first, third] = await firstAndThird(asMember, { query, variables });
    expect(third).toEqual(first);
    const key = await post(asMember, { query: `{ apiKey(id: "${keys.widget.key.id}") { status } }` });
    expect(key.text).toBe('{"data":{"apiKey":{"status":"ACTIVE"}}}');
  });

  test('keeps the conditions of its fields, wherever else a fragment is used', async () => {
    const asOwner = await program.user(PEOPLE.owner);
    const query = `query A($with: Boolean!) { viewer { ...Who @include(if: $with) id } same: viewer { ...Who ...Who @skip(if: $with) } }
      query B { viewer { ...Who } }
      fragment Who on Viewer { email kind }`;
    for (const operationName of ['A', 'B', 'A', 'B']) {
      for (const variables of [{ with: true }, { with: false }, { with: true }]) {
        const [first, third] = await firstAndThird(asOwner, { query, variables, operationName });
        expect(third).toEqual(first);
        expect(first.text).toContain('"email"');
      }
    }
  });

  test('is told by its name from others in its document, and by its defaults what it was not told', async () => {
    const asOwner = await program.user(PEOPLE.owner);
    const asService = await program.service('storefront', 'api-keys:verify');
    const query = `query Who { viewer { id kind } }
      query Keys($order: ApiKeyOrder = { field: NAME }, $first: Int = 3) {
        apiKeys(first: $first, orderBy: $order) { nodes { name status scope { breadth } } pageInfo { hasNextPage } } }
      mutation Verify($input: VerifyApiKeyInput!) { verifyApiKey(input: $input) { verification { code limits { remaining } } } }`;
    const { secretKey } = customers.acme.keys.whole;
    const asked = [
      { operationName: 'Who' },
      { operationName: 'Keys' },
      { operationName: 'Keys', variables: { order: { field: 'CREATED_AT' }, first: 2 } },
      { operationName: 'Keys', variables: { order: null } },
      { operationName: 'Keys', variables: { order: { field: 'NONE' } } },
      { operationName: 'Verify', variables: { input: { secretKey } } },
      { operationName: 'Verify', variables: { input: { secretKey, cost: null } } },
      { operationName: 'None' },
    ];
    const answers = new Set<string>();
    for (const request of asked) {
      const caller = request.operationName === 'Verify' ? asService : asOwner;
      const [first, third] = await firstAndThird(caller, { query, ...request });
      expect(third).toEqual(first);
      answers.add(first.text);
    }
    expect(answers.size).toBe(asked.length);
  });

  test('tells of its schema what it told before', async () => {
    const query = `{ __type(name: "Verification") { fields(includeDeprecated: true) { name type { name } } } __typename
      __schema { directives { name locations } } }`;
    const [first, third] = await firstAndThird(await program.user(PEOPLE.owner), { query });
    expect(third).toEqual(first);
    expect(first.text).toContain('missingGrant');
  });

  test('may be given up by its client, and is answered to the next', async () => {
    const asOwner = await program.user(PEOPLE.owner);
    const query =
      'query($n: Int!) { apiKeys(first: $n) { nodes { name scope { environments { widget { account { name } } } } } } }';
    const body = { query, variables: { n: 20 } };
    const [, before] = await firstAndThird(asOwner, body);
    const givenUp = Array.from({ length: 20 }, (_, index) =>
      fetch(`${program.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...asOwner },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(index),
      }).catch(() => null),
    );
    await Promise.all(givenUp);
    expect(await post(asOwner, body)).toEqual(before);
  });
});

function compilable({ query }: RandomOperation): boolean {
  const document = parse(query);
  const [operation] = document.definitions;
  return (
    operation?.kind === Kind.OPERATION_DEFINITION && fieldsToCompile(schema, document, operation) !== null
  );
}
