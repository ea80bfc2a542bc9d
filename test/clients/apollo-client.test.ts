import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ApolloClient,
  ApolloLink,
  gql,
  HttpLink,
  InMemoryCache,
  type TypedDocumentNode,
} from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { relayStylePagination } from '@apollo/client/utilities';
import { generatePersistedQueryManifest } from '@apollo/generate-persisted-query-manifest';
import { generatePersistedQueryIdsFromManifest } from '@apollo/persisted-query-lists';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { recordingFetch, type SentRequest } from '../support/recording-fetch';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE, twoCustomers, type TwoCustomers } from '../support/two-customers';

const KEYS = `query Keys($after: String) {
  apiKeys(first: 4, after: $after, orderBy: { field: NAME, direction: ASC }) {
    edges { cursor node { id name scope { environments { id name } } } }
    pageInfo { hasNextPage endCursor }
  }
}`;
const RENAME = `mutation Rename($id: ID!, $version: Int!, $name: String!) {
  updateApiKey(input: { id: $id, version: $version, name: $name }) { apiKey { id name } userErrors { code } }
}`;

interface Keys {
  readonly apiKeys: {
    readonly edges: readonly { readonly node: { readonly id: string; readonly name: string } }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

const keysDocument: TypedDocumentNode<Keys, { after?: string | null }> = gql(KEYS);

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const shapeOf = ({ method, hasText }: SentRequest) => `${method} ${hasText ? 'text' : 'id'}`;

function clientOf(program: TestProgram, credential: Credential, persisted: ApolloLink) {
  const { fetch, sent } = recordingFetch(credential);
  const http = new HttpLink({ uri: `${program.url}/graphql`, fetch });
  const apiKeys = relayStylePagination(['filter', 'orderBy']);
  const cache = new InMemoryCache({ typePolicies: { Query: { fields: { apiKeys } } } });
  return { client: new ApolloClient({ cache, link: ApolloLink.from([persisted, http]) }), sent };
}

/** Reads every page into the cache, and answers what the cache holds then. */
async function everyName(client: ApolloClient): Promise<string[]> {
  const keys = client.watchQuery({ query: keysDocument, fetchPolicy: 'cache-first' });
  const subscription = keys.subscribe(() => undefined);
  let page = (await client.query({ query: keysDocument })).data;
  while (page?.apiKeys.pageInfo.hasNextPage === true) {
    page = (await keys.fetchMore({ variables: { after: page.apiKeys.pageInfo.endCursor } })).data;
  }
  const cached = client.readQuery({ query: keysDocument });
  subscription.unsubscribe();
  return (cached?.apiKeys.edges ?? []).map(({ node }) => node.name);
}

describe('Apollo Client', () => {
  let program: TestProgram;
  let customers: TwoCustomers;
  let asOwner: Credential;
  let names: string[];

  beforeAll(async () => {
    program = await TestProgram.start();
    customers = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys));
    asOwner = await program.user(PEOPLE.owner);
    names = Object.values(customers.acme.keys)
      .map(({ key }) => key.name)
      .sort();
  });

  afterAll(() => program.stop());

  test('reads a list page by page into one, by the hash of the query over GET', async () => {
    const persisted = new PersistedQueryLink({ sha256, useGETForHashedQueries: true });
    const { client, sent } = clientOf(program, asOwner, persisted);
    expect(await everyName(client)).toEqual(names);
    expect(names).toHaveLength(10);
    // The server does not know the query at first, and is told once.
    expect(sent.map(shapeOf)).toEqual(['GET id', 'POST text', 'GET id', 'GET id']);
  });

  test('sees a change in the list that it has read, and makes changes over POST only', async () => {
    const persisted = new PersistedQueryLink({ sha256, useGETForHashedQueries: true });
    const { client, sent } = clientOf(program, asOwner, persisted);
    await everyName(client);
    const { id, version } = customers.acme.keys.whole.key;
    const before = sent.length;
    await client.mutate({ mutation: gql(RENAME), variables: { id, version, name: 'Whole organisation' } });
    const cached = client.readQuery({ query: keysDocument });
    expect(cached?.apiKeys.edges.map(({ node }) => node.name)).toContain('Whole organisation');
    expect(sent.slice(before).map(({ method }) => method)).not.toContain('GET');
    await client.mutate({
      mutation: gql(RENAME),
      variables: { id, version: version + 1, name: 'Whole organization' },
    });
  });

  test('asks by the ids of a manifest where nothing else is taken', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'scopegate-apollo-'));
    const [documents, file] = [join(folder, 'keys.graphql'), join(folder, 'manifest.json')];
    await writeFile(documents, KEYS);
    const manifest = await generatePersistedQueryManifest({ documents }, undefined);
    await writeFile(file, JSON.stringify(manifest));
    const strict = await TestProgram.start({ TRUSTED_DOCUMENTS: file, TRUSTED_DOCUMENTS_ONLY: 'on' });
    await strict.given((tenancy) => twoCustomers(tenancy, strict.secretKeys));
    const ids = generatePersistedQueryIdsFromManifest({ loadManifest: async () => manifest });
    const persisted = new PersistedQueryLink({ ...ids, useGETForHashedQueries: true });
    const { client, sent } = clientOf(strict, await strict.user(PEOPLE.owner), persisted);
    expect(await everyName(client)).toEqual(names);
    expect(new Set(sent.map(shapeOf))).toEqual(new Set(['GET id']));
    await strict.stop();
    await rm(folder, { recursive: true });
  });
});
