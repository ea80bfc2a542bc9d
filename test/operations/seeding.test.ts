import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  seedDatabase,
  thingsOf,
  type SeedProgress,
  type SeedSummary,
} from '../../src/demo/seeding/seed-database';
import type { SeedPlan } from '../../src/demo/seeding/seed-plan';
import { TestProgram, type Credential } from '../support/test-program';

const PLAN: SeedPlan = { organizations: 2, accounts: 2, widgets: 2, environments: 3, keys: 50, seed: 7 };
const RESOURCES_OF_ORGANIZATION = 1 + 2 + 4 + 12;

interface KeyList {
  apiKeys: {
    totalCount: number;
    nodes: { id: string; name: string; organizationId: string; scope: { breadth: string } }[];
  };
}

const KEYS = '{ apiKeys(first: 100) { totalCount nodes { id name organizationId scope { breadth } } } }';

describe('seeding', () => {
  let program: TestProgram;
  let first: SeedSummary;
  const progress: SeedProgress[] = [];

  const seed = (plan: SeedPlan) => {
    const { database, secretKeys } = program;
    return seedDatabase({
      database,
      secretKeys,
      plan,
      now: Date.now(),
      onProgress: (step) => progress.push(step),
    });
  };

  const as = (name: string, organization: number): Promise<Credential> => {
    const address = `${name}@organization-${organization}.example`;
    return program.user({ id: address, email: address });
  };

  const count = async (table: string): Promise<number> => {
    const [row] = await program.database.rows<{ total: number }>(`SELECT COUNT(*) AS total FROM ${table}`);
    return row?.total ?? NaN;
  };

  beforeAll(async () => {
    program = await TestProgram.start();
    first = await seed(PLAN);
  });

  afterAll(() => program.stop());

  test('as many rows are written as the plan asks for and the summary tells', async () => {
    expect(await count('resources')).toBe(2 * RESOURCES_OF_ORGANIZATION);
    expect(await count('memberships')).toBe(2 * 22);
    expect(await count('api_keys')).toBe(50);
    expect(await count('api_key_secrets')).toBe(50);
    expect(first).toMatchObject({ firstNumber: 1, resources: 38, people: 44, keys: 50 });
    expect(await count('api_key_grants')).toBe(first.grants);
    const ofMemberships = await count('membership_grants');
    expect(first.rows).toBe(38 + 44 + ofMemberships + 50 + first.grants + 50);
    expect(progress.at(-1)).toEqual({ things: thingsOf(PLAN), rows: first.rows });
  });

  test('an owner lists the keys of the own organization, and none of the other, which has as many', async () => {
    const [own, other] = await Promise.all(
      [1, 2].map(
        async (number) => (await program.graphql<KeyList>(await as('owner', number), KEYS)).data.apiKeys,
      ),
    );
    expect(own?.totalCount).toBe(25);
    expect(other?.totalCount).toBe(25);
    expect(new Set(own?.nodes.map((key) => key.organizationId)).size).toBe(1);
    const ids = new Set([...(own?.nodes ?? []), ...(other?.nodes ?? [])].map((key) => key.id));
    expect(ids.size).toBe(50);
  });

  test('the secret key that is shown works', async () => {
    const { data } = await program.graphql<KeyList>({ 'x-api-key': first.secretKey ?? '' }, KEYS);
    expect(data.apiKeys.totalCount).toBe(1);
  });

  describe('again with the same seed', () => {
    let second: SeedSummary;

    beforeAll(async () => {
      second = await seed(PLAN);
    });

    test('organizations are added under the numbers that follow', async () => {
      expect(second.firstNumber).toBe(3);
      const slugs = await program.database.rows<{ slug: string }>(
        'SELECT slug FROM resources WHERE level = 0 ORDER BY slug',
      );
      expect(slugs.map(({ slug }) => slug)).toEqual([1, 2, 3, 4].map((number) => `organization-${number}`));
    });

    test('the tree and the keys have the same shape and names', async () => {
      for (const number of [1, 2]) {
        const before = await organizationAs(program, await as('owner', number));
        const after = await organizationAs(program, await as('owner', number + 2));
        expect(after).toEqual(before);
        expect(after.keys).toHaveLength(25);
        expect(after.tree.accounts.nodes).toHaveLength(2);
      }
    });
  });

  test('another seed makes other keys', async () => {
    const { firstNumber } = await seed({ ...PLAN, organizations: 1, keys: 25, seed: 8 });
    const other = await organizationAs(program, await as('owner', firstNumber));
    expect(other.keys).toHaveLength(25);
    expect(other.keys).not.toEqual((await organizationAs(program, await as('owner', 1))).keys);
  });
});

interface Named {
  readonly name: string;
}

interface Tree extends Named {
  readonly accounts: {
    readonly nodes: readonly (Named & {
      readonly widgets: {
        readonly nodes: readonly (Named & { readonly environments: { nodes: Named[] } })[];
      };
    })[];
  };
}

/** All that the owner of one organization sees of it, without ids and times. */
async function organizationAs(program: TestProgram, owner: Credential) {
  const { data } = await program.graphql<{ organizations: { nodes: Tree[] } } & KeyList>(
    owner,
    `{
      organizations(first: 1) { nodes { name
        accounts(first: 5) { nodes { name widgets(first: 5) { nodes { name environments(first: 5) { nodes { name } } } } } }
      } }
      apiKeys(first: 100) {
        totalCount nodes { name status description scope { breadth environments { name } widgets { name } } }
      }
    }`,
  );
  const [tree] = data.organizations.nodes;
  if (tree === undefined) throw new Error('The owner sees no organization.');
  return { tree, keys: data.apiKeys.nodes.map((key) => JSON.stringify(key)).sort() };
}
