import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { expectNothingInternal } from '../support/nothing-internal';
import { askSubgraph, entities } from '../support/subgraph';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE, twoCustomers, type TwoCustomers } from '../support/two-customers';

const KEYS = 'apiKeys(first: 100) { nodes { scope { grants(first: 100) { nodes { resource { name } } } } } }';
const query = (selection: string) =>
  `query($representations: [_Any!]!) { _entities(representations: $representations) { ${selection} } }`;

describe('what holds at /graphql holds at /subgraph', () => {
  let program: TestProgram;
  let asOwner: Credential;
  let customers: TwoCustomers;

  beforeAll(async () => {
    program = await TestProgram.start();
    asOwner = await program.user(PEOPLE.owner);
    customers = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys));
  });

  afterAll(() => program.stop());

  const environment = () => ({ __typename: 'Environment', id: customers.acme.checkoutStaging.id });

  test('references cost as many items as they are, before anything is read', async () => {
    const text = query(`... on Environment { ${KEYS} }`);
    const one = await askSubgraph(program, asOwner, text, { representations: [environment()] });
    expect(one.errors).toBeUndefined();
    const statements = await program.statementsDuring(async () => {
      const representations = Array.from({ length: 20 }, environment);
      const many = await askSubgraph(program, asOwner, text, { representations });
      expect(many.status).toBe(400);
      expect(many.errors?.[0]?.extensions).toMatchObject({ code: 'QUERY_TOO_COMPLEX', maxCost: 250_000 });
    });
    expect(statements).toHaveLength(1);
  });

  test('nested lists cost what they do at /graphql', async () => {
    const text = `{ ${[1, 2, 3].map((index) => `a${index}: organizations(first: 100) { nodes { ${KEYS} } }`).join(' ')} }`;
    const costs = await Promise.all([askSubgraph(program, asOwner, text), program.graphql(asOwner, text)]);
    const [subgraph, gateway] = costs.map(({ errors }) => errors?.[0]?.extensions);
    expect(subgraph).toEqual(gateway);
    expect(subgraph).toMatchObject({ code: 'QUERY_TOO_COMPLEX' });
  });

  test('lists without pages are charged as they are read', async () => {
    const { acme } = customers;
    const small = await TestProgram.start({ MAX_QUERY_COST: '30' });
    try {
      const world = await small.given((tenancy) => twoCustomers(tenancy, small.secretKeys));
      const credential = await small.user(PEOPLE.owner);
      const reference = { __typename: 'ApiKey', id: world.acme.keys.mixed.key.id };
      const text = query('... on ApiKey { scope { widgetIds } }');
      const few = await askSubgraph(small, credential, text, { representations: [reference] });
      expect(few.errors).toBeUndefined();
      const aliases = Array.from(
        { length: 12 },
        (_, index) => `a${index}: widgetIds b${index}: environmentIds`,
      );
      const many = await askSubgraph(
        small,
        credential,
        query(`... on ApiKey { scope { ${aliases.join(' ')} } }`),
        {
          representations: [reference],
        },
      );
      expect(many.errors?.every(({ extensions }) => extensions.code === 'QUERY_TOO_COMPLEX')).toBe(true);
      expect(acme.organization.id).not.toBe(world.acme.organization.id);
    } finally {
      await small.stop();
    }
  });

  test('what goes wrong inside is masked, and what goes wrong outside is told', async () => {
    const references = [environment()];
    const broken = await TestProgram.start();
    try {
      await broken.given((tenancy) => twoCustomers(tenancy, broken.secretKeys));
      const credential = await broken.user(PEOPLE.owner);
      await broken.database.transaction(async (transaction) => {
        await transaction.execute('ALTER TABLE resources RENAME TO resources_elsewhere', []);
      });
      const text = query('__typename');
      const answer = await askSubgraph(broken, credential, text, { representations: references });
      expect(answer.data).toEqual({ _entities: [null] });
      expect(answer.errors?.[0]?.extensions).toEqual({
        code: 'INTERNAL_SERVER_ERROR',
        requestId: expect.stringMatching(/./),
      });
      expectNothingInternal(answer.text);
    } finally {
      await broken.stop();
    }
  });

  test('mutations are recorded with who made them', async () => {
    const { key } = customers.acme.keys.widget;
    const mutation = `mutation($input: SwitchApiKeyInput!) { disableApiKey(input: $input) { apiKey { status } userErrors { code } } }`;
    const { data, errors } = await askSubgraph(program, asOwner, mutation, { input: { id: key.id } });
    expect(errors).toBeUndefined();
    expect(data).toEqual({ disableApiKey: { apiKey: { status: 'DISABLED' }, userErrors: [] } });
    const reference = { __typename: 'ApiKey', id: key.id };
    const selection = '... on ApiKey { auditEvents(first: 1) { nodes { action actor { id } } } }';
    const [recorded] = await entities(program, asOwner, [reference], selection);
    expect(JSON.stringify(recorded)).toContain(PEOPLE.owner.id);
  });
});
