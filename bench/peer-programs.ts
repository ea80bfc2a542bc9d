import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Contender } from './contender';
import type { World } from './world';

/** npm runs scripts at the root, and the peers are not compiled along with this file. */
const PEERS = join(process.cwd(), 'bench', 'peers');

/** A program of `bench/peers`. All are told the same, and take of it what they need. */
export function peerProgram(
  world: World,
  file: string,
  environment: Readonly<Record<string, string>> = {},
): Contender['command'] {
  return {
    file: [join(PEERS, file)],
    environment: {
      NODE_ENV: 'production',
      DATABASE_URL: world.databaseUrl,
      TOKEN_SECRET: world.tokenSecret,
      PEPPER: world.pepper,
      ...environment,
    },
  };
}

/** Runs a program that prepares the database for a peer, and brings what it prints. */
export function prepared({ file, environment }: Contender['command']): unknown {
  const { status, stdout, stderr } = spawnSync(process.execPath, file, {
    env: { ...environment },
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  if (status !== 0) throw new Error(`${file.join(' ')} failed:\n${stderr}`);
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
}

/** Installs and compiles the peers, which have packages of their own, where that has not been done. */
export function setUpPeers(): void {
  if (isOlder('node_modules/.package-lock.json', 'package-lock.json')) {
    runInPeers('Installing the peers', 'npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund']);
  }
  runInPeers('Compiling the peers', process.execPath, ['node_modules/typescript/bin/tsc']);
}

function isOlder(product: string, source: string): boolean {
  const file = join(PEERS, product);
  return !existsSync(file) || statSync(file).mtimeMs < statSync(join(PEERS, source)).mtimeMs;
}

function runInPeers(what: string, command: string, args: readonly string[]): void {
  process.stderr.write(`${what} …\n`);
  const { status } = spawnSync(command, args, { cwd: PEERS, stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new Error(`${what} failed; the lines above say why.`);
}
