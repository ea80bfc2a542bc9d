import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ask } from '../support/every-page';
import { TestProgram } from '../support/test-program';

const SIZES = [1, 20, 100];
const owner = (size: number) => ({ id: `owner-of-${size}@acme.example`, email: '' });

const PATHS = `organization { id name } accounts { id name organization { id name } }
  widgets { id name account { id organization { id } } }
  environments { id name widget { id account { id organization { id name } } } }`;

const RENAME =
  'mutation($input: RenameResourceInput!) { renameResource(input: $input) { userErrors { code } } }';

const UPDATE = 'mutation($input: UpdateApiKeyInput!) { updateApiKey(input: $input) { userErrors { code } } }';

const ALL_PATHS = `{ apiKeys(first: 100) { nodes { scope { ${PATHS} } } } }`;

/**
 * Each query, with how many statements it costs, the one that finds the caller's memberships among them. Scopes, and
 * what they grant, are remembered by then.
 */
const QUERIES: [string, number, string][] = [
  ['the keys alone', 2, '{ apiKeys(first: 100) { nodes { id name status } } }'],
  ['their number too', 3, '{ apiKeys(first: 100) { nodes { id } totalCount } }'],
  [
    'their scopes as ids',
    2,
    '{ apiKeys(first: 100) { nodes { id scope { breadth environmentIds accountIds } } } }',
  ],
  ['their scopes as resources, with all above them', 2, ALL_PATHS],
  [
    'scopes as ids and as resources, and the organizations of the keys',
    2,
    `{ apiKeys(first: 100) { nodes { id organization { name } scope { environmentIds ${PATHS} } } } }`,
  ],
  [
    'the same resources reached by two ways, under aliases',
    2,
    `{ apiKeys(first: 100) { nodes { scope { a: environments { id widget { id account { id } } }
      b: environments { id widget { id account { organization { id } } } } c: accounts { id } ${PATHS} } } } }`,
  ],
  [
    'the same list twice, under aliases',
    2,
    `{ a: apiKeys(first: 100) { nodes { scope { widgets { id } } } }
      b: apiKeys(first: 100) { nodes { id scope { environments { widget { id } } } } } }`,
  ],
  [
    'a page of the grants of each key, with their resources',
    3,
    '{ apiKeys(first: 100) { nodes { scope { grants(first: 10) { nodes { level resource { id name } } } } } } }',
  ],
];

const TREE_QUERIES: [string, number, string][] = [
  [
    'the tree, level by level',
    5,
    `{ organizations(first: 1) { nodes { id accounts(first: 100) { nodes { id widgets(first: 5) { nodes { id
      environments(first: 5) { nodes { id } } } } } } } } }`,
  ],
  [
    'the tree with the number of children at each level',
    6,
    `{ organizations(first: 1) { nodes { accounts(first: 100) { totalCount nodes {
      widgets(first: 5) { totalCount nodes { id } } } } } } }`,
  ],
  [
    'the keys that reach each account, and by which grants',
    4,
    `{ organizations(first: 1) { nodes { accounts(first: 100) { nodes { id
      apiKeys(first: 5) { edges { node { id name } grants { level resourceId } } } } } } } }`,
  ],
  [
    'the keys that reach each resource of the tree',
    7,
    `{ organizations(first: 1) { nodes { apiKeys(first: 2) { nodes { id } } accounts(first: 100) { nodes {
      apiKeys(first: 2) { nodes { id } } widgets(first: 2) { nodes { id apiKeys(first: 2) { nodes { id } } } } } } } } }`,
  ],
];

describe('the number of statements does not grow with the number of things', () => {
  let program: TestProgram;

  beforeAll(async () => {
    program = await TestProgram.start();
    await program.given((tenancy) => {
      for (const size of SIZES) {
        const acme = tenancy.organization(`Acme of ${size}`, `acme-${size}`);
        tenancy.membership(acme, owner(size), 'OWNER');
        for (let index = 0; index < size; index++) {
          const account = tenancy.child(acme, `Account ${index}`);
          const widget = tenancy.child(account, 'Widget');
          const environments = [tenancy.child(widget, 'Production'), tenancy.child(widget, 'Staging')];
          const grants = [account, widget, ...environments];
          tenancy.apiKey({ organization: acme, name: `Key ${index}`, creator: owner(size), grants });
        }
      }
    });
    await counts(ALL_PATHS);
  });

  afterAll(() => program.stop());

  const counts = async (query: string) => {
    const found: number[] = [];
    for (const size of SIZES) {
      const credential = await program.user(owner(size));
      let things = '';
      const statements = await program.statementsDuring(async () => {
        things = JSON.stringify(await ask(program, credential, query));
      });
      // The answer holds as many things as there are, so that the count is not that of an empty page.
      expect(things.match(/"id":/g)?.length ?? 0).toBeGreaterThanOrEqual(size);
      found.push(statements.length);
    }
    return found;
  };

  test.each([...QUERIES, ...TREE_QUERIES])('%s: %d for 1, 20 and 100', async (_what, count, query) => {
    expect(await counts(query)).toEqual(SIZES.map(() => count));
  });

  test('scopes that are not remembered cost one statement more, however many they are', async () => {
    for (const size of SIZES) {
      const credential = await program.user(owner(size));
      const { apiKeys } = await ask<{ apiKeys: { nodes: { id: string; version: number }[] } }>(
        program,
        credential,
        '{ apiKeys(first: 100) { nodes { id version } } }',
      );
      for (const { id, version } of apiKeys.nodes) {
        await ask(program, credential, UPDATE, { input: { id, version, description: 'Changed' } });
      }
    }
    expect(await counts(ALL_PATHS)).toEqual(SIZES.map(() => 3));
  });

  test('resources that are not remembered cost one statement more, however many they are', async () => {
    for (const size of SIZES) {
      const credential = await program.user(owner(size));
      const { organizations } = await ask<{ organizations: { nodes: { id: string }[] } }>(
        program,
        credential,
        '{ organizations { nodes { id } } }',
      );
      const input = { id: organizations.nodes[0]?.id, name: 'Renamed' };
      await ask(program, credential, RENAME, { input });
    }
    expect(await counts(ALL_PATHS)).toEqual(SIZES.map(() => 3));
  });

  test('one resource with its path costs two, whatever its depth, and looked up twice no more', async () => {
    const credential = await program.user(owner(1));
    const data = await ask<{
      organizations: { nodes: { accounts: { nodes: { widgets: { nodes: { id: string }[] } }[] } }[] };
    }>(
      program,
      credential,
      '{ organizations { nodes { accounts(first: 5) { nodes { widgets(first: 5) { nodes { id } } } } } } }',
    );
    const id = data.organizations.nodes[0]?.accounts.nodes[0]?.widgets.nodes[0]?.id;
    // Whatever was remembered of the organization is not true any more.
    await ask(program, credential, RENAME, { input: { id, name: 'Renamed' } });
    const query = `query($id: ID!) { a: widget(id: $id) { id account { organization { name } } }
      b: node(id: $id) { id } c: widget(id: $id) { name account { name organization { slug } } } }`;
    const statements = await program.statementsDuring(() => ask(program, credential, query, { id }));
    expect(statements).toHaveLength(2);
  });

  test('a list for a caller who may read nothing costs no statement but the one that finds that out', async () => {
    const nobody = await program.user({ id: 'nobody@nowhere.example', email: '' });
    const query = '{ apiKeys { totalCount nodes { id } } organizations { totalCount nodes { id } } }';
    const statements = await program.statementsDuring(() => ask(program, nobody, query));
    expect(statements).toHaveLength(1);
  });
});
