import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './eventually';
import { freePort } from './free-port';
import { findOrInstall } from './installed-program';
import { WANTED } from './wanted-programs';

const EXAMPLES = join(__dirname, '..', '..', 'examples');

/** How long it may take to install a proxy, where it is missing, and to start it. */
export const PROXY_TIMEOUT_MS = 300_000;

export interface Behind {
  /** Where Scopegate is, or what stands in for it. */
  readonly scopegate: string;
  /** What the proxy sends to it. */
  readonly secret: string;
}

/** What the service behind the proxy was told of a request. */
export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bodyBytes: number;
  /** The how many-th connection to the service it came by. */
  readonly connection: number;
}

/** The example of a proxy, with the service behind it: the files that people are shown, at ports of their own. */
export class ExampleProxy {
  private readonly children: ChildProcess[] = [];
  private output = '';

  private constructor(
    private readonly folder: string,
    readonly url: string,
  ) {}

  static async nginx(behind: Behind): Promise<ExampleProxy> {
    const binary = findOrInstall(WANTED.nginx);
    const proxy = await ExampleProxy.prepare('nginx/nginx.conf', 'nginx.conf', behind);
    const credential = `proxy_set_header X-Scopegate-Authorization "Bearer ${behind.secret}";\n`;
    await writeFile(join(proxy.folder, 'run', 'proxy-credential.conf'), credential);
    // As root, the workers would be another user, who may not look into the folder.
    const user = process.getuid?.() === 0 ? ['-g', 'user root;'] : [];
    return proxy.start(binary, ['-p', `${proxy.folder}/`, '-c', 'nginx.conf', '-e', 'stderr', ...user], {});
  }

  static async caddy(behind: Behind): Promise<ExampleProxy> {
    const binary = findOrInstall(WANTED.caddy);
    const proxy = await ExampleProxy.prepare('caddy/Caddyfile', 'Caddyfile', behind);
    return proxy.start(binary, ['run', '--config', join(proxy.folder, 'Caddyfile')], {
      XDG_CONFIG_HOME: proxy.folder,
      XDG_DATA_HOME: proxy.folder,
      FORWARD_AUTH_SECRET: behind.secret,
    });
  }

  /** Starts the service, and writes the configuration of the example with the ports of this test. */
  private static async prepare(example: string, file: string, { scopegate }: Behind): Promise<ExampleProxy> {
    const folder = await mkdtemp(join(tmpdir(), 'scopegate-proxy-'));
    const port = await freePort();
    const proxy = new ExampleProxy(folder, `http://127.0.0.1:${port}`);
    const service = await proxy.startService();
    await mkdir(join(folder, 'run'));
    const configuration = await readFile(join(EXAMPLES, example), 'utf8');
    const told = configuration
      .replaceAll('127.0.0.1:4000', new URL(scopegate).host)
      .replaceAll('127.0.0.1:8081', new URL(service).host)
      .replaceAll(':8080', `:${port}`);
    await writeFile(join(folder, file), told);
    return proxy;
  }

  async stop(): Promise<void> {
    for (const child of this.children) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    }
    await rm(this.folder, { recursive: true, force: true });
  }

  private async startService(): Promise<string> {
    this.spawn(process.execPath, [join(EXAMPLES, 'nginx', 'service.mjs')], { PORT: '0' });
    return eventually(async () => {
      const url = /http:\S+/.exec(this.output)?.[0];
      if (url === undefined) throw new Error(`The service does not listen yet:\n${this.output}`);
      return url;
    });
  }

  private async start(binary: string, args: string[], environment: NodeJS.ProcessEnv): Promise<this> {
    this.spawn(binary, args, environment);
    try {
      await eventually(() => fetch(this.url));
    } catch (error) {
      await this.stop();
      throw new Error(`${binary} does not answer:\n${this.output}`, { cause: error });
    }
    return this;
  }

  private spawn(command: string, args: string[], environment: NodeJS.ProcessEnv): void {
    const child = spawn(command, args, { env: { PATH: process.env['PATH'], ...environment } });
    const collect = (part: Buffer) => (this.output += part.toString());
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    this.children.push(child);
  }
}
