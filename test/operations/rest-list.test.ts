import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import type { ApiKeyRecord } from '../../src/api-keys/rest/api-key-record';
import { expectNothingInternal } from '../support/nothing-internal';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE, twoCustomers, type TwoCustomers } from '../support/two-customers';
import recordSchema from './api-key-record.schema.json';

const isRecord = addFormats(new Ajv()).compile(recordSchema);

describe('GET /v1/api-keys', () => {
  let program: TestProgram;
  let asOwner: Credential;
  let customers: TwoCustomers;

  beforeAll(async () => {
    program = await TestProgram.start();
    asOwner = await program.user(PEOPLE.owner);
    customers = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys));
  });

  afterAll(() => program.stop());

  const list = async (credential: Credential, path = '/v1/api-keys') => {
    const response = await program.get(credential, path);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    const records = (await response.json()) as ApiKeyRecord[];
    for (const record of records) {
      isRecord(record);
      expect(isRecord.errors ?? []).toEqual([]);
    }
    return { records, link: response.headers.get('link') };
  };
  const names = ({ records }: { records: ApiKeyRecord[] }) => records.map(({ name }) => name);

  test('answers a bare array of records of exactly the documented form, newest first, without revoked keys', async () => {
    const { records, link } = await list(asOwner);
    expect(names({ records })).toEqual([
      'Expired',
      'Disabled',
      'Without grants',
      'Ordering production only',
      'Search and ordering',
      'Checkout production only',
      'Checkout widget',
      'Retail account',
      'Whole organization',
    ]);
    expect(link).toBeNull();
  });

  test('a record holds what its key holds', async () => {
    const { acme } = customers;
    const { records } = await list(asOwner);
    const { key } = acme.keys.mixed;
    expect(records.find(({ id }) => id === key.id)).toEqual({
      id: key.id,
      name: 'Search and ordering',
      description: '',
      scope: {
        accountIds: [],
        widgetIds: [acme.search.id, acme.ordering.id],
        environmentIds: [acme.orderingProduction.id],
      },
      createdAt: new Date(key.createdAt).toISOString(),
      modifiedAt: new Date(key.modifiedAt).toISOString(),
      creatorId: PEOPLE.member.id,
      creatorEmail: PEOPLE.member.email,
      organizationId: acme.organization.id,
      modifiedBy: PEOPLE.member.id,
    });
    const scopes = Object.fromEntries(records.map(({ name, scope }) => [name, scope]));
    const empty = { accountIds: [], widgetIds: [], environmentIds: [] };
    expect(scopes['Whole organization']).toEqual({ organizationId: acme.organization.id, ...empty });
    expect(scopes['Retail account']).toEqual({ ...empty, accountIds: [acme.retail.id] });
    expect(scopes['Without grants']).toEqual(empty);
  });

  test('following the links walks the whole list, each key once', async () => {
    const { records: whole } = await list(asOwner);
    for (const limit of [1, 2, 4, 9, 10]) {
      const walked: ApiKeyRecord[] = [];
      let path: string | null = `/v1/api-keys?limit=${limit}`;
      while (path !== null) {
        const { records, link } = await list(asOwner, path);
        expect(records.length).toBeLessThanOrEqual(limit);
        walked.push(...records);
        path = link === null ? null : (/^<([^>]+)>; rel="next"$/.exec(link)?.[1] ?? '');
      }
      expect(walked).toEqual(whole);
    }
  });

  test('a member is answered their own keys, another tenant theirs, a key itself, a service none', async () => {
    expect(names(await list(await program.user(PEOPLE.member)))).toEqual([
      'Expired',
      'Search and ordering',
      'Checkout widget',
    ]);
    expect(names(await list(await program.user(PEOPLE.outsider)))).toEqual(['Grid key', 'Whole Globex']);
    const { secretKey } = customers.acme.keys.account;
    expect(names(await list({ 'x-api-key': secretKey }))).toEqual(['Retail account']);
    expect(names(await list(await program.service('sync', 'resources:sync')))).toEqual([]);
    expect(names(await list(await program.user(PEOPLE.nobody)))).toEqual([]);
  });

  test.each([
    ['limit=0', 'limit'],
    ['limit=101', 'limit'],
    ['limit=-1', 'limit'],
    ['limit=1.5', 'limit'],
    ['limit=1e1', 'limit'],
    ['limit=', 'limit'],
    ['limit=x', 'limit'],
    ['limit=1&limit=2', 'limit'],
    ['limit=99999999999999999999', 'limit'],
    ['after=', 'after'],
    ['after=x', 'after'],
    ['after=%00', 'after'],
    ['after=W10', 'after'],
    ['after=a&after=b', 'after'],
    ['creatorId=someone', 'creatorId'],
    ['__proto__=1', '__proto__'],
    ['constructor=1', 'constructor'],
    ['limit[]=1', 'limit[]'],
    ['%ff=1', '%ff'],
  ])('?%s is refused with a problem that names %s', async (query, argument) => {
    const response = await program.get(asOwner, `/v1/api-keys?${query}`);
    const text = await response.text();
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    const { detail, requestId, ...problem } = JSON.parse(text) as Record<string, string>;
    expect(problem).toEqual({
      type: 'about:blank',
      title: 'Bad input',
      status: 400,
      code: 'BAD_USER_INPUT',
      argument,
    });
    expect(detail).toContain(argument);
    expect(requestId).toBe(response.headers.get('x-request-id'));
    expectNothingInternal(text);
  });

  test.each([
    ['no credential', {}],
    ['a malformed token', { authorization: 'Bearer x.y.z' }],
    ['a malformed secret key', { 'x-api-key': 'sg_nothing' }],
    ['two credentials', { authorization: 'Bearer x', 'x-api-key': 'x' }],
  ])('%s is answered 401 with a problem', async (_what, credential) => {
    const response = await program.get(credential, '/v1/api-keys');
    const text = await response.text();
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(JSON.parse(text)).toMatchObject({
      title: 'Not authenticated',
      status: 401,
      code: 'UNAUTHENTICATED',
    });
    expectNothingInternal(text);
  });

  test.each(['/v1', '/v1/nothing', '//v1/api-keys', '/', '/..%2f..%2fetc%2fpasswd'])(
    '%s is answered 404 with a problem',
    async (path) => {
      const response = await program.get(asOwner, path);
      const text = await response.text();
      expect([response.status, response.headers.get('content-type')]).toEqual([
        404,
        'application/problem+json; charset=utf-8',
      ]);
      expect(JSON.parse(text)).toMatchObject({ title: 'Not found', status: 404, code: 'NOT_FOUND' });
      expectNothingInternal(text);
    },
  );
});
