import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { credentials } from '../support/mutating';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE, twoCustomers, type Person, type TwoCustomers } from '../support/two-customers';

const QUERY = `query($id: ID!) { organization(id: $id) {
  memberships(first: 100) { totalCount nodes { userId role narrowedTo { level resourceId } organization { id } } }
  keysBeyondTheirMaker(first: 100) { totalCount nodes { name } } } }`;

interface Answer {
  readonly organization: {
    readonly memberships: {
      readonly totalCount: number;
      readonly nodes: readonly { userId: string }[];
    } | null;
    readonly keysBeyondTheirMaker: {
      readonly totalCount: number;
      readonly nodes: readonly { name: string }[];
    } | null;
  } | null;
}

describe('the people of an organization, and the keys that reach beyond them', () => {
  let program: TestProgram;
  let customers: TwoCustomers;
  let as: Record<Person, Credential>;

  beforeAll(async () => {
    program = await TestProgram.start();
    customers = await program.given((tenancy) => {
      const two = twoCustomers(tenancy, program.secretKeys);
      const { organization, retail, search, ordering, checkoutProduction } = two.acme;
      const key = (name: string, creator: Person, grants: (typeof organization)[], more = {}) =>
        tenancy.apiKey({ organization, name, creator: PEOPLE[creator], grants, ...more });
      key('Narrowed, inside', 'narrowedMember', [retail, search, checkoutProduction]);
      key('Narrowed, without grants', 'narrowedMember', []);
      key('Narrowed, half outside', 'narrowedAdmin', [search, ordering]);
      key('Narrowed, above', 'narrowedAdmin', [organization]);
      key('Narrowed, outside but revoked', 'narrowedAdmin', [ordering], { revokedAt: 1 });
      key('Narrowed, outside and expired', 'narrowedMember', [ordering], { expiresAt: 1 });
      key('Of nobody', 'nobody', [search]);
      key('Of nobody, without grants', 'nobody', []);
      key('Of nobody, revoked', 'nobody', [search], { revokedAt: 1 });
      key('Of the owner of another', 'outsider', [search]);
      return two;
    });
    as = await credentials(program);
  });

  afterAll(() => program.stop());

  const ask = async (credential: Credential, id = customers.acme.organization.id) =>
    (await program.graphql<Answer>(credential, QUERY, { id })).data.organization;

  test('those of former and of narrowed makers are listed, and neither what fits nor what was revoked', async () => {
    const expected = [
      'Narrowed, above',
      'Narrowed, half outside',
      'Narrowed, outside and expired',
      'Of nobody',
      'Of nobody, without grants',
      'Of the owner of another',
    ];
    for (const person of ['owner', 'admin'] as const) {
      const keys = (await ask(as[person]))?.keysBeyondTheirMaker;
      expect(keys?.nodes.map(({ name }) => name).sort()).toEqual(expected);
      expect(keys?.totalCount).toBe(expected.length);
    }
  });

  test('people are listed by their id, with role and narrowing', async () => {
    const { organization, retail } = customers.acme;
    const place = (person: Person, role: string, narrowedTo: object[] | null = null) => ({
      userId: PEOPLE[person].id,
      role,
      narrowedTo,
      organization: { id: organization.id },
    });
    const toRetail = [{ level: 'ACCOUNT', resourceId: retail.id }];
    expect((await ask(as.admin))?.memberships).toEqual({
      totalCount: 6,
      nodes: [
        place('admin', 'ADMIN'),
        place('both', 'MEMBER'),
        place('member', 'MEMBER'),
        place('narrowedAdmin', 'ADMIN', toRetail),
        place('narrowedMember', 'MEMBER', toRetail),
        place('owner', 'OWNER'),
      ],
    });
  });

  test('people are paged forward and backward', async () => {
    const page = async (args: string) => {
      const { data } = await program.graphql<{
        organization: { memberships: { nodes: { userId: string }[]; pageInfo: Record<string, string> } };
      }>(
        as.owner,
        `query($id: ID!) { organization(id: $id) { memberships(${args}) {
          nodes { userId } pageInfo { hasNextPage endCursor startCursor } } } }`,
        { id: customers.acme.organization.id },
      );
      return data.organization.memberships;
    };
    const first = await page('first: 4');
    expect(first.pageInfo['hasNextPage']).toBe(true);
    const rest = await page(`first: 4, after: "${first.pageInfo['endCursor']}"`);
    expect([...first.nodes, ...rest.nodes].map(({ userId }) => userId)).toEqual(
      (await ask(as.owner))?.memberships?.nodes.map(({ userId }) => userId),
    );
    const back = await page(`last: 4, before: "${rest.pageInfo['startCursor']}"`);
    expect(back.nodes).toEqual(first.nodes);
  });

  test('members and narrowed admins get neither, API keys neither, and others no organization', async () => {
    const asKey = { 'x-api-key': customers.acme.keys.whole.secretKey };
    for (const credential of [as.member, as.narrowedMember, as.narrowedAdmin, as.both, asKey]) {
      expect(await ask(credential)).toEqual({ memberships: null, keysBeyondTheirMaker: null });
    }
    expect(await ask(as.outsider)).toBeNull();
    expect(await ask(as.owner, customers.globex.organization.id)).toBeNull();
  });

  test('for many organizations at once they cost as many statements as for one', async () => {
    const count = async (organizations: number) => {
      const credential = await program.user({ id: `owner of ${organizations}`, email: 'owner@many.example' });
      await program.given((tenancy) => {
        for (let index = 0; index < organizations; index++) {
          const organization = tenancy.organization('Many', `many-${organizations}-${index}`);
          const account = tenancy.child(organization, 'Account');
          tenancy.membership(organization, { id: `owner of ${organizations}`, email: '' }, 'OWNER');
          tenancy.membership(organization, PEOPLE.nobody, 'MEMBER', [account]);
          const creator = PEOPLE.nobody;
          tenancy.apiKey({ organization, name: 'Beyond', creator, grants: [organization, account] });
        }
      });
      const statements = await program.statementsDuring(async () => {
        const { data } = await program.graphql<{ organizations: { nodes: Answer['organization'][] } }>(
          credential,
          `{ organizations(first: 20) { nodes { memberships(first: 5) { nodes { userId narrowedTo { level } } }
            keysBeyondTheirMaker(first: 5) { nodes { name } } } } }`,
        );
        expect(data.organizations.nodes).toHaveLength(organizations);
        for (const organization of data.organizations.nodes) {
          expect(organization?.keysBeyondTheirMaker?.nodes).toEqual([{ name: 'Beyond' }]);
          expect(organization?.memberships?.nodes).toHaveLength(2);
        }
      });
      return statements.length;
    };
    expect(await count(12)).toBe(await count(1));
  });
});
