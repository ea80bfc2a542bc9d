import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { SCOPE_FIELDS } from '../../src/api-keys/changing/scope-input';
import { LEVELS } from '../../src/scopes';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE, twoCustomers, type TwoCustomers } from '../support/two-customers';

const NOWHERE = '01890000-0000-7000-8000-000000000000';

/** Every way in which a caller can name something by its id. */
const QUERIES = [
  'query($id: ID!) { node(id: $id) { __typename id } }',
  'query($id: ID!) { apiKey(id: $id) { id name scope { environments { name } } } }',
  'query($id: ID!) { organization(id: $id) { name slug accounts { totalCount nodes { name } } } }',
  'query($id: ID!) { account(id: $id) { name organization { name } widgets { nodes { name } } } }',
  'query($id: ID!) { widget(id: $id) { name account { name } environments { nodes { name } } } }',
  'query($id: ID!) { environment(id: $id) { name widget { name } apiKeys { totalCount nodes { name } } } }',
  'query($id: ID!) { apiKeys(filter: { organizationId: $id }) { totalCount nodes { id } pageInfo { hasNextPage } } }',
  'query($id: ID!) { apiKeys(filter: { reaches: $id }) { totalCount nodes { id } edges { cursor } } }',
  'query($id: ID!) { apiKeys(filter: { organizationId: $id, reaches: $id }) { totalCount } node(id: $id) { id } }',
  'query($id: ID!) { explainAccess(apiKeyId: $id, resource: { level: ENVIRONMENT, id: $id }) { code reason } }',
];

describe('what a caller may not read is as if it were nowhere', () => {
  let program: TestProgram;
  let customers: TwoCustomers;

  beforeAll(async () => {
    program = await TestProgram.start();
    customers = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys));
  });

  afterAll(() => program.stop());

  const idsOfGlobex = () => {
    const { keys, ...resources } = customers.globex;
    return [...Object.values(resources), keys.whole.key, keys.environment.key].map(({ id }) => id);
  };
  const idsOfWholesale = () => {
    const { wholesale, ordering, orderingProduction, keys } = customers.acme;
    return [wholesale, ordering, orderingProduction, keys.wholesale.key].map(({ id }) => id);
  };
  const answers = async (credential: Credential, id: string) =>
    Promise.all(
      QUERIES.map(async (query) => {
        const { status, text } = await program.graphql(credential, query, { id });
        return { query, status, text };
      }),
    );

  test.each([
    ['the owner of one customer', () => program.user(PEOPLE.owner), idsOfGlobex],
    ['a member narrowed to a part', () => program.user(PEOPLE.narrowedMember), idsOfWholesale],
    ['a member narrowed to a part', () => program.user(PEOPLE.narrowedMember), idsOfGlobex],
    ['an admin narrowed to a part', () => program.user(PEOPLE.narrowedAdmin), idsOfWholesale],
    ['someone without a place', () => program.user(PEOPLE.nobody), idsOfGlobex],
    ['a service', () => program.service('sync', 'resources:sync', 'api-keys:verify'), idsOfGlobex],
    ['an API key', async () => ({ 'x-api-key': customers.acme.keys.account.secretKey }), idsOfGlobex],
    ['an API key', async () => ({ 'x-api-key': customers.acme.keys.account.secretKey }), idsOfWholesale],
  ])('for %s, to the letter', async (_who, credentialOf, forbidden) => {
    const credential = await credentialOf();
    const nowhere = await answers(credential, NOWHERE);
    for (const { status } of nowhere) expect(status).toBe(200);
    for (const id of forbidden()) expect(await answers(credential, id)).toEqual(nowhere);
  });

  /** What is explained of a key about a thing, whatever its level, and previewed of a scope with it. */
  const explanations = async (credential: Credential, keyId: string, id: string) =>
    Promise.all([
      ...LEVELS.map(async (level) => {
        const { status, text } = await program.graphql(
          credential,
          `query($key: ID!, $level: ResourceLevel!, $id: ID!) {
            explainAccess(apiKeyId: $key, resource: { level: $level, id: $id }) {
              valid code reason grant { resourceId } path { id } missingGrant { resourceId } } }`,
          { key: keyId, level, id },
        );
        return { status, text };
      }),
      ...Object.values(SCOPE_FIELDS).map(async (field) => {
        const { status, text } = await program.graphql(
          credential,
          'query($scope: ScopeInput!) { previewScope(scope: $scope) { breadth } }',
          { scope: { [field]: id } },
        );
        return { status, text: text.replaceAll(id, NOWHERE) };
      }),
    ]);

  test.each([
    ['the owner of one customer', () => program.user(PEOPLE.owner), 'whole', idsOfGlobex],
    ['a member narrowed to a part', () => program.user(PEOPLE.narrowedMember), 'environment', idsOfWholesale],
    ['an admin narrowed to a part', () => program.user(PEOPLE.narrowedAdmin), 'account', idsOfWholesale],
    ['someone without a place', () => program.user(PEOPLE.nobody), 'account', idsOfGlobex],
    ['a service', () => program.service('verifier', 'api-keys:verify'), 'account', idsOfGlobex],
    [
      'an API key',
      async () => ({ 'x-api-key': customers.acme.keys.account.secretKey }),
      'account',
      idsOfWholesale,
    ],
  ] as const)(
    'in explanations and previews for %s, to the letter',
    async (_who, credentialOf, key, forbidden) => {
      const credential = await credentialOf();
      const { id: keyId } = customers.acme.keys[key].key;
      const nowhere = await explanations(credential, keyId, NOWHERE);
      for (const id of forbidden()) expect(await explanations(credential, keyId, id)).toEqual(nowhere);
    },
  );

  test('explanations and previews tell of the same things those who may read them', async () => {
    const asOutsider = await program.user(PEOPLE.outsider);
    const { energy, keys } = customers.globex;
    const nowhere = await explanations(asOutsider, keys.whole.key.id, NOWHERE);
    const told = await explanations(asOutsider, keys.whole.key.id, energy.id);
    const differing = told.filter(({ text }, index) => text !== nowhere[index]?.text);
    expect(differing.map(({ text }) => text)).toEqual([
      expect.stringContaining('"code":"VALID"'),
      expect.stringContaining('"breadth":"ACCOUNT"'),
    ]);
  });

  test('the same things are there for those who may read them', async () => {
    const asOutsider = await program.user(PEOPLE.outsider);
    const nowhere = await answers(asOutsider, NOWHERE);
    for (const id of idsOfGlobex()) expect(await answers(asOutsider, id)).not.toEqual(nowhere);
  });

  test('a filter by a creator of another tenant answers as for a creator who is nowhere', async () => {
    const asOwner = await program.user(PEOPLE.owner);
    const by = (creatorId: string) =>
      program.graphql(
        asOwner,
        `query($creatorId: String) {
          apiKeys(filter: { creatorId: $creatorId }) { totalCount nodes { id } pageInfo { endCursor } } }`,
        { creatorId },
      );
    expect(await by(PEOPLE.outsider.id)).toEqual(await by('nobody at all'));
  });

  test('what lies beside a shared organization is absent too', async () => {
    const asNarrowed = await program.user(PEOPLE.narrowedMember);
    const { text } = await program.graphql(
      asNarrowed,
      `query($id: ID!) { organization(id: $id) { name accounts { totalCount nodes { name } }
        wholesale: accounts(filter: { nameContains: "wholesale" }) { totalCount nodes { name } }
        apiKeys { totalCount } } }`,
      { id: customers.acme.organization.id },
    );
    expect(JSON.parse(text)).toEqual({
      data: {
        organization: {
          name: 'Acme',
          accounts: { totalCount: 1, nodes: [{ name: 'Retail' }] },
          wholesale: { totalCount: 0, nodes: [] },
          apiKeys: { totalCount: 0 },
        },
      },
    });
  });

  test('a forged cursor at a key of another tenant shows no more than one at no key', async () => {
    const asOwner = await program.user(PEOPLE.owner);
    const { key } = customers.globex.keys.whole;
    const at = async (id: string) => {
      const after = Buffer.from(JSON.stringify(['CREATED_AT', key.createdAt, id])).toString('base64url');
      const query =
        'query($after: String) { apiKeys(first: 100, after: $after) { totalCount nodes { id } } }';
      const rest = await program.get(asOwner, `/v1/api-keys?after=${after}`);
      return [(await program.graphql(asOwner, query, { after })).text, await rest.text()];
    };
    expect(await at(key.id)).toEqual(await at(NOWHERE));
  });
});
