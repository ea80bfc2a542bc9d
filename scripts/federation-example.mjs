// `npm run example:federation` starts the example; `npm run federation:routers` tests it. Its packages are installed on
// their own, since nothing else needs routers.
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { isOlder, setUp } from './set-up.mjs';

const ROOT = resolve(import.meta.dirname, '..');
const FOLDER = 'examples/federation';
const COMMANDS = {
  start: [`${FOLDER}/start.mjs`],
  test: ['node_modules/jest/bin/jest.js', '--config', 'test/federation-routers/jest.config.js'],
};

const command = COMMANDS[process.argv[2]];
if (process.argv[2] === 'start') setUp();
if (isOlder(`${FOLDER}/node_modules/.package-lock.json`, [`${FOLDER}/package-lock.json`])) {
  run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], join(ROOT, FOLDER));
}
run(process.execPath, command, ROOT);

function run(program, args, cwd) {
  const { status } = spawnSync(program, args, { cwd, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
