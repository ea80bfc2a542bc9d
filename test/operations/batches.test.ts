import { afterEach, describe, expect, test } from '@jest/globals';
import { asEveryone } from '../support/as-everyone';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE, twoCustomers, type Person } from '../support/two-customers';

let program: TestProgram;
let as: Record<Person, Credential>;

const start = async (settings: Record<string, string> = {}) => {
  program = await TestProgram.start(settings);
  await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys));
  as = await asEveryone(program);
};

afterEach(() => program.stop());

interface Answer {
  readonly data?: Readonly<Record<string, unknown>>;
  readonly errors?: readonly { readonly extensions: { readonly code: string } }[];
}

async function send(path: string, operations: readonly object[]) {
  const response = await fetch(program.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...as.owner },
    body: JSON.stringify(operations),
  });
  return { status: response.status, body: (await response.json()) as Answer & Answer[] };
}

const NAME = { query: '{ viewer { email } }' };
const KEYS = { query: '{ apiKeys(first: 5) { nodes { id } } }' };

describe('several operations in one request', () => {
  test('are refused unless they are switched on', async () => {
    await start();
    const { status, body } = await send('/graphql', [NAME, NAME]);
    expect([status, body.errors?.[0]?.extensions.code]).toEqual([400, 'BAD_REQUEST']);
  });

  test('are answered in their order where they are, each with its own errors', async () => {
    await start({ GRAPHQL_BATCH_LIMIT: '3' });
    const { status, body } = await send('/graphql', [NAME, { query: '{ nothing }' }, KEYS]);
    expect(status).toBe(400);
    expect(body[0]?.data).toEqual({ viewer: { email: 'owner@acme.example' } });
    expect(body[1]?.errors?.[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
    expect(body[2]?.data).toMatchObject({ apiKeys: { nodes: Array.from({ length: 5 }, () => ({})) } });
  });

  test('are refused if there are too many, and by the subgraph always', async () => {
    await start({ GRAPHQL_BATCH_LIMIT: '3' });
    const long = await send('/graphql', [NAME, NAME, NAME, NAME]);
    expect([long.status, long.body.errors?.[0]?.extensions.code]).toEqual([400, 'BAD_USER_INPUT']);
    const ofRouter = await send('/subgraph', [NAME]);
    expect([ofRouter.status, ofRouter.body.errors?.[0]?.extensions.code]).toEqual([400, 'BAD_REQUEST']);
  });

  test('may together cost no more than one may', async () => {
    await start({ GRAPHQL_BATCH_LIMIT: '3', MAX_QUERY_COST: '30' });
    const one = await send('/graphql', [KEYS]);
    expect(one.body[0]?.errors).toBeUndefined();
    const { body } = await send('/graphql', [KEYS, KEYS, KEYS]);
    const codes = body.map(({ errors }) => errors?.[0]?.extensions.code);
    expect(codes).toEqual([undefined, undefined, 'QUERY_TOO_COMPLEX']);
  });

  test('may together list no more without pages than one may', async () => {
    await start({ GRAPHQL_BATCH_LIMIT: '2', MAX_QUERY_COST: '600' });
    const id = await program.given((tenancy) => {
      const organization = tenancy.organization('Wide', 'wide');
      const widget = tenancy.child(tenancy.child(organization, 'Account'), 'Widget');
      const grants = Array.from({ length: 200 }, (_, index) => tenancy.child(widget, `Environment ${index}`));
      tenancy.membership(organization, PEOPLE.owner, 'OWNER');
      return tenancy.apiKey({ organization, name: 'Wide', creator: PEOPLE.owner, grants }).id;
    });
    const lists = { query: `{ apiKey(id: "${id}") { scope { environments { id name } } } }` };
    const alone = await send('/graphql', [lists]);
    expect(alone.body[0]?.errors).toBeUndefined();
    const { body } = await send('/graphql', [lists, lists]);
    const codes = body.flatMap(({ errors = [] }) => errors.map(({ extensions }) => extensions.code));
    expect(codes).toContain('QUERY_TOO_COMPLEX');
  });
});
