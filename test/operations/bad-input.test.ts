import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { expectNothingInternal } from '../support/nothing-internal';
import { TestProgram, type Credential, type GraphqlError } from '../support/test-program';
import { PEOPLE, twoCustomers } from '../support/two-customers';

const NOWHERE = '01890000-0000-7000-8000-000000000000';
const FILTERED = 'query($filter: ApiKeyFilter) { apiKeys(filter: $filter) { totalCount } }';

/** The answer to a request is whole: a code that is documented, a path where a field is at fault, and no 500. */
describe('bad input over GraphQL', () => {
  let program: TestProgram;
  let asOwner: Credential;

  beforeAll(async () => {
    program = await TestProgram.start();
    asOwner = await program.user(PEOPLE.owner);
    await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys));
  });

  afterAll(() => program.stop());

  const send = async (body: string, headers: Record<string, string> = {}) => {
    const response = await fetch(`${program.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...asOwner, ...headers },
      body,
    });
    const text = await response.text();
    expectNothingInternal(text);
    const { errors = [] } = JSON.parse(text) as { errors?: GraphqlError[] };
    return { status: response.status, codes: errors.map(({ extensions }) => extensions.code), errors, text };
  };
  const ask = (query: string, variables: unknown = {}) => send(JSON.stringify({ query, variables }));

  describe('in one field', () => {
    test.each([
      ['an id that is a number', `{ node(id: 5) { id } }`, 'node', 'id'],
      ['an id that is no UUID', `{ apiKey(id: "x") { id } }`, 'apiKey', 'id'],
      ['an empty id', `{ account(id: "") { id } }`, 'account', 'id'],
      ['an id with a space', `{ widget(id: "${NOWHERE} ") { id } }`, 'widget', 'id'],
      ['an id that goes on', `{ environment(id: "${NOWHERE}\\n0") { id } }`, 'environment', 'id'],
      ['an id with braces', `{ organization(id: "{${NOWHERE}}") { id } }`, 'organization', 'id'],
      ['filter.reaches', `{ apiKeys(filter: { reaches: "0" }) { totalCount } }`, 'apiKeys', 'filter.reaches'],
      [
        'filter.organizationId',
        `{ apiKeys(filter: { organizationId: "' OR 1=1" }) { totalCount } }`,
        'apiKeys',
        'filter.organizationId',
      ],
      ['first: 0', '{ apiKeys(first: 0) { totalCount } }', 'apiKeys', 'first'],
      ['first: -1', '{ apiKeys(first: -1) { totalCount } }', 'apiKeys', 'first'],
      ['first: 101', '{ organizations(first: 101) { totalCount } }', 'organizations', 'first'],
      ['last: 0', '{ apiKeys(last: 0) { totalCount } }', 'apiKeys', 'last'],
      ['last: 101', '{ apiKeys(last: 101) { totalCount } }', 'apiKeys', 'last'],
      ['first and last', '{ apiKeys(first: 1, last: 1) { totalCount } }', 'apiKeys', 'first'],
      ['after and before', '{ apiKeys(after: "x", before: "x") { totalCount } }', 'apiKeys', 'first'],
      ['first and before', '{ apiKeys(first: 1, before: "x") { totalCount } }', 'apiKeys', 'first'],
    ])('%s is answered at its path, with the argument named', async (_what, query, field, argument) => {
      const { status, errors } = await ask(query);
      expect(status).toBe(200);
      expect(errors).toHaveLength(1);
      expect(errors[0]).toMatchObject({ path: [field], extensions: { code: 'BAD_USER_INPUT', argument } });
    });

    const cursor = (value: unknown) =>
      Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

    test.each([
      ['', ''],
      ['garbage', '!!!'],
      ['text', cursor('garbage')],
      ['an unfinished list', cursor('[[[[')],
      ['null', cursor('null')],
      ['an object', cursor({ length: 3 })],
      ['another ordering', cursor(['NAME', 'x', NOWHERE])],
      ['a value of another type', cursor(['CREATED_AT', '1', NOWHERE])],
      ['a value of null', cursor(['CREATED_AT', null, NOWHERE])],
      ['a value of infinity', cursor(`["CREATED_AT",1e999,"${NOWHERE}"]`)],
      ['an id that is none', cursor(['CREATED_AT', 1, "' OR 1=1"])],
      ['an id that is an object', cursor(['CREATED_AT', 1, { id: NOWHERE }])],
    ])('a forged cursor, %s, is refused', async (_what, after) => {
      const { status, errors } = await ask(
        'query($after: String) { apiKeys(after: $after) { totalCount } }',
        {
          after,
        },
      );
      expect(status).toBe(200);
      expect(errors).toHaveLength(1);
      expect(errors[0]).toMatchObject({
        path: ['apiKeys'],
        extensions: { code: 'BAD_USER_INPUT', argument: 'after' },
      });
    });

    test.each(['\u0000', '\ud800', "'; --", '__proto__', 'x'.repeat(10_000)])(
      'a forged cursor of the right form, at %j, is a place in the list',
      async (value) => {
        const after = cursor(['NAME', value, NOWHERE]);
        const query =
          'query($after: String) { apiKeys(after: $after, orderBy: { field: NAME }) { totalCount } }';
        expect(await ask(query, { after })).toMatchObject({ status: 200, errors: [] });
      },
    );

    test.each([1e308, -1e308, 1.5, 9_300_000_000_000_000_000, -1, 0])(
      'a forged cursor of the right form, at the time %d, is a place in the list',
      async (value) => {
        const after = cursor(['CREATED_AT', value, NOWHERE]);
        const query = 'query($after: String) { apiKeys(after: $after) { totalCount nodes { id } } }';
        expect(await ask(query, { after })).toMatchObject({ status: 200, errors: [] });
      },
    );
  });

  describe('in variables', () => {
    const NODE = 'query($id: ID!) { node(id: $id) { id } }';
    const FIRST = 'query($first: Int) { apiKeys(first: $first) { totalCount } }';

    test.each<[string, string, unknown]>([
      ['an object for an id', NODE, { id: { toString: 'x' } }],
      ['a list for an id', NODE, { id: ['a', 'b'] }],
      ['true for an id', NODE, { id: true }],
      ['null for an id', NODE, { id: null }],
      ['nothing for an id', NODE, {}],
      ['1.5 for a size', FIRST, { first: 1.5 }],
      ['text for a size', FIRST, { first: '1' }],
      ['a huge size', FIRST, { first: 1e10 }],
      ['a list for a filter', FILTERED, { filter: [{}] }],
      ['an unknown name in a filter', FILTERED, { filter: { constructor: 1 } }],
      ['an unknown status', FILTERED, { filter: { status: ['NOPE'] } }],
      ['null among statuses', FILTERED, { filter: { status: [null] } }],
      ['a number for text', FILTERED, { filter: { nameContains: 5 } }],
      ['an object for text', FILTERED, { filter: { creatorId: { $ne: null } } }],
      [
        'null in a list by a variable',
        'query($b: Breadth = NONE) { apiKeys(filter: { breadth: [$b] }) { totalCount } }',
        { b: null },
      ],
      ['text for a condition', 'query($a: Boolean!) { viewer @include(if: $a) { id } }', { a: 'x' }],
    ])('%s is refused', async (_what, query, variables) => {
      expect(await ask(query, variables)).toMatchObject({ status: 400, codes: ['BAD_USER_INPUT'] });
    });

    test('values nested 50,000 deep are refused', async () => {
      for (const [open, close] of [
        ['[', ']'],
        ['{"a":', '}'],
      ] as const) {
        const filter = `${open.repeat(50_000)}1${close.repeat(50_000)}`;
        const answer = await send(`{"query":${JSON.stringify(FILTERED)},"variables":{"filter":${filter}}}`);
        expect(answer).toMatchObject({ status: 400, codes: ['BAD_USER_INPUT'] });
      }
    });
  });

  describe('in the query', () => {
    test.each([
      ['no query at all', ' ', 'GRAPHQL_PARSE_FAILED'],
      ['an unfinished query', '{ viewer { id }', 'GRAPHQL_PARSE_FAILED'],
      ['half a character', '{ \ud800 }', 'GRAPHQL_PARSE_FAILED'],
      ['an unknown field', '{ nope }', 'GRAPHQL_VALIDATION_FAILED'],
      ['a field of every object', '{ constructor __proto__ toString }', 'GRAPHQL_VALIDATION_FAILED'],
      ['an unknown argument', '{ apiKeys(nope: 1) { totalCount } }', 'GRAPHQL_VALIDATION_FAILED'],
      ['an unknown filter', '{ apiKeys(filter: { nope: 1 }) { totalCount } }', 'GRAPHQL_VALIDATION_FAILED'],
      [
        'an unknown enum value',
        '{ apiKeys(orderBy: { field: NOPE }) { totalCount } }',
        'GRAPHQL_VALIDATION_FAILED',
      ],
      ['an ordering without a field', '{ apiKeys(orderBy: {}) { totalCount } }', 'GRAPHQL_VALIDATION_FAILED'],
      ['an id that is an object', '{ node(id: { a: 1 }) { id } }', 'GRAPHQL_VALIDATION_FAILED'],
      ['an id that is a list', '{ node(id: [1]) { id } }', 'GRAPHQL_VALIDATION_FAILED'],
      ['a size of 1.5', '{ apiKeys(first: 1.5) { totalCount } }', 'GRAPHQL_VALIDATION_FAILED'],
      ['a size past 32 bits', '{ apiKeys(first: 2147483648) { totalCount } }', 'GRAPHQL_VALIDATION_FAILED'],
      ['an unknown directive', '{ viewer @nope { id } }', 'GRAPHQL_VALIDATION_FAILED'],
      ['a fragment in itself', '{ ...F } fragment F on Query { ...F }', 'GRAPHQL_VALIDATION_FAILED'],
      ['fragments alone', 'fragment F on Query { viewer { id } }', 'GRAPHQL_VALIDATION_FAILED'],
      ['a subscription', 'subscription { apiKeys { id } }', 'GRAPHQL_VALIDATION_FAILED'],
      ['an unknown mutation', 'mutation { nope }', 'GRAPHQL_VALIDATION_FAILED'],
      [
        'two operations',
        'query A { viewer { id } } query B { viewer { id } }',
        'OPERATION_RESOLUTION_FAILURE',
      ],
    ])('%s is refused', async (_what, query, code) => {
      const { status, codes } = await ask(query);
      expect([status, Array.from(new Set(codes))]).toEqual([400, [code]]);
    });
  });

  describe('in the body', () => {
    const QUERY = '"query":"{ viewer { id } }"';

    test.each([
      ['an empty body', '', 'BAD_USER_INPUT'],
      ['invalid JSON', '{', 'BAD_USER_INPUT'],
      ['__proto__', `{${QUERY},"__proto__":{"a":1}}`, 'BAD_USER_INPUT'],
      [
        'a prototype by way of the constructor',
        `{${QUERY},"constructor":{"prototype":{}}}`,
        'BAD_USER_INPUT',
      ],
      ['null', 'null', 'BAD_REQUEST'],
      ['text', '"x"', 'BAD_REQUEST'],
      ['an empty object', '{}', 'BAD_REQUEST'],
      ['an empty batch', '[]', 'BAD_REQUEST'],
      ['a batch', `[{${QUERY}},{${QUERY}}]`, 'BAD_REQUEST'],
      ['a number for the query', '{"query":5}', 'BAD_REQUEST'],
      ['an empty query', '{"query":""}', 'BAD_REQUEST'],
      ['text for the variables', `{${QUERY},"variables":"{}"}`, 'BAD_REQUEST'],
      ['a list for the variables', `{${QUERY},"variables":[]}`, 'BAD_REQUEST'],
      ['a number for the name', `{${QUERY},"operationName":5}`, 'BAD_REQUEST'],
      ['an unknown name', `{${QUERY},"operationName":"Nope"}`, 'OPERATION_RESOLUTION_FAILURE'],
      ['text for the extensions', `{${QUERY},"extensions":"x"}`, 'BAD_REQUEST'],
    ])('%s is refused', async (_what, body, code) => {
      expect(await send(body)).toMatchObject({ status: 400, codes: [code] });
    });

    test('a body over the limit is refused', async () => {
      const answer = await send(JSON.stringify({ query: `{ viewer { id } } # ${'x'.repeat(4_300_000)}` }));
      expect(answer).toMatchObject({ status: 413, codes: ['PAYLOAD_TOO_LARGE'] });
    });

    test.each([
      ['application/xml', 415, 'UNSUPPORTED_MEDIA_TYPE'],
      ['application/graphql', 415, 'UNSUPPORTED_MEDIA_TYPE'],
      ['application/x-www-form-urlencoded', 415, 'UNSUPPORTED_MEDIA_TYPE'],
      ['nonsense', 415, 'UNSUPPORTED_MEDIA_TYPE'],
      ['text/plain', 400, 'BAD_REQUEST'],
    ])('a body of the type %s is refused', async (type, status, code) => {
      expect(await send(`{${QUERY}}`, { 'content-type': type })).toMatchObject({ status, codes: [code] });
    });
  });

  describe('in the credential', () => {
    const wrong = { message: expect.stringContaining('Expected a valid credential') };

    test.each<[string, Credential]>([
      ['an empty header', { authorization: '' }],
      ['no token', { authorization: 'Bearer' }],
      ['another scheme', { authorization: 'Basic b3duZXI6' }],
      ['a malformed token', { authorization: 'Bearer a.b.c' }],
      ['a long token', { authorization: `Bearer ${'x'.repeat(8000)}` }],
      ['two tokens', { authorization: 'Bearer a.b.c d.e.f' }],
      ['a malformed secret key', { authorization: 'Bearer sg_x' }],
      ['a token and a secret key', { 'x-api-key': 'sg_x' }],
    ])('%s is refused like every other', async (_what, headers) => {
      const { status, codes, errors } = await send(JSON.stringify({ query: '{ viewer { id } }' }), headers);
      expect([status, codes]).toEqual([401, ['UNAUTHENTICATED']]);
      expect(errors).toMatchObject([wrong]);
    });
  });
});
