import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '..');
const LEAST_NODE = [20, 19];
const SOURCES = ['src', 'migrations', 'scripts', 'ormconfig.ts', 'tsconfig.json', 'tsconfig.build.json'];
const GRAPHIQL_SOURCES = ['graphiql', 'scripts/build-graphiql.mjs', 'package-lock.json'];

/** Installs and builds what is missing or out of date, so that one command is enough on a fresh clone. */
export function setUp() {
  checkNode();
  if (isOlder('node_modules/.package-lock.json', ['package-lock.json'])) {
    step('Installing the packages of package-lock.json', 'npm', [
      'ci',
      '--include=dev',
      '--no-audit',
      '--no-fund',
    ]);
  }
  if (isOlder('dist/tsconfig.tsbuildinfo', SOURCES)) {
    step('Building', process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json']);
  }
  if (isOlder('dist/graphiql/page.html', GRAPHIQL_SOURCES)) {
    step('Bundling GraphiQL', process.execPath, ['scripts/build-graphiql.mjs']);
  }
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1])) return;
  fail(`Scopegate needs Node ${LEAST_NODE.join('.')} or later; this is ${process.versions.node}.`);
}

export function isOlder(product, sources) {
  const file = join(ROOT, product);
  return (
    !existsSync(file) ||
    statSync(file).mtimeMs < Math.max(...sources.map((source) => newest(join(ROOT, source))))
  );
}

function newest(path) {
  const { mtimeMs } = statSync(path);
  if (!statSync(path).isDirectory()) return mtimeMs;
  return Math.max(mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

function step(what, command, args) {
  process.stderr.write(`${what} …\n`);
  const { status, error } = spawnSync(command, args, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] });
  if (error) fail(`${what} failed: ${error.message}`);
  if (status !== 0) fail(`${what} failed; the lines above say why.`);
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
