import { execFile, fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';

const CLIENT = join(__dirname, '..', '..');
const ROOT = join(CLIENT, '..', '..');
const TSC = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');

/** A service of somebody else: strict, and with ES modules. */
const TSCONFIG = {
  compilerOptions: {
    target: 'es2023',
    module: 'nodenext',
    strict: true,
    types: ['node'],
    skipLibCheck: true,
  },
};

export type Environment = Readonly<Record<string, string>>;

/** A folder into which the client was built and installed as a package, with every snippet of its page compiled. */
export class InstalledClient {
  private constructor(
    private readonly folder: string,
    readonly snippets: readonly string[],
  ) {}

  static async create(): Promise<InstalledClient> {
    const folder = await mkdtemp(join(tmpdir(), 'scopegate-client-'));
    const installed = join(folder, 'node_modules', '@scopegate', 'node');
    await compile(join(CLIENT, 'tsconfig.build.json'), '--outDir', join(installed, 'dist'));
    await copyFile(join(CLIENT, 'package.json'), join(installed, 'package.json'));
    for (const name of ['express', 'fastify', '@types']) await link(folder, name);
    const page = await readFile(join(CLIENT, 'README.md'), 'utf8');
    const snippets = Array.from(page.matchAll(/^```ts\n(.*?)^```$/gms), ([, code = '']) => code);
    await Promise.all(snippets.map((code, index) => writeFile(join(folder, `snippet-${index}.ts`), code)));
    await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(TSCONFIG));
    await compile(join(folder, 'tsconfig.json'));
    return new InstalledClient(folder, snippets);
  }

  /** Starts the one snippet that contains a word. Whoever starts it ends it. */
  start(word: string, args: readonly string[], environment: Environment): ChildProcess {
    const indexes = [...this.snippets.keys()].filter((index) => this.snippets[index]?.includes(word));
    if (indexes.length !== 1) throw new Error(`${indexes.length} snippets contain ${word}.`);
    return fork(join(this.folder, `snippet-${indexes[0]}.js`), args, {
      env: environment,
      execArgv: ['--require', join(__dirname, 'report-port.cjs')],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
  }

  /** All that a snippet writes until it ends by itself. */
  async run(word: string, args: readonly string[], environment: Environment): Promise<string> {
    const child = this.start(word, args, environment);
    const ended = once(child, 'exit');
    if (child.stdout === null || child.stderr === null) throw new Error('Its output is not read.');
    const [out, errors] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    return out + errors;
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true });
  }
}

async function link(folder: string, name: string): Promise<void> {
  const path = join(folder, 'node_modules', name);
  await mkdir(dirname(path), { recursive: true });
  await symlink(join(ROOT, 'node_modules', name), path);
}

/** Fails with what the compiler says. */
async function compile(project: string, ...args: readonly string[]): Promise<void> {
  try {
    await promisify(execFile)(process.execPath, [TSC, '-p', project, ...args]);
  } catch (error) {
    throw new Error(`${project}: ${(error as { readonly stdout: string }).stdout}`, { cause: error });
  }
}
