import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE, twoCustomers, type TwoCustomers } from '../support/two-customers';

const ROUTER_SECRET = 'a secret of the routers of these tests';
const QUERY = `query Keys($first: Int = 3, $filter: ApiKeyFilter) {
  apiKeys(first: $first, filter: $filter) { nodes { name scope { environments { name } } } } }`;
/** The environments of 100 keys are more than one query may have. */
const MAX_QUERY_COST = '700';

interface Request {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object | string;
  readonly method?: 'GET' | 'POST' | 'PUT';
}

/** Operations that are known are answered past the GraphQL server. A text with a space more is another, which is not known. */
describe('a request for an operation that is known', () => {
  let program: TestProgram;
  let customers: TwoCustomers;
  let asOwner: Credential;

  beforeAll(async () => {
    program = await TestProgram.start({ MAX_QUERY_COST, GRAPHQL_BATCH_LIMIT: '3', ROUTER_SECRET });
    customers = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys));
    asOwner = await program.user(PEOPLE.owner);
  });

  afterAll(() => program.stop());

  let texts = 0;
  const unknown = () => QUERY + ' '.repeat(++texts);
  const bodyOf = (query: string, other: object = {}) => ({ query, variables: { first: 2 }, ...other });

  const send = async (path: string, { method = 'POST', headers = {}, body }: Request) => {
    const response = await fetch(program.url + path, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = (await response.text()).replace(/"requestId":"[^"]+"/g, '"requestId":"…"');
    const told = { ...Object.fromEntries(response.headers), 'x-request-id': '…', date: '…' };
    return { status: response.status, headers: told as Record<string, string>, text };
  };

  /** The answer to a request with the known text, which must be that to the same request with another text. */
  const answerTo = async (request: (query: string) => Request, path = () => '/graphql') => {
    for (let use = 0; use < 3; use++) await send('/graphql', { headers: asOwner, body: bodyOf(QUERY) });
    const answer = await send(path(), request(QUERY));
    expect(answer).toEqual(await send(path(), request(unknown())));
    return answer;
  };

  const plain = (headers: Readonly<Record<string, string>>) => (query: string) => ({
    headers: { ...asOwner, ...headers },
    body: bodyOf(query),
  });
  const saying = (other: object) => (query: string) => ({ headers: asOwner, body: bodyOf(query, other) });

  test('is answered as by the GraphQL server', async () => {
    const { status, headers, text } = await answerTo(plain({}));
    expect([status, headers['content-type']]).toEqual([200, 'application/json; charset=utf-8']);
    expect(text).toMatch(/^\{"data":\{"apiKeys":\{"nodes":\[\{"name":/);
  });

  test.each([
    [{ accept: 'application/json' }, 200, 'application/json; charset=utf-8'],
    [{ accept: 'application/*' }, 200, 'application/json; charset=utf-8'],
    [
      { accept: 'application/graphql-response+json' },
      200,
      'application/graphql-response+json; charset=utf-8',
    ],
    [{ accept: 'text/html' }, 406, 'application/json; charset=utf-8'],
    [{ 'content-type': 'application/json; charset=utf-8' }, 200, 'application/json; charset=utf-8'],
    [{ 'content-type': 'text/plain' }, 400, 'application/json; charset=utf-8'],
  ])('in the form that is asked for: %p', async (headers, status, contentType) => {
    const answer = await answerTo(plain(headers));
    expect([answer.status, answer.headers['content-type']]).toEqual([status, contentType]);
  });

  test.each([
    ['without variables', { variables: undefined }, 200],
    ['with null for variables', { variables: null }, 200],
    ['with its own name', { operationName: 'Keys' }, 200],
    ['with null for a name', { operationName: null }, 200],
    ['with an empty name', { operationName: '' }, 400],
    ['with another name', { operationName: 'Others' }, 400],
    ['with a name that is none', { operationName: 5 }, 400],
    ['with text for variables', { variables: '{"first":2}' }, 400],
    ['with a list for variables', { variables: [2] }, 400],
    ['with a variable of another type', { variables: { first: 'two' } }, 400],
    ['with a variable that there is not', { variables: { first: 2, last: 2 } }, 200],
    ['with a size that no page has', { variables: { first: -1 } }, 200],
    ['with extensions', { extensions: {} }, 200],
    [
      'with the hash of something else',
      { extensions: { persistedQuery: { version: 1, sha256Hash: '0' } } },
      400,
    ],
    ['with something else', { more: true }, 200],
    ['with a page that costs too much', { variables: { first: 100 } }, 400],
  ])('%s', async (_which, other, status) => {
    expect((await answerTo(saying(other))).status).toBe(status);
  });

  test('needs a caller like any other', async () => {
    const { environment } = customers.acme.keys;
    const callers = [
      [{}, 401],
      [{ authorization: 'Bearer none' }, 401],
      [{ 'x-api-key': `${environment.secretKey}0` }, 401],
      [{ ...asOwner, 'x-api-key': environment.secretKey }, 401],
      [{ 'x-api-key': environment.secretKey }, 200],
      [await program.user(PEOPLE.nobody), 200],
      [await program.service('storefront', 'api-keys:verify'), 200],
    ] as const;
    for (const [credential, status] of callers) {
      const answer = await answerTo((query) => ({ headers: { ...credential }, body: bodyOf(query) }));
      expect(answer.status).toBe(status);
      if (status === 401) expect(answer.headers['www-authenticate']).toBe('Bearer');
    }
  });

  test('may also come in an address, and in a batch', async () => {
    const inAddress = await answerTo(
      () => ({ method: 'GET', headers: asOwner }),
      () => `/graphql?${new URLSearchParams({ query: QUERY + ' '.repeat(texts++ % 2) }).toString()}`,
    );
    expect(inAddress.status).toBe(200);
    const batch = await answerTo((query) => ({ headers: asOwner, body: [bodyOf(query), bodyOf(query)] }));
    expect([batch.status, (JSON.parse(batch.text) as object[]).length]).toEqual([200, 2]);
  });

  test('is charged for once, though it is executed anew where a field fails', async () => {
    // More than half of what a query may cost.
    const query = `query($id: ID!, $n: Int!, $from: Date!, $to: Date!) {
      apiKeys(first: $n) { nodes { id name version status } }
      apiKey(id: $id) { usage(from: $from, to: $to) { totalCount } } }`;
    const { id } = customers.acme.keys.mixed.key;
    const variables = { id, n: 100, from: '2026-02-01', to: '2026-01-01' };
    const answers = [];
    for (let use = 0; use < 6; use++)
      answers.push(await send('/graphql', { headers: asOwner, body: { query, variables } }));
    expect(answers[0]?.text).toContain('"code":"BAD_USER_INPUT"');
    for (const answer of answers) expect(answer).toEqual(answers[0]);
  });

  test('tells routers its trace, if they ask for it', async () => {
    const headers = { ...asOwner, 'x-router-secret': ROUTER_SECRET };
    const body = { query: '{ viewer { email } }' };
    for (let use = 0; use < 4; use++) {
      expect((await send('/subgraph', { headers, body })).text).toBe(
        '{"data":{"viewer":{"email":"owner@acme.example"}}}',
      );
    }
    const traced = await send('/subgraph', {
      headers: { ...headers, 'apollo-federation-include-trace': 'ftv1' },
      body,
    });
    expect(traced.text).toContain('"extensions":{"ftv1":"');
  });
});
