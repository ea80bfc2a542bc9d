import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { idQuery } from '../support/document-request';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE, twoCustomers, type TwoCustomers } from '../support/two-customers';

const run = promisify(execFile);

const SOURCES = {
  'KeyList.js': `
    graphql\`query KeyListQuery { ...KeyList_query }\`;
    graphql\`
      fragment KeyList_query on Query
        @refetchable(queryName: "KeyListPaginationQuery")
        @argumentDefinitions(count: { type: "Int", defaultValue: 4 }, cursor: { type: "String" }) {
        apiKeys(first: $count, after: $cursor, orderBy: { field: NAME, direction: ASC })
          @connection(key: "KeyList_apiKeys") {
          edges { node { ...KeyRow_key } }
        }
      }\`;`,
  'KeyRow.js': `
    graphql\`
      fragment KeyRow_key on ApiKey @refetchable(queryName: "KeyRowRefetchQuery") {
        name
        scope { breadth environments { name widget { name } } }
      }\`;`,
  'OrganizationKeys.js': `
    graphql\`
      fragment OrganizationKeys_organization on Organization
        @refetchable(queryName: "OrganizationKeysPaginationQuery")
        @argumentDefinitions(count: { type: "Int", defaultValue: 4 }, cursor: { type: "String" }) {
        name
        accounts(first: $count, after: $cursor) @connection(key: "OrganizationKeys_accounts") { edges { node { id name } } }
      }\`;`,
};

const CONFIG = {
  src: '.',
  schema: './schema.graphql',
  language: 'javascript',
  artifactDirectory: './artifacts',
  persistConfig: { file: './persisted.json', algorithm: 'SHA256' },
};

interface Page {
  readonly apiKeys: {
    readonly edges: readonly { readonly node: { readonly id: string; readonly name: string } }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
  };
}

describe("Relay's compiler", () => {
  let folder: string;
  let program: TestProgram;
  let customers: TwoCustomers;
  let asOwner: Credential;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'scopegate-relay-'));
    await copyFile('schema/schema.graphql', join(folder, 'schema.graphql'));
    await mkdir(join(folder, 'artifacts'));
    const files = { ...SOURCES, 'relay.config.json': JSON.stringify(CONFIG), 'persisted.json': '{}' };
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    await run(process.execPath, [require.resolve('relay-compiler/cli.js'), 'relay.config.json'], {
      cwd: folder,
    });
    program = await TestProgram.start({
      TRUSTED_DOCUMENTS: join(folder, 'persisted.json'),
      TRUSTED_DOCUMENTS_ONLY: 'on',
    });
    customers = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys));
    asOwner = await program.user(PEOPLE.owner);
  });

  afterAll(async () => {
    await program.stop();
    await rm(folder, { recursive: true });
  });

  /** Asks a compiled query by the id that the compiler gave it, as Relay's network layer does. */
  const ask = async (query: string, variables: Readonly<Record<string, unknown>>): Promise<unknown> => {
    const artifact = await readFile(join(folder, 'artifacts', `${query}.graphql.js`), 'utf8');
    const id = /"id": "([^"]+)",\n *"metadata"/.exec(artifact)?.[1];
    expect(id).toMatch(/^[0-9a-f]{64}$/);
    const { body } = await idQuery(program.url, asOwner, { method: 'POST', id, variables });
    expect(body.errors).toBeUndefined();
    return body.data;
  };

  test('takes the schema, and its pages lead through the whole list', async () => {
    const names: string[] = [];
    let page = (await ask('KeyListQuery', {})) as Page;
    for (;;) {
      names.push(...page.apiKeys.edges.map(({ node }) => node.name));
      const { hasNextPage, endCursor } = page.apiKeys.pageInfo;
      if (!hasNextPage) break;
      page = (await ask('KeyListPaginationQuery', { count: 4, cursor: endCursor })) as Page;
    }
    const expected = Object.values(customers.acme.keys).map(({ key }) => key.name);
    expect(names).toEqual(expected.sort());
  });

  test('refetches a key by its id, and none of another customer', async () => {
    const { acme, globex } = customers;
    expect(await ask('KeyRowRefetchQuery', { id: acme.keys.environment.key.id })).toMatchObject({
      node: { name: 'Checkout production only', scope: { environments: [{ widget: { name: 'Checkout' } }] } },
    });
    expect(await ask('KeyRowRefetchQuery', { id: globex.keys.environment.key.id })).toEqual({ node: null });
  });

  test('refetches what hangs on an organization', async () => {
    const { id } = customers.acme.organization;
    expect(await ask('OrganizationKeysPaginationQuery', { id })).toMatchObject({
      node: {
        name: 'Acme',
        accounts: { edges: [{ node: { name: 'Retail' } }, { node: { name: 'Wholesale' } }] },
      },
    });
  });
});
