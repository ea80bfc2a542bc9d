import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { asEveryone } from '../support/as-everyone';
import { opens, recordOf } from '../support/key-mutations';
import { updatePolicy } from '../support/policies';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE, twoCustomers, type Person, type TwoCustomers } from '../support/two-customers';

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Record<string, unknown>;
}

const NOWHERE = '01890000-0000-7000-8000-000000000000';

describe('API keys over REST', () => {
  let program: TestProgram;
  let as: Record<Person, Credential>;
  let customers: TwoCustomers;

  beforeAll(async () => {
    program = await TestProgram.start();
    as = await asEveryone(program);
    customers = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys));
  });

  afterAll(() => program.stop());

  const send = async (method: string, path: string, headers: Credential, body?: unknown): Promise<Answer> => {
    const response = await fetch(`${program.url}${path}`, {
      method,
      headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const { status } = response;
    const answered = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
    return { status, headers: response.headers, text, body: answered };
  };
  const newKey = (more: object = {}) => ({
    name: 'Over REST',
    description: 'Made by a test',
    scope: { environmentIds: [customers.acme.checkoutStaging.id] },
    ...more,
  });
  const create = (body: unknown = newKey(), headers: Credential = as.member) =>
    send('POST', '/v1/api-keys', headers, body);
  const created = async (): Promise<{ path: string; id: string; secretKey: string }> => {
    const { headers, body } = await create();
    const path = headers.get('location') ?? '';
    return { path, id: path.split('/').at(-1) ?? '', secretKey: String(body['secretKey']) };
  };
  const problem = ({ status, headers, body }: Answer) => {
    expect(headers.get('content-type')).toContain('application/problem+json');
    expect(body['status']).toBe(status);
    return body;
  };
  /** What is told of a request, without the id of the request. */
  const told = (answer: Answer) => ({ ...problem(answer), requestId: null });

  describe('POST /v1/api-keys', () => {
    test('a key is made, its secret is answered and nothing else, and Location leads to it', async () => {
      const answer = await create();
      expect(answer.status).toBe(201);
      expect(Object.keys(answer.body)).toEqual(['secretKey']);
      expect(await opens(program, String(answer.body['secretKey']))).toBe(true);
      const location = answer.headers.get('location') ?? '';
      expect(location).toMatch(/^\/v1\/api-keys\/[0-9a-f-]{36}$/);
      const { body } = await send('GET', location, as.member);
      expect(body).toMatchObject({
        name: 'Over REST',
        description: 'Made by a test',
        creatorId: PEOPLE.member.id,
      });
      expect(body['scope']).toEqual({
        accountIds: [],
        widgetIds: [],
        environmentIds: [customers.acme.checkoutStaging.id],
      });
      const record = await recordOf(program, String(body['id']));
      expect(record).toMatchObject([{ action: 'API_KEY_CREATED', actorId: PEOPLE.member.id }]);
    });

    test('expiry, metadata and an organization for an empty scope are taken', async () => {
      const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
      const more = {
        expiresAt,
        metadata: { a: [1] },
        scope: {},
        organizationId: customers.acme.organization.id,
      };
      const { status, headers } = await create(newKey(more), as.both);
      expect(status).toBe(201);
      const [row] = await program.database.rows<{ expiresAt: number; metadata: string }>(
        'SELECT expires_at AS expiresAt, metadata FROM api_keys WHERE id = ?',
        [headers.get('location')?.split('/').at(-1) ?? ''],
      );
      expect(row).toEqual({ expiresAt: Date.parse(expiresAt), metadata: '{"a":[1]}' });
    });

    test('repeated with its Idempotency-Key, the request makes no second key and shows no secret again', async () => {
      const headers = { ...as.member, 'idempotency-key': 'order-1' };
      const [first, second] = [await create(newKey(), headers), await create(newKey(), headers)];
      expect([first.status, second.status]).toEqual([201, 200]);
      expect(second.body).toEqual({ secretKey: null });
      expect(second.headers.get('location')).toBe(first.headers.get('location'));
      expect(second.headers.get('idempotent-replayed')).toBe('true');
      expect(first.headers.get('idempotent-replayed')).toBeNull();
      const other = await create(newKey(), { ...as.admin, 'idempotency-key': 'order-1' });
      expect(other.status).toBe(201);
      expect(other.headers.get('location')).not.toBe(first.headers.get('location'));
    });

    test('of 20 requests at once with one Idempotency-Key, one makes a key', async () => {
      const headers = { ...as.member, 'idempotency-key': 'order-2' };
      const answers = await Promise.all(Array.from({ length: 20 }, () => create(newKey(), headers)));
      expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
      expect(new Set(answers.map((answer) => answer.headers.get('location'))).size).toBe(1);
    });

    test.each([
      ['without a name', { scope: {} }, ['name']],
      ['without a scope', { name: 'A' }, ['scope']],
      ['with a number for a name', { name: 5, scope: {} }, ['name']],
      ['with what is not known', { name: 'A', scope: {}, role: 'OWNER' }, ['role']],
      ['with a creator', { name: 'A', scope: {}, creatorId: 'somebody' }, ['creatorId']],
      ['with what is not known in the scope', { name: 'A', scope: { all: true } }, ['scope', 'all']],
      ['with a time that is none', { name: 'A', scope: {}, expiresAt: 'tomorrow' }, ['expiresAt']],
      ['with a list for metadata', { name: 'A', scope: {}, metadata: [1] }, ['metadata']],
    ])('%s, the field is named', async (_, body, field) => {
      const answer = await create(body);
      expect(answer.status).toBe(400);
      expect(problem(answer)).toMatchObject({
        code: 'BAD_USER_INPUT',
        errors: [{ code: 'INVALID', field, ids: [] }],
      });
    });

    test('a name that cannot be stored is a 400 with its errors', async () => {
      const answer = await create(newKey({ name: '  ' }));
      expect(answer.status).toBe(400);
      expect(problem(answer)).toMatchObject({ errors: [{ code: 'INVALID', field: ['name'] }] });
    });

    test('what may not be granted is a 422 that names the ids, the same for what is nowhere', async () => {
      const grant = (id: string) => create(newKey({ scope: { accountIds: [id] } }));
      const foreign = await grant(customers.globex.energy.id);
      expect(foreign.status).toBe(422);
      expect(problem(foreign)).toMatchObject({
        code: 'UNPROCESSABLE_INPUT',
        errors: [{ code: 'NOT_FOUND', field: ['scope', 'accountIds'], ids: [customers.globex.energy.id] }],
      });
      const nowhere = JSON.stringify(told(await grant(NOWHERE)));
      expect(JSON.stringify(told(foreign)).replaceAll(customers.globex.energy.id, NOWHERE)).toBe(nowhere);
    });

    test('what is beyond the maker, or against the policy, is a 422', async () => {
      const scope = { accountIds: [customers.acme.wholesale.id] };
      const beyond = await create(
        newKey({ scope: { organizationId: customers.acme.organization.id } }),
        as.narrowedAdmin,
      );
      expect([beyond.status, problem(beyond)]).toMatchObject([
        422,
        { errors: [{ code: 'BEYOND_YOUR_SCOPE' }] },
      ]);
      await updatePolicy(program, as.owner, customers.acme.organization.id, { widestGrant: 'WIDGET' });
      const against = await create(newKey({ scope }), as.owner);
      expect([against.status, problem(against)]).toMatchObject([
        422,
        { errors: [{ code: 'AGAINST_POLICY' }] },
      ]);
      await updatePolicy(program, as.owner, customers.acme.organization.id, { widestGrant: null });
    });
  });

  describe('GET /v1/api-keys/{id}', () => {
    test('a key is answered with its version as ETag', async () => {
      const { path, id } = await created();
      const { status, headers, body } = await send('GET', path, as.owner);
      expect([status, headers.get('etag'), body['id']]).toEqual([200, '"1"', id]);
    });

    test('a key of others, of another tenant and of none are the same 404', async () => {
      const { keys } = customers.acme;
      const absent = await send('GET', `/v1/api-keys/${NOWHERE}`, as.member);
      expect(absent.status).toBe(404);
      for (const { key } of [keys.whole, customers.globex.keys.whole, keys.revoked]) {
        expect(told(await send('GET', `/v1/api-keys/${key.id}`, as.member))).toEqual(told(absent));
      }
    });
  });

  describe('PATCH /v1/api-keys/{id}', () => {
    test('name and description are changed, and what is left out stays', async () => {
      const { path } = await created();
      const { status, body, headers } = await send('PATCH', path, as.member, { name: 'New name' });
      expect([status, headers.get('etag')]).toEqual([200, '"2"']);
      expect(body).toMatchObject({ name: 'New name', description: 'Made by a test' });
      const second = await send('PATCH', path, as.admin, { description: '' });
      expect(second.body).toMatchObject({ name: 'New name', description: '', modifiedBy: PEOPLE.admin.id });
      expect((await send('GET', path, as.member)).body).toEqual(second.body);
    });

    test('with If-Match, only the version that was seen is changed', async () => {
      const { path } = await created();
      const patch = (ifMatch: string, name: string) =>
        send('PATCH', path, { ...as.member, 'if-match': ifMatch }, { name });
      expect((await patch('"1"', 'First')).status).toBe(200);
      const late = await patch('"1"', 'Late');
      expect([late.status, problem(late)]).toMatchObject([
        412,
        { code: 'PRECONDITION_FAILED', errors: [{ code: 'CONFLICT' }] },
      ]);
      expect((await patch('*', 'Whatever it is')).status).toBe(200);
      expect((await patch('nonsense', 'Bad')).status).toBe(400);
      expect((await send('GET', path, as.member)).body['name']).toBe('Whatever it is');
    });

    test('of 20 changes of one version at once, one is made', async () => {
      const { path } = await created();
      const headers = { ...as.member, 'if-match': '"1"' };
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) => send('PATCH', path, headers, { name: `Name ${index}` })),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([
        200,
        ...Array.from({ length: 19 }, () => 412),
      ]);
    });

    test.each([
      ['nothing', {}],
      ['the scope', { scope: {} }],
      ['null for a name', { name: null }],
      ['the organization', { organizationId: NOWHERE }],
    ])('%s is not taken', async (_, body) => {
      const { path } = await created();
      expect((await send('PATCH', path, as.member, body)).status).toBe(400);
      expect((await send('GET', path, as.member)).headers.get('etag')).toBe('"1"');
    });

    test('keys that may not be changed are the same 404 as none', async () => {
      const patch = (id: string) => send('PATCH', `/v1/api-keys/${id}`, as.member, { name: 'Mine now' });
      const absent = await patch(NOWHERE);
      expect(absent.status).toBe(404);
      for (const { key } of [customers.acme.keys.whole, customers.globex.keys.whole]) {
        expect(told(await patch(key.id))).toEqual(told(absent));
        expect(await recordOf(program, key.id)).toEqual([]);
      }
    });

    test('a revoked key is a 409', async () => {
      const { key } = customers.acme.keys.revoked;
      const answer = await send('PATCH', `/v1/api-keys/${key.id}`, as.member, { name: 'Again' });
      expect([answer.status, problem(answer)]).toMatchObject([409, { errors: [{ code: 'REVOKED' }] }]);
    });
  });

  describe('DELETE /v1/api-keys/{id}', () => {
    test('a key is revoked, and deleting it again changes nothing', async () => {
      const { path, id, secretKey } = await created();
      const first = await send('DELETE', path, as.member);
      expect([first.status, first.text]).toEqual([204, '']);
      expect(await opens(program, secretKey)).toBe(false);
      expect((await send('DELETE', path, as.member)).status).toBe(204);
      expect((await send('GET', path, as.member)).status).toBe(404);
      const actions = (await recordOf(program, id)).map(({ action }) => action);
      expect(actions).toEqual(['API_KEY_CREATED', 'API_KEY_REVOKED']);
    });

    test('keys that may not be revoked are the same 404 as none, and stay', async () => {
      const remove = (id: string) => send('DELETE', `/v1/api-keys/${id}`, as.member);
      const absent = await remove(NOWHERE);
      expect(absent.status).toBe(404);
      for (const { key, secretKey } of [customers.acme.keys.whole, customers.globex.keys.whole]) {
        expect(told(await remove(key.id))).toEqual(told(absent));
        expect(await opens(program, secretKey)).toBe(true);
      }
    });
  });

  describe('callers', () => {
    const requests = (id: string): [string, string, unknown?][] => [
      ['POST', '/v1/api-keys', newKey()],
      ['GET', `/v1/api-keys/${id}`],
      ['PATCH', `/v1/api-keys/${id}`, { name: 'Other' }],
      ['DELETE', `/v1/api-keys/${id}`],
    ];

    test('without a credential, or with a bad one, every request is a 401', async () => {
      const { id } = customers.acme.keys.widget.key;
      for (const credential of [{}, { authorization: 'Bearer nonsense' }, { 'x-api-key': 'nonsense' }]) {
        for (const [method, path, body] of requests(id)) {
          const answer = await send(method, path, credential, body);
          expect([method, answer.status]).toEqual([method, 401]);
          expect(problem(answer)['code']).toBe('UNAUTHENTICATED');
        }
      }
    });

    test('an API key reads itself, and manages no key', async () => {
      const { key, secretKey } = customers.acme.keys.widget;
      const statuses = [];
      for (const [method, path, body] of requests(key.id)) {
        statuses.push((await send(method, path, { 'x-api-key': secretKey }, body)).status);
      }
      expect(statuses).toEqual([403, 200, 403, 403]);
    });

    test('an id that is none is a 400', async () => {
      for (const [method, path, body] of requests('nonsense').slice(1)) {
        expect((await send(method, path, as.owner, body)).status).toBe(400);
      }
    });
  });
});
