import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { eventually } from './eventually';

/** npm runs tests and scripts there, whether they are built or not. */
const ROOT = process.cwd();
const BUILT = join(ROOT, 'dist');

export type Settings = Readonly<Record<string, string>>;

/** A line of the log. */
export interface LogLine {
  readonly level: string;
  readonly msg: string;
  readonly [name: string]: unknown;
}

export interface Ended {
  readonly exitCode: number | null;
  /** All that it wrote, to people and to the log. */
  readonly output: string;
}

/** The program as people start it: built, in a process of its own, with no settings but those that are given. */
export class StartedProgram {
  output = '';

  private constructor(
    private readonly child: ChildProcess,
    private readonly ended: Promise<unknown>,
  ) {
    const collect = (part: Buffer) => (this.output += part.toString());
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
  }

  /** Starts it on a port of its own and waits until it listens. */
  static async start(settings: Settings): Promise<StartedProgram> {
    return StartedProgram.spawn('src/main.js', [], { PORT: '0', ...settings }).listening();
  }

  /** Starts it by `npm start`. */
  static async startByNpm(settings: Settings): Promise<StartedProgram> {
    const child = spawn('npm', ['start'], {
      cwd: ROOT,
      env: { PATH: process.env['PATH'], PORT: '0', ...settings },
    });
    return new StartedProgram(child, once(child, 'close')).listening();
  }

  /** Runs it, for a start that is meant to fail. */
  static async run(settings: Settings): Promise<Ended> {
    return StartedProgram.spawn('src/main.js', [], { PORT: '0', ...settings }).end();
  }

  /** `npm run token`. */
  static async token(settings: Settings, ...args: string[]): Promise<Ended> {
    return StartedProgram.spawn('scripts/token.js', args, settings).end();
  }

  private static spawn(file: string, args: readonly string[], settings: Settings): StartedProgram {
    const child = spawn(process.execPath, [join(BUILT, file), ...args], { env: { ...settings } });
    return new StartedProgram(child, once(child, 'close'));
  }

  private async listening(): Promise<this> {
    await eventually(async () => {
      if (this.child.exitCode === null && this.url === undefined) throw new Error('It does not listen yet.');
    });
    if (this.url !== undefined) return this;
    throw new Error(`It ended before it listened:\n${this.output}`);
  }

  get url(): string | undefined {
    return this.log.find(({ msg }) => msg === 'listening')?.['url'] as string | undefined;
  }

  get log(): readonly LogLine[] {
    const lines = this.output.split('\n').slice(0, -1);
    return lines.filter((line) => line.startsWith('{"level"')).map((line) => JSON.parse(line) as LogLine);
  }

  /** What it wrote for people to read. */
  get told(): string {
    const lines = this.output.split('\n');
    return lines.filter((line) => !line.startsWith('{"level"')).join('\n');
  }

  async graphql(credential: Settings, query: string): Promise<{ data: unknown; errors?: unknown }> {
    const response = await fetch(`${this.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...credential },
      body: JSON.stringify({ query }),
    });
    return (await response.json()) as { data: unknown };
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Asks it to stop, and waits until it has. */
  async stop(): Promise<Ended> {
    this.signal('SIGTERM');
    return this.end();
  }

  /** Waits until it ends. */
  async end(): Promise<Ended> {
    await this.ended;
    return { exitCode: this.child.exitCode, output: this.output };
  }
}
