import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { familyMemoryMb, familyProcessorMs } from './process-family';
import { MEASURED } from './processors';

const START_TIMEOUT_MS = 60_000;
const LAST_WORDS = 4000;

export interface Command {
  /** What Node runs, with its flags and arguments. */
  readonly node: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly port: number;
  /** The processors that it may run on; without them, one, which it has to itself. */
  readonly processors?: string;
  /** What answers well once it has started; without it, anything that it answers will do. */
  readonly health?: string;
}

/** A program that runs, with all processes that it starts. */
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

  /** Starts it, and waits until it answers. */
  static async start(command: Command): Promise<MeasuredProcess> {
    const { node, environment, port, processors = MEASURED, health } = command;
    const startedAt = performance.now();
    const child = spawn('taskset', ['--cpu-list', processors, process.execPath, ...node], {
      env: { PATH: process.env['PATH'], ...environment, PORT: String(port) },
      // What it logs goes to nobody, as cheaply as can be; it is written all the same.
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const url = `http://127.0.0.1:${port}`;
    const started = new MeasuredProcess(child, url);
    while (!(await answers(url, health))) {
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
    return familyProcessorMs(this.pid);
  }

  async memoryMb(): Promise<number> {
    return familyMemoryMb(this.pid);
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

async function answers(url: string, health: string | undefined): Promise<boolean> {
  try {
    const response = await fetch(`${url}${health ?? '/'}`);
    await response.arrayBuffer();
    return response.ok || health === undefined;
  } catch {
    return false;
  }
}
