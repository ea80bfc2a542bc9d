import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { asEveryone } from '../support/as-everyone';
import { ask, type Page } from '../support/every-page';
import { updatePolicy } from '../support/policies';
import { TestProgram, type Credential } from '../support/test-program';
import { twoCustomers, type Person, type TwoCustomers } from '../support/two-customers';

interface Key {
  readonly name: string;
  readonly violatesPolicy: readonly string[];
}

const TOO_WIDE = /^The policy allows grants of WIDGET and narrower, not (ORGANIZATION|ACCOUNT)\.$/;
const EXPIRY = 'The policy requires an expiry.';
const TOO_LONG = 'The policy allows a lifetime of at most 86400 seconds from when a key is made.';

describe('keys that are against a policy', () => {
  let program: TestProgram;
  let as: Record<Person, Credential>;
  let customers: TwoCustomers;

  beforeAll(async () => {
    program = await TestProgram.start();
    as = await asEveryone(program);
    customers = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys));
    const limits = { widestGrant: 'WIDGET', maxLifetimeSeconds: 86_400 };
    const { userErrors } = await updatePolicy(program, as.owner, customers.acme.organization.id, limits);
    expect(userErrors).toEqual([]);
  });

  afterAll(() => program.stop());

  const list = async (credential: Credential, filter: object | null = null): Promise<Page<Key>> => {
    const data = await ask<{ apiKeys: Page<Key> }>(
      program,
      credential,
      'query($filter: ApiKeyFilter) { apiKeys(first: 100, filter: $filter) { totalCount nodes { name violatesPolicy } } }',
      { filter },
    );
    return data.apiKeys;
  };
  const names = ({ nodes, totalCount }: Page<Key>) => {
    expect(totalCount).toBe(nodes.length);
    return nodes.map(({ name }) => name).sort();
  };

  test('each key tells in which ways it is against the policy', async () => {
    const { nodes } = await list(as.owner);
    const told = Object.fromEntries(nodes.map(({ name, violatesPolicy }) => [name, violatesPolicy]));
    expect(told).toEqual({
      'Whole organization': [expect.stringMatching(TOO_WIDE), EXPIRY],
      'Retail account': [expect.stringMatching(TOO_WIDE), EXPIRY],
      'Checkout widget': [EXPIRY],
      'Checkout production only': [TOO_LONG],
      'Search and ordering': [EXPIRY],
      'Ordering production only': [EXPIRY],
      'Without grants': [EXPIRY],
      Disabled: [EXPIRY],
      Expired: [],
      Revoked: [],
    });
  });

  test('by the filter, those that are against the policy are listed, or those that are not', async () => {
    expect(names(await list(as.owner, { violatesPolicy: false }))).toEqual(['Expired', 'Revoked']);
    const violating = await list(as.owner, { violatesPolicy: true });
    expect(names(violating)).toHaveLength(8);
    expect(violating.nodes.every(({ violatesPolicy }) => violatesPolicy.length > 0)).toBe(true);
    expect(names(await list(as.owner, { violatesPolicy: null }))).toHaveLength(10);
  });

  test('the policy of one tenant says nothing of the keys of another', async () => {
    expect(names(await list(as.outsider, { violatesPolicy: true }))).toEqual([]);
    expect(names(await list(as.both, { violatesPolicy: true }))).toEqual(['Ordering production only']);
    expect(names(await list(as.both, { violatesPolicy: false }))).toEqual(['Grid key', 'Whole Globex']);
  });

  test('a member finds among their own keys only', async () => {
    expect(names(await list(as.member, { violatesPolicy: true }))).toEqual([
      'Checkout widget',
      'Search and ordering',
    ]);
  });

  test('the keys that reach a resource are filtered in the same way', async () => {
    const data = await ask<{ account: { apiKeys: Page<Key> } }>(
      program,
      as.owner,
      'query($id: ID!) { account(id: $id) { apiKeys(filter: { violatesPolicy: true }) { totalCount nodes { name } } } }',
      { id: customers.acme.retail.id },
    );
    expect(names(data.account.apiKeys)).toEqual(['Retail account', 'Whole organization']);
  });

  test('a page of keys reads the policies of all its organizations in one statement', async () => {
    const statements = await program.statementsDuring(() => list(as.both));
    expect(statements.filter((statement) => statement.includes('organization_policies'))).toHaveLength(1);
    const filtered = await program.statementsDuring(() =>
      ask(program, as.both, '{ apiKeys(filter: { violatesPolicy: true }) { nodes { name } } }'),
    );
    expect(filtered.filter((statement) => statement.includes('organization_policies'))).toHaveLength(1);
    expect(filtered.filter((statement) => statement.includes('FROM api_keys'))).toHaveLength(1);
  });
});
