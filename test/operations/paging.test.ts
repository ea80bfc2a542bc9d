import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ApiKeyEntity } from '../../src/api-keys/api-key-entity';
import { foldName } from '../../src/shared/folded-name';
import { PAGE_INFO, ask, everyPage, type Page } from '../support/every-page';
import { TestProgram, type Credential } from '../support/test-program';

const owner = { id: 'owner@acme.example', email: 'owner@acme.example' };
const colleague = { id: 'colleague@acme.example', email: 'colleague@acme.example' };
const outsider = { id: 'outsider@globex.example', email: 'outsider@globex.example' };

/** Few names and few times for many keys, so that ties abound. */
const NAMES = [
  'alpha',
  'ALPHA',
  'Beta',
  'beta ',
  'Éclair',
  'zeta',
  'Zürich',
  '日本',
  '🔑',
  '\ufffd',
  '',
  'a',
];
const KEYS = 97;

type Field = 'CREATED_AT' | 'MODIFIED_AT' | 'NAME';

describe('paging through API keys', () => {
  let program: TestProgram;
  let asOwner: Credential;
  let asColleague: Credential;
  let keys: ApiKeyEntity[];

  beforeAll(async () => {
    program = await TestProgram.start();
    asOwner = await program.user(owner);
    asColleague = await program.user(colleague);
    keys = await program.given((tenancy) => {
      const acme = tenancy.organization('Acme', 'acme');
      const globex = tenancy.organization('Globex', 'globex');
      const third = tenancy.organization('Third', 'third');
      tenancy.membership(acme, owner, 'OWNER');
      tenancy.membership(third, owner, 'MEMBER');
      tenancy.membership(acme, colleague, 'MEMBER');
      return Array.from({ length: KEYS }, (_, index) => {
        const name = NAMES[index % NAMES.length] ?? '';
        tenancy.apiKey({ organization: globex, name, creator: outsider, grants: [] });
        const organization = index % 5 === 0 ? third : acme;
        const creator = index % 3 === 0 && organization === acme ? colleague : owner;
        const createdAt = 1_700_000_000_000 + (index % 7);
        const key = tenancy.apiKey({ organization, name, creator, grants: [], createdAt });
        key.modifiedAt = createdAt + ((index * 31) % 11);
        return key;
      });
    });
  });

  afterAll(() => program.stop());

  const read = async (credential: Credential, orderBy: string, args: string): Promise<Page<ApiKeyEntity>> => {
    const selection = `nodes { id name } edges { cursor node { id } } totalCount ${PAGE_INFO}`;
    const query = `{ apiKeys(${args}, orderBy: ${orderBy}) { ${selection} } }`;
    return (await ask<{ apiKeys: Page<ApiKeyEntity> }>(program, credential, query)).apiKeys;
  };

  const direction = fc.constantFrom('ASC' as const, 'DESC' as const);
  const field = fc.constantFrom<Field>('CREATED_AT', 'MODIFIED_AT', 'NAME');

  test('walking in pages of any size, either way, gives the whole list in order, each key once', async () => {
    const sizes = fc.oneof(fc.integer({ min: 5, max: 100 }), fc.constantFrom(1, 96, 97, 98));
    const walk = fc.constantFrom('FORWARD' as const, 'BACKWARD' as const);
    const mine = fc.boolean();
    await fc.assert(
      fc.asyncProperty(field, direction, sizes, walk, mine, async (by, order, size, way, onlyMine) => {
        const credential = onlyMine ? asColleague : asOwner;
        const expected = sorted(onlyMine ? keys.filter(isOf(colleague.id)) : keys, by, order);
        const pages = await everyPage(way, size, (args) =>
          read(credential, `{ field: ${by}, direction: ${order} }`, args),
        );
        expect(pages.flat().map(({ id }) => id)).toEqual(expected);
        expect(pages).toHaveLength(Math.ceil(expected.length / size));
      }),
      { numRuns: 40, examples: everyOrder().map(([by, order]) => [by, order, 10, 'BACKWARD', false]) },
    );
  });

  test('from any cursor, the page before and the page after are what lies there', async () => {
    await fc.assert(
      fc.asyncProperty(field, direction, fc.nat(KEYS - 1), async (by, order, index) => {
        const orderBy = `{ field: ${by}, direction: ${order} }`;
        const expected = sorted(keys, by, order);
        const { edges } = await read(asOwner, orderBy, 'first: 100');
        const cursor = JSON.stringify(edges[index]?.cursor);
        const after = await read(asOwner, orderBy, `first: 4, after: ${cursor}`);
        const before = await read(asOwner, orderBy, `last: 4, before: ${cursor}`);
        expect(ids(after)).toEqual(expected.slice(index + 1, index + 5));
        expect(after.pageInfo).toMatchObject({ hasNextPage: index + 5 < KEYS, hasPreviousPage: true });
        expect(ids(before)).toEqual(expected.slice(Math.max(0, index - 4), index));
        expect(before.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: index > 4 });
        expect([after.totalCount, before.totalCount]).toEqual([KEYS, KEYS]);
      }),
      { numRuns: 25 },
    );
  });

  test('the cursors of a page are those of its first and its last edge', async () => {
    const { edges, pageInfo, nodes } = await read(asOwner, '{ field: NAME }', 'first: 3');
    expect(edges.map(({ node }) => node.id)).toEqual(nodes.map(({ id }) => id));
    expect([pageInfo.startCursor, pageInfo.endCursor]).toEqual([edges[0]?.cursor, edges[2]?.cursor]);
  });

  test('a page holds 20 when no size is given, from 1 to 100 when one is', async () => {
    const orderBy = '{ field: NAME }';
    expect((await read(asOwner, orderBy, 'after: null')).nodes).toHaveLength(20);
    expect((await read(asOwner, orderBy, 'first: 1')).nodes).toHaveLength(1);
    expect((await read(asOwner, orderBy, 'last: 100')).nodes).toHaveLength(KEYS);
    const { edges } = await read(asOwner, orderBy, 'first: 100');
    const before = JSON.stringify(edges[50]?.cursor);
    expect(ids(await read(asOwner, orderBy, `before: ${before}`))).toEqual(
      edges.slice(30, 50).map(({ node }) => node.id),
    );
  });

  test('an empty page has no cursors and leads nowhere', async () => {
    const page = await read(asOwner, '{ field: NAME }', 'first: 5, filter: { nameContains: "no such name" }');
    expect(page).toEqual({
      nodes: [],
      edges: [],
      totalCount: 0,
      pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
    });
  });

  test('a cursor still holds its place when its key, and those around it, are deleted', async () => {
    const doomed = { id: 'doomed@initech.example', email: 'doomed@initech.example' };
    const made = await program.given((tenancy) => {
      const initech = tenancy.organization('Initech', 'initech');
      tenancy.membership(initech, doomed, 'OWNER');
      return Array.from({ length: 10 }, (_, index) =>
        tenancy.apiKey({ organization: initech, name: `key ${index}`, creator: doomed, grants: [] }),
      );
    });
    const asDoomed = await program.user(doomed);
    const { pageInfo } = await read(asDoomed, '{ field: NAME, direction: ASC }', 'first: 4');
    const cursor = JSON.stringify(pageInfo.endCursor);
    for (const key of [made[2], made[3], made[4]]) {
      await program.database.transaction((transaction) =>
        transaction.execute('DELETE FROM api_keys WHERE id = ?', [key?.id ?? '']),
      );
    }
    const orderBy = '{ field: NAME, direction: ASC }';
    const after = await read(asDoomed, orderBy, `first: 3, after: ${cursor}`);
    const before = await read(asDoomed, orderBy, `last: 3, before: ${cursor}`);
    expect(after.nodes.map(({ name }) => name)).toEqual(['key 5', 'key 6', 'key 7']);
    expect(before.nodes.map(({ name }) => name)).toEqual(['key 0', 'key 1']);
    expect(after.totalCount).toBe(7);
  });
});

function ids({ nodes }: Page<{ id: string }>): string[] {
  return nodes.map(({ id }) => id);
}

function isOf(creatorId: string) {
  return (key: ApiKeyEntity) => key.creatorId === creatorId;
}

function everyOrder(): [Field, 'ASC' | 'DESC'][] {
  return (['CREATED_AT', 'MODIFIED_AT', 'NAME'] as const).flatMap((by): [Field, 'ASC' | 'DESC'][] => [
    [by, 'ASC'],
    [by, 'DESC'],
  ]);
}

const COMPARE: Record<Field, (a: ApiKeyEntity, b: ApiKeyEntity) => number> = {
  CREATED_AT: (a, b) => a.createdAt - b.createdAt,
  MODIFIED_AT: (a, b) => a.modifiedAt - b.modifiedAt,
  NAME: (a, b) => compareText(foldName(a.name), foldName(b.name)),
};

/** The model: sorted in memory, names by the code points of their folded form, ties broken by the id. */
function sorted(keys: readonly ApiKeyEntity[], by: Field, order: 'ASC' | 'DESC'): string[] {
  const ascending = [...keys].sort((a, b) => COMPARE[by](a, b) || compareText(a.id, b.id));
  return (order === 'ASC' ? ascending : ascending.reverse()).map(({ id }) => id);
}

function compareText(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
