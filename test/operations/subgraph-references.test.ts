import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newId } from '../../src/shared/ids';
import { entities } from '../support/subgraph';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE, twoCustomers, type TwoCustomers } from '../support/two-customers';

const IDS = `... on ApiKey { id } ... on Organization { id slug } ... on Account { id } ... on Widget { id }
  ... on Environment { id }`;
const NOWHERE = '01890000-0000-7000-8000-000000000000';

describe('references to entities', () => {
  let program: TestProgram;
  let asOwner: Credential;
  let customers: TwoCustomers;

  beforeAll(async () => {
    program = await TestProgram.start();
    asOwner = await program.user(PEOPLE.owner);
    customers = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys));
  });

  afterAll(() => program.stop());

  /** A reference to each thing of a customer. */
  const referencesTo = ({ acme, globex }: TwoCustomers, customer: 'acme' | 'globex') =>
    customer === 'acme'
      ? [
          { __typename: 'Organization', id: acme.organization.id },
          { __typename: 'Organization', slug: 'acme' },
          { __typename: 'Account', id: acme.retail.id },
          { __typename: 'Widget', id: acme.checkout.id },
          { __typename: 'Environment', id: acme.checkoutStaging.id },
          { __typename: 'ApiKey', id: acme.keys.widget.key.id },
        ]
      : [
          { __typename: 'Organization', id: globex.organization.id },
          { __typename: 'Organization', slug: 'globex' },
          { __typename: 'Account', id: globex.energy.id },
          { __typename: 'Widget', id: globex.grid.id },
          { __typename: 'Environment', id: globex.gridProduction.id },
          { __typename: 'ApiKey', id: globex.keys.whole.key.id },
        ];

  test('are resolved to the things that they name, in their order', async () => {
    const references = referencesTo(customers, 'acme');
    const found = await entities(program, asOwner, references, IDS);
    expect(found).toEqual(references.map((reference) => expect.objectContaining(reference)));
    expect(found[1]).toMatchObject({ id: customers.acme.organization.id });
  });

  test('lead on into the tree and the keys, each with its rights', async () => {
    const reference = { __typename: 'Environment', id: customers.acme.checkoutStaging.id };
    const selection =
      '... on Environment { name widget { account { organization { name } } } apiKeys(first: 1) { nodes { name } totalCount } }';
    const [environment] = await entities(program, asOwner, [reference], selection);
    expect(environment).toMatchObject({
      name: 'Checkout staging',
      widget: { account: { organization: { name: 'Acme' } } },
      apiKeys: { nodes: [{ name: 'Revoked' }], totalCount: 6 },
    });
    const asNarrowed = await program.user(PEOPLE.narrowedMember);
    const [narrowed] = await entities(program, asNarrowed, [reference], selection);
    expect(narrowed).toMatchObject({ name: 'Checkout staging', apiKeys: { totalCount: 0 } });
  });

  test('to what the caller may not read are null, as to what is nowhere', async () => {
    const foreign = referencesTo(customers, 'globex');
    const nowhere = foreign.map(({ __typename }) => ({ __typename, id: NOWHERE }));
    const nulls = foreign.map(() => null);
    expect(await entities(program, asOwner, foreign, IDS)).toEqual(nulls);
    expect(await entities(program, asOwner, nowhere, IDS)).toEqual(nulls);
    // There is something to see, for whoever may.
    const found = await entities(program, await program.user(PEOPLE.outsider), foreign, IDS);
    expect(found).not.toContain(null);
  });

  test('are resolved for an API key as far as its scope covers', async () => {
    const credential = { 'x-api-key': customers.acme.keys.account.secretKey };
    const { organization, retail, wholesale, checkout, orderingProduction, keys } = customers.acme;
    const references = [
      { __typename: 'Account', id: retail.id },
      { __typename: 'Widget', id: checkout.id },
      { __typename: 'ApiKey', id: keys.account.key.id },
      { __typename: 'Organization', id: organization.id },
      { __typename: 'Account', id: wholesale.id },
      { __typename: 'Environment', id: orderingProduction.id },
      { __typename: 'ApiKey', id: keys.widget.key.id },
    ];
    const found = await entities(program, credential, references, IDS);
    expect(found.map((entity) => entity !== null)).toEqual([true, true, true, false, false, false, false]);
  });

  test('to an id of another type, or under another type, are null', async () => {
    const { organization, retail, keys } = customers.acme;
    const references = [
      { __typename: 'Environment', id: retail.id },
      { __typename: 'ApiKey', id: organization.id },
      { __typename: 'Account', id: keys.widget.key.id },
      { __typename: 'Account', slug: 'acme' },
      { __typename: 'PageInfo', id: organization.id },
      { __typename: 'Nothing', id: organization.id },
    ];
    expect(await entities(program, asOwner, references, IDS)).toEqual(references.map(() => null));
  });

  test('that are not well-formed are null, and never reach the database', async () => {
    const { id } = customers.acme.organization;
    const wrong: unknown[] = [
      0,
      1,
      true,
      false,
      null,
      [id],
      { id },
      { toString: id },
      '',
      'x',
      `${id} `,
      `${id}'--`,
      ['0'],
    ];
    const types = ['ApiKey', 'Organization', 'Account', 'Widget', 'Environment'];
    const references = [
      ...types.flatMap((__typename) => [
        { __typename },
        ...wrong.map((value) => ({ __typename, id: value })),
      ]),
      ...wrong.filter((value) => value !== 'x').map((value) => ({ __typename: 'Organization', slug: value })),
      ...['ACME', 'acme ', 'a_b', '-acme', '%'].map((slug) => ({ __typename: 'Organization', slug })),
      ...[0, true, ['Account'], { name: 'Account' }, '__proto__', 'constructor', undefined].map(
        (__typename) => ({
          __typename,
          id,
        }),
      ),
      0,
      'Organization',
      true,
      [],
      [{ __typename: 'Organization', id }],
      {},
    ];
    const statements = await program.statementsDuring(async () => {
      expect(await entities(program, asOwner, references, IDS)).toEqual(references.map(() => null));
    });
    // The one that finds the caller's memberships.
    expect(statements).toHaveLength(1);
  });

  test('to an id in upper case are resolved as everywhere', async () => {
    const { id } = customers.acme.retail;
    const reference = { __typename: 'Account', id: id.toUpperCase() };
    expect(await entities(program, asOwner, [reference], IDS)).toEqual([{ __typename: 'Account', id }]);
  });
});

describe('a thousand references of all types', () => {
  const OWNER = { id: 'owner@acme.example', email: 'owner@acme.example' };
  const STRANGER = { id: 'owner@globex.example', email: 'owner@globex.example' };
  const EACH = 100;
  let program: TestProgram;
  let references: object[];

  beforeAll(async () => {
    program = await TestProgram.start();
    references = await program.given((tenancy) => {
      const made: object[] = [];
      for (const [customer, owner] of [
        ['acme', OWNER],
        ['globex', STRANGER],
      ] as const) {
        for (let index = 0; index < EACH; index++) {
          const organization = tenancy.organization(`${customer} ${index}`, `${customer}-${index}`);
          tenancy.membership(organization, owner, 'OWNER');
          const account = tenancy.child(organization, 'Account');
          const widget = tenancy.child(account, 'Widget');
          const environment = tenancy.child(widget, 'Environment');
          const key = tenancy.apiKey({ organization, name: 'Key', creator: owner, grants: [environment] });
          made.push(
            index % 2 === 0
              ? { __typename: 'Organization', slug: organization.slug }
              : { __typename: 'Organization', id: organization.id },
            { __typename: 'Account', id: account.id },
            { __typename: 'Widget', id: widget.id },
            { __typename: 'Environment', id: environment.id },
            { __typename: 'ApiKey', id: key.id },
          );
        }
      }
      return made;
    });
  });

  afterAll(() => program.stop());

  const count = async (given: readonly unknown[], selection: string) => {
    const credential = await program.user(OWNER);
    let found: readonly unknown[] = [];
    const statements = await program.statementsDuring(async () => {
      found = await entities(program, credential, given, selection);
    });
    return { statements: statements.length, found: found.filter((entity) => entity !== null).length };
  };

  test('cost one statement for the resources, until they are remembered, one for slugs and one for keys, after the one for the caller', async () => {
    expect(references).toHaveLength(1000);
    // Half of them are the other customer's.
    expect(await count(references, IDS)).toEqual({ statements: 4, found: 500 });
    expect(await count(references, IDS)).toEqual({ statements: 3, found: 500 });
    expect(await count(references.slice(0, 5), IDS)).toEqual({ statements: 3, found: 5 });
  });

  test('cost one more for each thing that is asked of all of them', async () => {
    const selection = `${IDS} ... on Environment { widget { account { name } } apiKeys(first: 2) { nodes { id } } }
      ... on ApiKey { organization { name } scope { environments { widget { name } } } }`;
    await count(references, selection);
    // The keys of environments. What keys grant is remembered.
    expect(await count(references.slice(0, 5), selection)).toEqual({ statements: 4, found: 5 });
    expect(await count(references, selection)).toEqual({ statements: 4, found: 500 });
  });

  test('cost no more when none of them is there', async () => {
    const absent = references.map((_, index) => ({
      __typename: ['Organization', 'Account', 'Widget', 'Environment', 'ApiKey'][index % 5],
      id: newId(),
    }));
    expect(await count(absent, IDS)).toEqual({ statements: 3, found: 0 });
  });
});
