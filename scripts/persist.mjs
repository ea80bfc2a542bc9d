// `npm run persist -- <globs of .graphql files> --output <file>`: writes the manifest that TRUSTED_DOCUMENTS takes, in the
// form that Apollo's clients take too. Documents that do not fit the schema are refused.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { generatePersistedQueryManifest } from '@apollo/generate-persisted-query-manifest';
import { buildSchema, parse, validate } from 'graphql';

const SCHEMA = fileURLToPath(new URL('../schema/schema.graphql', import.meta.url));

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { output: { type: 'string' } },
});
if (positionals.length === 0 || values.output === undefined) {
  fail('Usage: npm run persist -- <globs of .graphql files> --output <file>');
}

const manifest = await generatePersistedQueryManifest({ documents: positionals }).catch(fail);
const schema = buildSchema(readFileSync(SCHEMA, 'utf8'));
const problems = manifest.operations.flatMap(({ name, body }) =>
  validate(schema, parse(body)).map(({ message }) => `  ${name}: ${message}`),
);
if (manifest.operations.length === 0) fail(`There is no operation in ${positionals.join(', ')}.`);
if (problems.length > 0) fail(`These operations do not fit the schema:\n${problems.join('\n')}`);
writeFileSync(values.output, `${JSON.stringify(manifest, null, 2)}\n`);
process.stdout.write(`Wrote ${manifest.operations.length} operations to ${values.output}\n`);

function fail(reason) {
  process.stderr.write(`${reason instanceof Error ? reason.message : reason}\n`);
  process.exit(1);
}
