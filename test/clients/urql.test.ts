import { cacheExchange, Client, fetchExchange } from '@urql/core';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { recordingFetch } from '../support/recording-fetch';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE, twoCustomers, type TwoCustomers } from '../support/two-customers';

const KEY = 'query Key($id: ID!) { apiKey(id: $id) { id name scope { breadth environments { name } } } }';
const REVOKE = 'mutation Revoke($id: ID!) { revokeApiKey(input: { id: $id }) { apiKey { id status } } }';

describe('urql, by its defaults', () => {
  let program: TestProgram;
  let customers: TwoCustomers;
  let asOwner: Credential;

  beforeAll(async () => {
    program = await TestProgram.start();
    customers = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys));
    asOwner = await program.user(PEOPLE.owner);
  });

  afterAll(() => program.stop());

  const clientOf = (credential: Credential) => {
    const { fetch, sent } = recordingFetch(credential);
    const url = `${program.url}/graphql`;
    return { client: new Client({ url, fetch, exchanges: [cacheExchange, fetchExchange] }), sent };
  };

  test('asks queries over GET, with nothing but its credential to show', async () => {
    const { client, sent } = clientOf(asOwner);
    const { id } = customers.acme.keys.environment.key;
    const { data, error } = await client.query<unknown>(KEY, { id }).toPromise();
    expect(error).toBeUndefined();
    expect(data).toMatchObject({
      apiKey: {
        name: 'Checkout production only',
        scope: { environments: [{ name: 'Checkout production' }] },
      },
    });
    expect(sent.map(({ method, headers }) => [method, headers.has('apollo-require-preflight')])).toEqual([
      ['GET', false],
    ]);
  });

  test('sees no key of another customer', async () => {
    const { client } = clientOf(asOwner);
    const { id } = customers.globex.keys.whole.key;
    expect((await client.query<unknown>(KEY, { id }).toPromise()).data).toMatchObject({ apiKey: null });
  });

  test('makes changes over POST, after which its queries are asked again', async () => {
    const { client, sent } = clientOf(asOwner);
    const { id } = customers.acme.keys.account.key;
    const status = 'query Status($id: ID!) { apiKey(id: $id) { id status } }';
    const read = async () => (await client.query<unknown>(status, { id }).toPromise()).data;
    expect(await read()).toMatchObject({ apiKey: { status: 'ACTIVE' } });
    await client.mutation(REVOKE, { id }).toPromise();
    expect(await read()).toMatchObject({ apiKey: { status: 'REVOKED' } });
    expect(sent.map(({ method }) => method)).toEqual(['GET', 'POST', 'GET']);
  });

  test('is refused without a credential, as a page elsewhere would be that sends a plain GET', async () => {
    const { client } = clientOf({});
    const { id } = customers.acme.keys.environment.key;
    const { data, error } = await client.query<unknown>(KEY, { id }).toPromise();
    expect(data).toBeUndefined();
    expect(error?.response).toHaveProperty('status', 400);
    expect(error?.message).toMatch(/Cross-Site Request Forgery/);
  });
});
