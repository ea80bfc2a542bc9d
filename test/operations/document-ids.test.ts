import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { idQuery, type DocumentRequest } from '../support/document-request';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE, twoCustomers, type TwoCustomers } from '../support/two-customers';

const LIST = 'query List { apiKeys(first: 100) { nodes { name } } }';
const REVOKE = 'mutation Revoke($id: ID!) { revokeApiKey(input: { id: $id }) { apiKey { status } } }';
const COSTLY = `query Costly { apiKeys(first: 100) { nodes { scope { environments {
  apiKeys(first: 100) { nodes { scope { environments { apiKeys(first: 100) { totalCount } } } } } } } } } }`;

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');

describe.each([
  ['where every document is run', {}],
  ['where only trusted documents are run', { TRUSTED_DOCUMENTS_ONLY: 'true' }],
])('ids in the place of documents, %s', (_where, settings) => {
  const trustedOnly = 'TRUSTED_DOCUMENTS_ONLY' in settings;
  let folder: string;
  let program: TestProgram;
  let asOwner: Credential;
  let asService: Credential;
  let customers: TwoCustomers;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'scopegate-manifest-'));
    const manifest = join(folder, 'manifest.json');
    const documents = { list: LIST, revoke: REVOKE, costly: COSTLY, stale: 'query Stale { wasHere }' };
    await writeFile(manifest, JSON.stringify(documents));
    program = await TestProgram.start({
      TRUSTED_DOCUMENTS: manifest,
      MAX_QUERY_COST: '10000',
      ...settings,
    });
    asOwner = await program.user(PEOPLE.owner);
    asService = await program.service('checker', 'api-keys:verify');
    customers = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys));
  });

  afterAll(async () => {
    await program.stop();
    await rm(folder, { recursive: true });
  });

  const send = (credential: Credential, request: DocumentRequest) =>
    idQuery(program.url, credential, request);

  test('a trusted document is run by its id, over POST and over GET, with the rights of who asks', async () => {
    for (const method of ['POST', 'GET'] as const) {
      const { status, body } = await send(asOwner, { method, id: 'list' });
      expect(status).toBe(200);
      expect(JSON.stringify(body)).toContain('Whole organization');
      expect(JSON.stringify(body)).not.toContain('Globex');
      const refused = await send({}, { method, id: 'list' });
      expect([refused.status, refused.code]).toEqual([401, 'UNAUTHENTICATED']);
    }
  });

  test('a trusted document may be sent in full, with its id or without', async () => {
    for (const request of [{ query: LIST }, { query: LIST, id: 'list' }, { query: LIST, id: hashOf(LIST) }]) {
      const { status, body } = await send(asOwner, { method: 'POST', ...request });
      expect([status, body]).toEqual([200, { data: expect.anything() }]);
    }
  });

  test('what a trusted document costs is limited, and what goes wrong in it is told as ever', async () => {
    const costly = await send(asOwner, { method: 'POST', id: 'costly' });
    expect([costly.status, costly.code]).toEqual([400, 'QUERY_TOO_COMPLEX']);
    const stale = await send(asOwner, { method: 'POST', id: 'stale' });
    expect([stale.status, stale.code]).toEqual([400, 'GRAPHQL_VALIDATION_FAILED']);
  });

  test('a trusted mutation is run over POST, and never over GET', async () => {
    const { id } = customers.acme.keys.whole.key;
    const overGet = await send(asOwner, { method: 'GET', id: 'revoke', variables: { id } });
    expect(overGet.status).toBe(405);
    const { body: before } = await send(asOwner, { method: 'POST', id: 'list' });
    expect(JSON.stringify(before)).toContain('Whole organization');
    const overPost = await send(asOwner, { method: 'POST', id: 'revoke', variables: { id } });
    expect(overPost.body).toEqual({ data: { revokeApiKey: { apiKey: { status: 'REVOKED' } } } });
  });

  test('an id with another document is refused, as is what is no id', async () => {
    for (const id of ['list', hashOf(LIST)]) {
      const { status, code } = await send(asOwner, {
        method: 'POST',
        id,
        query: 'query Other { viewer { id } }',
      });
      expect([status, code]).toEqual([400, 'BAD_USER_INPUT']);
    }
    for (const persistedQuery of [
      7,
      [],
      {},
      { version: 2, sha256Hash: 'list' },
      { version: 1, sha256Hash: 7 },
    ]) {
      const { status, code } = await send(asOwner, { method: 'POST', persistedQuery });
      expect([status, code]).toEqual([400, 'BAD_USER_INPUT']);
    }
  });

  test(`another document is ${trustedOnly ? 'refused, whatever it is' : 'run'}`, async () => {
    const documents = [
      'query Mine { viewer { id } }',
      `${LIST} `,
      '{ __typename }',
      '{ __schema { queryType { name } } }',
    ];
    for (const query of documents) {
      for (const method of ['POST', 'GET'] as const) {
        const { status, code } = await send(asOwner, { method, query });
        expect([status, code]).toEqual(trustedOnly ? [403, 'FORBIDDEN'] : [200, undefined]);
      }
    }
  });

  test(`a document that does not parse, or fit, is ${trustedOnly ? 'refused before it is looked at' : 'told so'}`, async () => {
    for (const [query, ownCode] of [
      ['query {', 'GRAPHQL_PARSE_FAILED'],
      ['{ nope }', 'GRAPHQL_VALIDATION_FAILED'],
    ]) {
      const { code } = await send(asOwner, { method: 'POST', query });
      expect(code).toBe(trustedOnly ? 'FORBIDDEN' : ownCode);
    }
  });

  const mine = 'query MineByHash { viewer { id } }';
  const id = hashOf(mine);

  test(`a document is ${trustedOnly ? 'not ' : ''}remembered by its hash, once somebody was answered by it`, async () => {
    const answered = { status: 200, code: undefined };
    const unknown = trustedOnly
      ? { status: 403, code: 'FORBIDDEN' }
      : { status: 200, code: 'PERSISTED_QUERY_NOT_FOUND' };
    expect(await send(asOwner, { method: 'GET', id })).toMatchObject(unknown);
    const stranger = await send({}, { method: 'POST', id, query: mine });
    expect(stranger.code).toBe(trustedOnly ? 'FORBIDDEN' : 'UNAUTHENTICATED');
    expect(await send(asOwner, { method: 'GET', id })).toMatchObject(unknown);
    const known = trustedOnly ? unknown : answered;
    expect(await send(asOwner, { method: 'POST', id, query: mine })).toMatchObject(known);
    for (const method of ['GET', 'POST'] as const) {
      expect(await send(asOwner, { method, id })).toMatchObject(known);
    }
  });

  test('routers go on composing documents of their own', async () => {
    const response = await fetch(`${program.url}/subgraph`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...asOwner },
      body: JSON.stringify({ query: 'query Composed { viewer { id } }' }),
    });
    expect(await response.json()).toEqual({ data: { viewer: { id: PEOPLE.owner.id } } });
  });

  test('a secret key is never checked over GET, where it would stand in addresses', async () => {
    const { secretKey } = customers.acme.keys.environment;
    const query = `mutation { verifyApiKey(input: { secretKey: "${secretKey}" }) { __typename } }`;
    const answer = await send(asService, { method: 'GET', query, id: hashOf(query) });
    expect(answer.status).toBe(trustedOnly ? 403 : 405);
    expect(JSON.stringify(answer.body)).not.toContain(secretKey);
  });
});
