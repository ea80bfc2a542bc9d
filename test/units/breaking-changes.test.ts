import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

const run = promisify(execFile);

const RELEASED = 'type Query { key(id: ID!): Key } type Key { id: ID! name: String }';
const WITHOUT_NAME = 'type Query { key(id: ID!): Key } type Key { id: ID! }';
const WITH_MORE =
  'type Query { key(id: ID!, at: String): Key } type Key { id: ID! name: String note: String }';

describe('the check of the schema against that of the last release', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'scopegate-schema-'));
  });

  afterEach(() => rm(folder, { recursive: true }));

  const check = async (schema: string, writtenDown: Readonly<Record<string, string>>) => {
    const files = {
      'released.graphql': RELEASED,
      'schema.graphql': schema,
      'breaking-changes.json': JSON.stringify(writtenDown),
    };
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    return run(process.execPath, ['scripts/check-breaking-changes.mjs', folder]);
  };

  test.each([
    ['nothing was changed', RELEASED, {}],
    ['there is more than before', WITH_MORE, {}],
    [
      'what breaks is written down',
      WITHOUT_NAME,
      { 'FIELD_REMOVED Key.name': 'Nobody used it: ask for the id.' },
    ],
  ])('passes where %s', async (_what, schema, writtenDown) => {
    await expect(check(schema, writtenDown)).resolves.toHaveProperty('stderr', '');
  });

  test.each([
    ['what breaks is not written down', WITHOUT_NAME, {}],
    ['it is written down without a reason', WITHOUT_NAME, { 'FIELD_REMOVED Key.name': ' ' }],
    ['what is written down is no change', RELEASED, { 'FIELD_REMOVED Key.name': 'Nobody used it.' }],
  ])('fails where %s, and names it', async (_what, schema, writtenDown) => {
    await expect(check(schema, writtenDown)).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('FIELD_REMOVED Key.name') as unknown,
    });
  });
});
