import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';

const run = promisify(execFile);

describe('the lint of the schema', () => {
  const lint = async (directive: string) => {
    const { stdout } = await run(process.execPath, ['-e', LINT], {
      env: { ...process.env, DIRECTIVE: directive },
    });
    return JSON.parse(stdout) as unknown;
  };

  test.each([
    '@deprecated',
    '@deprecated(reason: "Use b.")',
    '@deprecated(reason: "Deprecated since 2027-01-31.")',
  ])('refuses %s, which has no dates', async (directive) => {
    expect(await lint(directive)).toEqual(['no-restricted-syntax']);
  });

  test('takes a deprecation that says what to use, since when, and until when', async () => {
    const reason = 'Use b. Deprecated since 2027-01-31, removed after 2027-07-31.';
    expect(await lint(`@deprecated(reason: "${reason}")`)).toEqual([]);
  });
});

/** Lints a schema of one field by the rules of ours, in a process of its own, since ESLint cannot be loaded by Jest. */
const LINT = `
  const { ESLint } = require('eslint');
  const text = '"""Reads."""\\ntype Query {\\n"""A."""\\na: String ' + process.env.DIRECTIVE + '\\n}';
  new ESLint().lintText(text, { filePath: 'schema/schema.graphql' }).then(([{ messages }]) => {
    process.stdout.write(JSON.stringify(messages.map(({ ruleId }) => ruleId).filter((rule) => /restricted/.test(rule))));
  });`;
