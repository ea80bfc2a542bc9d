import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

export interface WantedProgram {
  /** What it may be called, the best first. */
  readonly names: readonly string[];
  /** The package of Debian that brings it. */
  readonly debianPackage: string;
  /** What to tell those on whose machine it cannot be had. */
  readonly advice: string;
}

/** The file of a program that the tests need. What is missing is installed, on Debian as root. */
export function findOrInstall({ names, debianPackage, advice }: WantedProgram): string {
  const found = firstOnPath(names);
  if (found !== null) return found;
  if (process.getuid?.() !== 0 || firstOnPath(['apt-get']) === null) throw new Error(advice);
  process.stderr.write(`Installing ${debianPackage} for the tests …\n`);
  try {
    run('apt-get', ['update']);
    run('apt-get', ['install', '-y', '--no-install-recommends', debianPackage]);
  } catch (error) {
    throw new Error(advice, { cause: error });
  }
  const installed = firstOnPath(names);
  if (installed === null) throw new Error(advice);
  return installed;
}

export function run(command: string, args: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} failed:\n${stdout}\n${stderr}`);
}

function firstOnPath(names: readonly string[]): string | null {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  const files = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return files.find(isExecutable) ?? null;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
