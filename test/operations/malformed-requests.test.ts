import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { expectNothingInternal } from '../support/nothing-internal';
import { rawRequest } from '../support/raw-request';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE } from '../support/two-customers';

const BODY = '{"query":"{ viewer { id } }"}';

describe('malformed requests', () => {
  let program: TestProgram;
  let asOwner: Credential;

  beforeAll(async () => {
    program = await TestProgram.start();
    asOwner = await program.user(PEOPLE.owner);
  });

  afterAll(() => program.stop());

  const send = async (requestLine: string, ...headers: string[]) => {
    const lines = [
      requestLine,
      ...headers,
      ...Object.entries(asOwner).map(([name, value]) => `${name}: ${value}`),
      'content-type: application/json',
      `content-length: ${BODY.length}`,
      'connection: close',
    ];
    const answer = await rawRequest(program.url, `${lines.join('\r\n')}\r\n\r\n${BODY}`);
    expectNothingInternal(answer.text);
    return answer;
  };

  test.each(['localhost', '127.0.0.1:4000', '[::1]:4000', 'api.example.com'])(
    'the host %s is served',
    async (host) => {
      const { status, text } = await send('POST /graphql HTTP/1.1', `Host: ${host}`);
      expect([status, JSON.parse(text)]).toEqual([200, { data: { viewer: { id: PEOPLE.owner.id } } }]);
    },
  );

  test.each(['', ' ', 'a b', '[', '<script>', '%', '%ff', 'a^b', '[::1'])(
    'the malformed host "%s" is refused',
    async (host) => {
      for (const path of ['/graphql', '/graphql?query=x']) {
        const { status, text } = await send(`POST ${path} HTTP/1.1`, `Host: ${host}`);
        expect(status).toBe(400);
        expect(JSON.parse(text)).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
      }
    },
  );

  test('a request of an old version without a host is refused, not failed', async () => {
    const { status } = await send('POST /graphql HTTP/1.0');
    expect(status).toBe(400);
  });

  test.each(['POST http://[/graphql HTTP/1.1', 'GET /%ff HTTP/1.1', 'GET /%E0%A4%A HTTP/1.1'])(
    '%s is refused with a problem',
    async (requestLine) => {
      const { status, head, text } = await send(requestLine, 'Host: localhost');
      expect(status).toBe(400);
      expect(head).toMatch(/content-type: application\/problem\+json/i);
      expect(JSON.parse(text)).toMatchObject({ status: 400, code: 'BAD_USER_INPUT' });
    },
  );

  test.each([
    'POST * HTTP/1.1',
    'POST // HTTP/1.1',
    'POST //graphql HTTP/1.1',
    'PUT /graphql HTTP/1.1',
    'DELETE /graphql HTTP/1.1',
    'GET /graphql/../.env HTTP/1.1',
    `GET /${'a'.repeat(8000)} HTTP/1.1`,
  ])('%s finds nothing', async (requestLine) => {
    const { status, text } = await send(requestLine, 'Host: localhost');
    expect([status, JSON.parse(text)]).toEqual([404, expect.objectContaining({ code: 'NOT_FOUND' })]);
  });

  test.each([
    ['/graphql', 'BAD_REQUEST'],
    ['/graphql?%ff', 'BAD_REQUEST'],
    ['/graphql?query=%', 'GRAPHQL_PARSE_FAILED'],
    ['/graphql?query={viewer{id}}&variables=x', 'BAD_REQUEST'],
    ['/graphql?query={viewer{id}}&extensions=x', 'BAD_REQUEST'],
    ['/graphql?query={viewer{id}}&query={viewer{kind}}', 'BAD_REQUEST'],
    ['/graphql?query=mutation{nope}', 'GRAPHQL_VALIDATION_FAILED'],
  ])('GET %s is refused', async (path, code) => {
    const response = await program.get({ ...asOwner, 'apollo-require-preflight': '1' }, path);
    const text = await response.text();
    expectNothingInternal(text);
    expect(response.status).toBe(400);
    expect(JSON.parse(text)).toMatchObject({ errors: [{ extensions: { code } }] });
  });

  test.each([
    ['bytes that are no request', 'GARBAGE\r\n\r\n', 400],
    [
      'two lengths',
      'POST /graphql HTTP/1.1\r\nHost: x\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\n',
      400,
    ],
    [
      'a length and chunks',
      'POST /graphql HTTP/1.1\r\nHost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    ['headers without end', `GET / HTTP/1.1\r\nHost: x\r\nx: ${'y'.repeat(100_000)}\r\n\r\n`, 431],
  ])('%s end the connection with a refusal', async (_what, request, expected) => {
    const { status, text } = await rawRequest(program.url, request);
    expect(status).toBe(expected);
    expectNothingInternal(text);
  });
});
