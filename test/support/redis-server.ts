import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Redis } from 'ioredis';
import { eventually } from './eventually';
import { freePort } from './free-port';
import { findOrInstall } from './installed-program';
import { WANTED } from './wanted-programs';

/** A private Redis on a free port, that keeps nothing and is gone when it is removed. */
export class RedisServer {
  private process: ChildProcess | null = null;

  private constructor(
    private readonly binary: string,
    private readonly port: number,
    private readonly password: string | null,
  ) {}

  /** @param password null: it lets anybody in */
  static async create(password: string | null = null): Promise<RedisServer> {
    const server = new RedisServer(findOrInstall(WANTED.redis), await freePort(), password);
    await server.start();
    return server;
  }

  get url(): string {
    const credentials = this.password === null ? '' : `:${this.password}@`;
    return `redis://${credentials}127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    const settings = ['--port', String(this.port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    const secret = this.password === null ? [] : ['--requirepass', this.password];
    this.process = spawn(this.binary, [...settings, ...secret], { stdio: 'ignore' });
    await eventually(() => this.withClient((redis) => redis.ping()));
  }

  /** The names of all that it holds, and for how many milliseconds longer. */
  async contents(): Promise<ReadonlyMap<string, number>> {
    return this.withClient(async (redis) => {
      const names = await redis.keys('*');
      const left = await Promise.all(names.map((name) => redis.pttl(name)));
      return new Map(names.map((name, index) => [name, left[index] ?? 0]));
    });
  }

  /** Makes the server hang: it keeps its connections and answers none. */
  pause(): void {
    this.process?.kill('SIGSTOP');
  }

  /** Lets a server that was paused go on. */
  resume(): void {
    this.process?.kill('SIGCONT');
  }

  /** Ends the server at once, with all that it held. It can be started again. */
  async kill(): Promise<void> {
    const { process } = this;
    if (process?.exitCode !== null || process.signalCode !== null) return;
    const ended = once(process, 'exit');
    process.kill('SIGKILL');
    await ended;
  }

  private async withClient<Result>(work: (redis: Redis) => Promise<Result>): Promise<Result> {
    const redis = new Redis(this.url, { lazyConnect: true, retryStrategy: () => null });
    redis.on('error', () => undefined);
    try {
      await redis.connect();
      return await work(redis);
    } finally {
      redis.disconnect();
    }
  }
}
