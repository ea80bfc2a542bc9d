import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ROUTER_SECRET } from '../support/subgraph';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE, twoCustomers, type TwoCustomers } from '../support/two-customers';
import { COMPOSITIONS, Platform, ROUTERS, type AskRouter } from './platform';

let program: TestProgram;
let platform: Platform;
let customers: TwoCustomers;
let asOwner: Credential;

beforeAll(async () => {
  program = await TestProgram.start({ ROUTER_SECRET });
  customers = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys));
  asOwner = await program.user(PEOPLE.owner);
  const { acme, globex } = customers;
  const deployment = (id: string, environment: { id: string }) => ({
    id,
    version: `1.0.${id}`,
    environmentId: environment.id,
    deployedById: PEOPLE.admin.id,
  });
  platform = await Platform.start(program, {
    deployments: [
      deployment('1', acme.checkoutProduction),
      deployment('2', acme.orderingProduction),
      deployment('3', globex.gridProduction),
    ],
    users: Object.values(PEOPLE).map(({ id }) => ({ id, displayName: `Somebody called ${id}` })),
  });
});

afterAll(async () => {
  await platform.stop();
  await program.stop();
});

interface Deployments {
  readonly deployments: readonly {
    readonly version: string;
    readonly deployedBy: { readonly displayName: string };
    readonly environment: {
      readonly id: string;
      readonly name: string | null;
      readonly apiKeys: { readonly nodes: readonly object[] } | null;
    };
  }[];
}

/** From deployments to our keys, and from these to their makers. */
const FROM_DEPLOYMENTS = `{ deployments { version deployedBy { displayName } environment { id name
  apiKeys(first: 2, orderBy: { field: NAME, direction: ASC }) { nodes { name creator { displayName } } } } } }`;

/** From our keys to what runs where they reach, and who brought it there. */
const FROM_KEYS = `{ apiKeys(first: 100, filter: { breadth: [ENVIRONMENT] }, orderBy: { field: NAME, direction: ASC }) { nodes { name
  creator { displayName } scope { environments { name deployments { version deployedBy { displayName } } } } } } }`;

/**
 * Memberships, and the keys that reach the environments, which are remembered. The planner in Rust asks for what users need
 * of the keys in a request of its own, which costs the memberships and the keys once more.
 */
const STATEMENTS = { apollo: 2, hive: 2, 'hive-rust': 4 } as const;

describe.each(COMPOSITIONS)('composed by %s', (composition) => {
  describe.each(ROUTERS)('a query through %s', (router) => {
    let ask: AskRouter;

    beforeAll(async () => {
      ask = await platform.route(router, platform.compose(composition));
    });

    test('crosses all three subgraphs from deployments, in a few statements', async () => {
      let answer: Deployments | undefined;
      // The first of all reads the environments, with their paths.
      await ask(asOwner, FROM_DEPLOYMENTS);
      const statements = await program.statementsDuring(async () => {
        const { data, errors } = await ask<Deployments>(asOwner, FROM_DEPLOYMENTS);
        expect(errors).toBeUndefined();
        answer = data;
      });
      const { checkoutProduction, orderingProduction } = customers.acme;
      const { gridProduction } = customers.globex;
      const maker = (email: string) => ({ displayName: `Somebody called ${email}` });
      const deployedBy = maker(PEOPLE.admin.id);
      expect(answer?.deployments).toEqual([
        {
          version: '1.0.1',
          deployedBy,
          environment: {
            id: checkoutProduction.id,
            name: 'Checkout production',
            apiKeys: {
              nodes: [
                { name: 'Checkout production only', creator: maker(PEOPLE.narrowedMember.id) },
                { name: 'Checkout widget', creator: maker(PEOPLE.member.id) },
              ],
            },
          },
        },
        {
          version: '1.0.2',
          deployedBy,
          environment: {
            id: orderingProduction.id,
            name: 'Ordering production',
            apiKeys: {
              nodes: [
                { name: 'Ordering production only', creator: maker(PEOPLE.both.id) },
                { name: 'Search and ordering', creator: maker(PEOPLE.member.id) },
              ],
            },
          },
        },
        // The other customer's: what is ours is missing, and what is the platform's stays.
        { version: '1.0.3', deployedBy, environment: { id: gridProduction.id, name: null, apiKeys: null } },
      ]);
      expect(statements).toHaveLength(STATEMENTS[router]);
    });

    test('crosses all three subgraphs from keys', async () => {
      const { data, errors } = await ask(asOwner, FROM_KEYS);
      expect(errors).toBeUndefined();
      expect(data).toMatchObject({
        apiKeys: {
          nodes: [
            {
              name: 'Checkout production only',
              creator: { displayName: `Somebody called ${PEOPLE.narrowedMember.id}` },
              scope: {
                environments: [
                  {
                    name: 'Checkout production',
                    deployments: [
                      { version: '1.0.1', deployedBy: { displayName: `Somebody called ${PEOPLE.admin.id}` } },
                    ],
                  },
                ],
              },
            },
            { name: 'Disabled' },
            { name: 'Expired' },
            { name: 'Ordering production only' },
          ],
        },
      });
    });

    test('keeps the rights of each caller', async () => {
      const reads = async (credential: Credential) => {
        const { data } = await ask<Deployments>(credential, FROM_DEPLOYMENTS);
        return data.deployments.map(({ environment }) => [
          environment.name,
          environment.apiKeys?.nodes.length ?? null,
        ]);
      };
      const hidden = [null, null];
      expect(await reads(await program.user(PEOPLE.narrowedAdmin))).toEqual([
        ['Checkout production', 2],
        hidden,
        hidden,
      ]);
      expect(await reads(await program.user(PEOPLE.outsider))).toEqual([
        hidden,
        hidden,
        ['Grid production', 2],
      ]);
      expect(await reads(await program.user(PEOPLE.nobody))).toEqual([hidden, hidden, hidden]);
    });

    test('without a credential reads nothing of ours', async () => {
      const { text } = await ask({}, FROM_DEPLOYMENTS);
      expect(text).not.toMatch(/production/i);
      const keys = await ask({}, FROM_KEYS);
      expect(keys.errors).toBeDefined();
      expect(keys.text).not.toContain('Checkout');
    });
  });
});
