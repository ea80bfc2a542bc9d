import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { getIntrospectionQuery } from 'graphql';
import type { User } from '../../src/demo/tenancy';
import { ask } from '../support/every-page';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE, twoCustomers, type Person, type TwoCustomers } from '../support/two-customers';

type AcmeKey = keyof TwoCustomers['acme']['keys'];
type GlobexKey = keyof TwoCustomers['globex']['keys'];

/** What one principal reads, and of everything else nothing. */
interface Sight {
  readonly acmeKeys: readonly AcmeKey[];
  readonly globexKeys: readonly GlobexKey[];
  /** By name. */
  readonly resources: readonly string[];
}

const ACME = [
  'Acme',
  'Retail',
  'Wholesale',
  'Checkout',
  'Search',
  'Ordering',
  'Checkout production',
  'Checkout staging',
  'Search production',
  'Ordering production',
];
const RETAIL = ACME.filter((name) => !/Acme|Wholesale|Ordering/.test(name));
const GLOBEX = ['Globex', 'Energy', 'Grid', 'Grid production'];
const ALL_ACME_KEYS: readonly AcmeKey[] = [
  'whole',
  'account',
  'widget',
  'environment',
  'mixed',
  'wholesale',
  'none',
  'disabled',
  'expired',
  'revoked',
];
const NOTHING: Sight = { acmeKeys: [], globexKeys: [], resources: [] };

const SIGHTS: Record<Person, Sight> = {
  owner: { acmeKeys: ALL_ACME_KEYS, globexKeys: [], resources: ACME },
  admin: { acmeKeys: ALL_ACME_KEYS, globexKeys: [], resources: ACME },
  member: { acmeKeys: ['widget', 'mixed', 'expired', 'revoked'], globexKeys: [], resources: ACME },
  narrowedMember: { acmeKeys: ['environment'], globexKeys: [], resources: ['Acme', ...RETAIL] },
  narrowedAdmin: {
    acmeKeys: ['account', 'widget', 'environment', 'disabled', 'expired', 'revoked'],
    globexKeys: [],
    resources: ['Acme', ...RETAIL],
  },
  outsider: { acmeKeys: [], globexKeys: ['whole', 'environment'], resources: GLOBEX },
  both: {
    acmeKeys: ['wholesale'],
    globexKeys: ['whole', 'environment'],
    resources: [...ACME, ...GLOBEX],
  },
  nobody: NOTHING,
};

describe('rights', () => {
  let program: TestProgram;
  let customers: TwoCustomers;

  beforeAll(async () => {
    program = await TestProgram.start();
    customers = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys));
  });

  afterAll(() => program.stop());

  /** What a principal gets to see of everything there is, by id and by list. */
  const sight = async (credential: Credential): Promise<Sight> => {
    const { acme, globex } = customers;
    const byId = async (id: string) => {
      const data = await ask<{ node: unknown; key: unknown }>(
        program,
        credential,
        'query($id: ID!) { node(id: $id) { id } key: apiKey(id: $id) { id } }',
        { id },
      );
      return data.node !== null || data.key !== null;
    };
    const { keys: acmeKeys, ...acmeResources } = acme;
    const { keys: globexKeys, ...globexResources } = globex;
    const seen = async <Name extends string>(things: Record<Name, { id: string }>) => {
      const names: Name[] = [];
      for (const name of Object.keys(things) as Name[]) if (await byId(things[name].id)) names.push(name);
      return names;
    };
    const idOf = ({ key }: { key: { id: string } }) => key;
    const found: Sight = {
      acmeKeys: await seen(mapValues(acmeKeys, idOf)),
      globexKeys: await seen(mapValues(globexKeys, idOf)),
      resources: [
        ...(await seen(acmeResources)).map((name) => acmeResources[name].name),
        ...(await seen(globexResources)).map((name) => globexResources[name].name),
      ],
    };
    expect(await listedKeyIds(credential)).toEqual(
      [
        ...found.acmeKeys.map((name) => acmeKeys[name].key.id),
        ...found.globexKeys.map((name) => globexKeys[name].key.id),
      ].sort(),
    );
    return found;
  };
  const listedKeyIds = async (credential: Credential): Promise<string[]> => {
    const { apiKeys } = await ask<{ apiKeys: { totalCount: number; nodes: { id: string }[] } }>(
      program,
      credential,
      '{ apiKeys(first: 100) { totalCount nodes { id } } }',
    );
    expect(apiKeys.totalCount).toBe(apiKeys.nodes.length);
    return apiKeys.nodes.map(({ id }) => id).sort();
  };
  /** The names of all resources that are reached by going down from the organizations. */
  const tree = async (credential: Credential): Promise<string[]> => {
    const { organizations } = await ask<{ organizations: object }>(
      program,
      credential,
      `{ organizations(first: 10) { nodes { name accounts(first: 10) { nodes { name
        widgets(first: 10) { nodes { name environments(first: 10) { nodes { name } } } } } } } } }`,
    );
    return Array.from(JSON.stringify(organizations).matchAll(/"name":"([^"]*)"/g), ([, name = '']) => name);
  };

  test.each(Object.keys(PEOPLE) as Person[])('%s sees what they may, by id and by list', async (person) => {
    const credential = await program.user(PEOPLE[person]);
    const expected = SIGHTS[person];
    expect(sorted(await sight(credential))).toEqual(sorted(expected));
    expect((await tree(credential)).sort()).toEqual([...expected.resources].sort());
  });

  test('a token whose subject is almost that of an owner has no rights of theirs', async () => {
    const { id } = PEOPLE.owner;
    const almost = [
      `${id} `,
      ` ${id}`,
      id.toUpperCase(),
      `${id}\u0000`,
      `${id}\u200b`,
      id.slice(0, -1),
      '%',
      '0',
    ];
    for (const subject of almost) {
      const user: User = { id: subject, email: id };
      expect(await sight(await program.user(user))).toEqual(NOTHING);
    }
  });

  test('a service reads no key and no resource, even under the name of an owner', async () => {
    const service = await program.service(PEOPLE.owner.id, 'api-keys:verify', 'resources:sync');
    expect(await sight(service)).toEqual(NOTHING);
    expect(await tree(service)).toEqual([]);
  });

  test.each([
    ['whole', ACME],
    ['account', RETAIL],
    ['widget', ['Checkout', 'Checkout production', 'Checkout staging']],
    ['environment', ['Checkout production']],
    ['mixed', ['Search', 'Ordering', 'Search production', 'Ordering production']],
    ['none', []],
  ] as const)(
    'the key %s reads what its scope covers and itself, by either header',
    async (name, resources) => {
      const { secretKey } = customers.acme.keys[name];
      const expected = sorted({ acmeKeys: [name], globexKeys: [], resources });
      expect(sorted(await sight({ authorization: `Bearer ${secretKey}` }))).toEqual(expected);
      expect(sorted(await sight({ 'x-api-key': secretKey }))).toEqual(expected);
    },
  );

  test.each(['disabled', 'expired', 'revoked'] as const)(
    'the key that is %s lets nobody in',
    async (name) => {
      const { secretKey } = customers.acme.keys[name];
      for (const credential of [{ authorization: `Bearer ${secretKey}` }, { 'x-api-key': secretKey }]) {
        const { status, errors } = await program.graphql(credential, '{ apiKeys { nodes { id } } }');
        expect([status, errors?.[0]?.extensions.code]).toEqual([401, 'UNAUTHENTICATED']);
      }
    },
  );

  test.each([
    ['an owner', 'OWNER'],
    ['an admin', 'ADMIN'],
    ['a member', 'MEMBER'],
  ] as const)('%s narrowed to a resource that is then deleted reaches nothing', async (_who, role) => {
    const person = { id: `${role.toLowerCase()}@initech.example`, email: '' };
    const other = { id: 'other@initech.example', email: 'other@initech.example' };
    const { account, sibling } = await program.given((tenancy) => {
      const initech = tenancy.organization('Initech', `initech-${role.toLowerCase()}`);
      const account = tenancy.child(initech, 'Doomed');
      const sibling = tenancy.child(initech, 'Sibling');
      tenancy.membership(initech, person, role, [account]);
      tenancy.apiKey({ organization: initech, name: 'On Doomed', creator: other, grants: [account] });
      tenancy.apiKey({ organization: initech, name: 'On Sibling', creator: other, grants: [sibling] });
      tenancy.apiKey({ organization: initech, name: 'On nothing', creator: other, grants: [] });
      return { account, sibling };
    });
    const credential = await program.user(person);
    expect(await tree(credential)).toEqual(['Initech', 'Doomed']);
    await program.database.transaction((transaction) =>
      transaction.execute('DELETE FROM resources WHERE id = ?', [account.id]),
    );
    expect(await tree(credential)).toEqual(['Initech']);
    expect(await listedKeyIds(credential)).toEqual([]);
    const data = await ask(program, credential, 'query($id: ID!) { account(id: $id) { id } }', {
      id: sibling.id,
    });
    expect(data).toEqual({ account: null });
  });

  test('a key whose last grant goes with its resource is valid for nothing, and not for more', async () => {
    const { secretKey, stored } = program.secretKeys.generate();
    const { widget } = await program.given((tenancy) => {
      const hooli = tenancy.organization('Hooli', 'hooli');
      const widget = tenancy.child(tenancy.child(hooli, 'Account'), 'Widget');
      const creator = { id: 'gavin@hooli.example', email: 'gavin@hooli.example' };
      tenancy.apiKey({ organization: hooli, name: 'Key', creator, grants: [widget], secret: stored });
      return { widget };
    });
    await program.database.transaction((transaction) =>
      transaction.execute('DELETE FROM resources WHERE id = ?', [widget.id]),
    );
    const data = await ask(
      program,
      { 'x-api-key': secretKey },
      `{ organizations { totalCount } apiKeys { nodes { name scope { breadth widgetIds } } } }`,
    );
    const scope = { breadth: 'NONE', widgetIds: [] };
    expect(data).toEqual({ organizations: { totalCount: 0 }, apiKeys: { nodes: [{ name: 'Key', scope }] } });
  });

  test.each([
    '{ viewer { id } }',
    '{ apiKeys { nodes { id } } }',
    '{ __typename ...F } fragment F on Query { ...G } fragment G on Query { organizations { totalCount } }',
    '{ __typename ... on Query { ... { viewer { id } } } }',
    '{ __schema: viewer { id } }',
    'query($no: Boolean = true) { __typename viewer @skip(if: $no) { id } }',
    'query A { __typename apiKeys { totalCount } } ',
  ])('without a credential, %s is refused', async (query) => {
    const { status, data, errors } = await program.graphql({}, query);
    expect([status, data, errors?.length]).toEqual([401, undefined, 1]);
    expect(errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });

  test('without a credential, the schema can be read', async () => {
    for (const query of [getIntrospectionQuery(), '{ __typename ...F } fragment F on Query { __typename }']) {
      const { status, errors } = await program.graphql({}, query);
      expect([status, errors]).toEqual([200, undefined]);
    }
  });

  test('without introspection, callers without a credential read nothing at all', async () => {
    const closed = await TestProgram.start({ INTROSPECTION: 'false' });
    try {
      const { status, errors } = await closed.graphql({}, getIntrospectionQuery());
      expect([status, errors?.[0]?.extensions.code]).toEqual([400, 'GRAPHQL_VALIDATION_FAILED']);
    } finally {
      await closed.stop();
    }
  });
});

function sorted({ acmeKeys, globexKeys, resources }: Sight) {
  return {
    acmeKeys: acmeKeys.toSorted(),
    globexKeys: globexKeys.toSorted(),
    resources: resources.toSorted(),
  };
}

function mapValues<Name extends string, From, To>(
  values: Record<Name, From>,
  map: (value: From) => To,
): Record<Name, To> {
  return Object.fromEntries(
    Object.entries<From>(values).map(([name, value]) => [name, map(value)]),
  ) as Record<Name, To>;
}
