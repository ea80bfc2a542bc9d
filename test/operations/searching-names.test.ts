import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ask } from '../support/every-page';
import { TestProgram, type Credential } from '../support/test-program';

const owner = { id: 'owner@acme.example', email: 'owner@acme.example' };

/** Names that a careless query, driver or collation would treat as something else than what they are. */
const NAMES = [
  'ÉCLAIR',
  'éclair',
  'E\u0301clair decomposed',
  'eclair plain',
  'Straße',
  'İstanbul',
  '100% sure',
  '100 sure',
  'snake_case',
  'snakeXcase',
  `it's "quoted"`,
  'C:\\keys\\new',
  '\\',
  '日本語 キー',
  '🔑 key',
  '🗝 key',
  'family 👨‍👩‍👧',
  ' leading and trailing ',
  '',
  "'; DROP TABLE api_keys; --",
  '${7*7} {{7*7}} ?',
  '__proto__',
  'constructor',
  'مفتاح',
  'a\nb\tc',
  '\u200Bzero width',
  'x'.repeat(100),
];

describe('searching names', () => {
  let program: TestProgram;
  let asOwner: Credential;
  let organizationId: string;

  beforeAll(async () => {
    program = await TestProgram.start();
    asOwner = await program.user(owner);
    await program.given((tenancy) => {
      const acme = tenancy.organization('Acme', 'acme');
      organizationId = acme.id;
      tenancy.membership(acme, owner, 'OWNER');
      for (const name of NAMES) {
        tenancy.apiKey({ organization: acme, name, creator: owner, grants: [] });
        tenancy.child(acme, name);
      }
    });
  });

  afterAll(() => program.stop());

  /** The names of keys and of accounts that contain a part; they are searched alike. */
  const containing = async (part: string): Promise<string[]> => {
    const { apiKeys, organization } = await ask<{
      apiKeys: { nodes: { name: string }[]; totalCount: number };
      organization: { accounts: { nodes: { name: string }[]; totalCount: number } };
    }>(
      program,
      asOwner,
      `query($id: ID!, $part: String) {
        apiKeys(first: 100, filter: { nameContains: $part }) { nodes { name } totalCount }
        organization(id: $id) {
          accounts(first: 100, filter: { nameContains: $part }) { nodes { name } totalCount }
        }
      }`,
      { id: organizationId, part },
    );
    const found = apiKeys.nodes.map(({ name }) => name).sort();
    expect(organization.accounts.nodes.map(({ name }) => name).sort()).toEqual(found);
    expect([apiKeys.totalCount, organization.accounts.totalCount]).toEqual([found.length, found.length]);
    return found;
  };

  test('every name comes back as it was given', async () => {
    expect(await containing('')).toEqual([...NAMES].sort());
  });

  test.each(NAMES.filter(Boolean))('the whole name %j finds the key', async (name) => {
    expect(await containing(name)).toContain(name);
  });

  test.each([
    ['éclair', ['ÉCLAIR', 'éclair', 'E\u0301clair decomposed']],
    ['ÉCLAIR', ['ÉCLAIR', 'éclair', 'E\u0301clair decomposed']],
    ['E\u0301CLAIR', ['ÉCLAIR', 'éclair', 'E\u0301clair decomposed']],
    ['eclair', ['eclair plain']],
    ['STRAßE', ['Straße']],
    ['PROTO', ['__proto__']],
    ['キー', ['日本語 キー']],
  ])('%j finds %j, whatever the case and the composition', async (part, expected) => {
    expect(await containing(part)).toEqual([...expected].sort());
  });

  test.each([
    ['%', ['100% sure']],
    ['0_s', []],
    ['e_c', ['snake_case']],
    ['\\', ['C:\\keys\\new', '\\']],
    ['\\k', ['C:\\keys\\new']],
    ['\\n', ['C:\\keys\\new']],
    ['\n', ['a\nb\tc']],
    ["'", ["'; DROP TABLE api_keys; --", `it's "quoted"`]],
    ['"', [`it's "quoted"`]],
    ['?', ['${7*7} {{7*7}} ?']],
    ['🔑', ['🔑 key']],
    ['👩', ['family 👨‍👩‍👧']],
    ['trailing ', [' leading and trailing ']],
    ['trailing  ', []],
    ['\u0000', []],
    ['a\u0000', []],
    ['eclair\u0000', []],
  ])('%j is taken literally', async (part, expected) => {
    expect(await containing(part)).toEqual(expected);
  });

  test('a part that is longer than any name finds nothing', async () => {
    expect(await containing('x'.repeat(101))).toEqual([]);
    expect(await containing('x'.repeat(100_000))).toEqual([]);
  });

  test.each(['\ud800', '\udc00', '\ud83d', 'a\udd11', '🔑\ud83d'])(
    'half a character, %j, finds nothing',
    async (part) => {
      expect(await containing(part)).toEqual([]);
    },
  );
});
