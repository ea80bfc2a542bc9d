import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readTrustedDocuments, UnusableManifest } from '../../src/server/documents/trusted-documents';

const run = promisify(execFile);

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scopegate-documents-'));
});

afterAll(() => rm(folder, { recursive: true }));

async function written(name: string, text: string): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, text);
  return file;
}

describe('a manifest', () => {
  const read = async (content: unknown) =>
    readTrustedDocuments(await written('manifest.json', JSON.stringify(content)));

  test("is read in the form of Apollo's tools, and as a map of ids to texts", async () => {
    const operations = [{ id: 'a', name: 'A', type: 'query', body: '{ a }' }];
    const expected = new Map([['a', '{ a }']]);
    expect(await read({ format: 'apollo-persisted-query-manifest', version: 1, operations })).toEqual(
      expected,
    );
    expect(await read({ a: '{ a }' })).toEqual(expected);
  });

  test.each([
    null,
    [],
    'text',
    { a: 1 },
    { a: '' },
    { format: 'other', version: 1, operations: [] },
    { format: 'apollo-persisted-query-manifest', version: 2, operations: [] },
    { format: 'apollo-persisted-query-manifest', version: 1 },
    { format: 'apollo-persisted-query-manifest', version: 1, operations: [{ body: '{ a }' }] },
    { format: 'apollo-persisted-query-manifest', version: 1, operations: [{ id: 'a' }] },
    { format: 'apollo-persisted-query-manifest', version: 1, operations: [null] },
  ])('of another form is refused: %j', async (content) => {
    await expect(read(content)).rejects.toThrow(UnusableManifest);
  });

  test('that is not there, or no JSON, is refused by the name of its setting', async () => {
    await expect(readTrustedDocuments(join(folder, 'nowhere.json'))).rejects.toThrow(
      /^TRUSTED_DOCUMENTS: .*ENOENT/,
    );
    await expect(readTrustedDocuments(await written('broken.json', '{'))).rejects.toThrow(
      /^TRUSTED_DOCUMENTS: /,
    );
  });
});

describe('`npm run persist`', () => {
  const output = () => join(folder, 'persisted.json');
  const persist = (...args: string[]) =>
    run(process.execPath, ['scripts/persist.mjs', ...args, '--output', output()], { encoding: 'utf8' });

  test('writes a manifest of the operations in the files, which is read as it is', async () => {
    await written('one.graphql', 'query One { viewer { ...Who } }');
    await written('who.graphql', 'fragment Who on Viewer { id }');
    await written(
      'two.graphql',
      'mutation Two($id: ID!) { revokeApiKey(input: { id: $id }) { apiKey { id } } }',
    );
    const { stdout } = await persist(join(folder, '{one,who}.graphql'), join(folder, 'two.graphql'));
    expect(stdout).toBe(`Wrote 2 operations to ${output()}\n`);
    const { operations } = JSON.parse(await readFile(output(), 'utf8')) as { operations: { name: string }[] };
    expect(operations.map(({ name }) => name).sort()).toEqual(['One', 'Two']);
    expect(await readTrustedDocuments(output())).toHaveProperty('size', 2);
  });

  test.each([
    ['does not fit the schema', 'query Wrong { wasHere }', /Wrong: Cannot query field "wasHere"/],
    ['has no name', '{ viewer { id } }', /name your query/],
  ])('refuses an operation that %s', async (_what, text, message) => {
    await expect(persist(await written('wrong.graphql', text))).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(message) as unknown,
    });
  });

  test('says how it is used, and when there is nothing', async () => {
    await expect(persist()).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^Usage:/) as unknown,
    });
    const nothing = persist(join(folder, 'nothing', '*.graphql'));
    await expect(nothing).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^There is no/) as unknown,
    });
  });
});
