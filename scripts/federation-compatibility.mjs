// `npm run federation:compatibility`: Apollo's subgraph compatibility tests against the products subgraph that our own code
// assembles. What they bring is installed beside them, without its install scripts, one of which downloads a binary.
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { isOlder } from './set-up.mjs';

const FOLDER = 'test/federation-compatibility';
const ROOT = resolve(import.meta.dirname, '..');

if (isOlder(`${FOLDER}/suite/node_modules/.package-lock.json`, [`${FOLDER}/suite/package-lock.json`])) {
  run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], join(ROOT, FOLDER, 'suite'));
}
run(process.execPath, ['node_modules/jest/bin/jest.js', '--config', `${FOLDER}/jest.config.js`], ROOT);

function run(command, args, cwd) {
  const { status } = spawnSync(command, args, { cwd, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
