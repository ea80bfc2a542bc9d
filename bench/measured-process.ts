import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { MEASURED, processorMs } from './processors';

const START_TIMEOUT_MS = 60_000;
const LAST_WORDS = 4000;

export interface Command {
  /** What Node runs, with its flags and arguments. */
  readonly node: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly port: number;
}

/** A contender that runs, on a processor of its own. */
export class MeasuredProcess {
  private errors = '';

  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {
    child.stderr?.on('data', (part: Buffer) => {
      this.errors = (this.errors + part.toString()).slice(-LAST_WORDS);
    });
  }

  /** Starts it, and waits until it answers whatever it is asked. */
  static async start({ node, environment, port }: Command): Promise<MeasuredProcess> {
    const startedAt = performance.now();
    const child = spawn('taskset', ['--cpu-list', MEASURED, process.execPath, ...node], {
      env: { PATH: process.env['PATH'], ...environment, PORT: String(port) },
      // What it logs goes to nobody, as cheaply as can be; it is written all the same.
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const url = `http://127.0.0.1:${port}`;
    const started = new MeasuredProcess(child, url);
    while (!(await answers(url))) {
      const late = performance.now() - startedAt > START_TIMEOUT_MS;
      if (late || child.exitCode !== null) {
        await started.stop();
        throw new Error(`${node.join(' ')} did not start:\n${started.errors}`);
      }
      await sleep(5);
    }
    return started;
  }

  async processorMs(): Promise<number> {
    return processorMs(this.pid);
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    const killed = setTimeout(() => this.child.kill('SIGKILL'), 5000);
    await ended;
    clearTimeout(killed);
  }

  private get pid(): number {
    if (this.child.pid === undefined) throw new Error('It was not started.');
    return this.child.pid;
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    await (await fetch(url)).arrayBuffer();
    return true;
  } catch {
    return false;
  }
}
