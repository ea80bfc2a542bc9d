// `npm run schema:breaking [folder]`: compares the schema with that of the last release, and fails for every change that
// breaks clients, unless breaking-changes.json says why it is made. `npm run schema:release` begins anew.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CriticalityLevel, diff } from '@graphql-inspector/core';
import { buildSchema } from 'graphql';

const [folder = 'schema'] = process.argv.slice(2);
const read = (name) => readFileSync(join(folder, name), 'utf8');

const changes = await diff(buildSchema(read('released.graphql')), buildSchema(read('schema.graphql')));
const breaking = new Map(
  changes
    .filter(({ criticality }) => criticality.level === CriticalityLevel.Breaking)
    .map(({ type, path, message }) => [`${type} ${path}`, message]),
);
const reasons = new Map(Object.entries(JSON.parse(read('breaking-changes.json'))));

const problems = [
  ...[...breaking].filter(([change]) => !says(change)).map(([change, message]) => `${change}: ${message}`),
  ...[...reasons.keys()]
    .filter((change) => !breaking.has(change))
    .map((change) => `${change}: there is no such change.`),
];
process.stdout.write(
  `${changes.length} changes since the last release, ${breaking.size} of them breaking.\n`,
);
if (problems.length > 0) {
  process.stderr.write(
    `${problems.map((problem) => `  ${problem}`).join('\n')}\n` +
      'Deprecate instead of removing. Where that cannot be, write the change down in breaking-changes.json, by the name ' +
      'that stands before the colon: what clients do about it.\n',
  );
  process.exit(1);
}

function says(change) {
  const reason = reasons.get(change);
  return typeof reason === 'string' && reason.trim() !== '';
}
