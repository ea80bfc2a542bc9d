import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeServices } from '@apollo/composition';
import { composeServices as composeByTheGuild } from '@theguild/federation-composition';
import { parse } from 'graphql';
import { ROUTER_SECRET, askSubgraph } from '../support/subgraph';
import type { Credential, GraphqlAnswer, TestProgram } from '../support/test-program';

const EXAMPLE = join(__dirname, '..', '..', 'examples', 'federation');

export const COMPOSITIONS = ['@apollo/composition', '@theguild/federation-composition'] as const;
export const ROUTERS = ['apollo', 'hive', 'hive-rust'] as const;

/** What the two subgraphs of the example know. */
export interface Known {
  readonly deployments: readonly {
    readonly id: string;
    readonly version: string;
    readonly environmentId: string;
    readonly deployedById: string;
  }[];
  readonly users: readonly { readonly id: string; readonly displayName: string }[];
}

interface Served {
  readonly name: string;
  readonly url: string;
  readonly sdl: string;
}

/** The subgraphs of the example beside a Scopegate, and any of the routers over them, each in a process of its own. */
export class Platform {
  private constructor(
    private readonly subgraphs: readonly Served[],
    private readonly processes: ChildProcess[],
    private readonly directory: string,
  ) {}

  static async start(program: TestProgram, known: Known): Promise<Platform> {
    const directory = await mkdtemp(join(tmpdir(), 'scopegate-routers-'));
    const { data } = await askSubgraph<{ _service: { sdl: string } }>(
      program,
      { 'x-router-secret': ROUTER_SECRET },
      '{ _service { sdl } }',
    );
    const ours = { name: 'scopegate', url: `${program.url}/subgraph`, sdl: data._service.sdl };
    const processes: ChildProcess[] = [];
    const theirs = await started('subgraphs/serve.mjs', [], { PLATFORM: JSON.stringify(known) }, processes);
    return new Platform([ours, ...(theirs as Served[])], processes, directory);
  }

  compose(by: (typeof COMPOSITIONS)[number]): string {
    const services = this.subgraphs.map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) }));
    const { supergraphSdl, errors } =
      by === '@apollo/composition' ? composeServices(services) : composeByTheGuild(services);
    if (supergraphSdl === undefined) throw new Error(errors.map(({ message }) => message).join('\n'));
    return supergraphSdl;
  }

  /** Starts a router over a supergraph, and answers how to ask it. */
  async route(router: (typeof ROUTERS)[number], supergraph: string): Promise<AskRouter> {
    const file = join(this.directory, `${router}-${this.processes.length}.graphql`);
    await writeFile(file, supergraph);
    const environment = { SUPERGRAPH: file, ROUTER_SECRET };
    const { url } = (await started('routers/serve.mjs', [router], environment, this.processes)) as {
      url: string;
    };
    return async <Data>(credential: Credential, query: string): Promise<GraphqlAnswer<Data>> => {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...credential },
        body: JSON.stringify({ query }),
      });
      const text = await response.text();
      return { status: response.status, text, ...(JSON.parse(text) as { data: Data }) };
    };
  }

  async stop(): Promise<void> {
    for (const child of this.processes) {
      const ended = once(child, 'exit');
      // They would wait for connections that are kept open.
      if (child.kill('SIGKILL')) await ended;
    }
    await rm(this.directory, { recursive: true, force: true });
  }
}

export type AskRouter = <Data>(credential: Credential, query: string) => Promise<GraphqlAnswer<Data>>;

/** Starts a file of the example, and answers what it says when it is ready. */
async function started(
  file: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  processes: ChildProcess[],
): Promise<unknown> {
  const options = { env: { PATH: process.env['PATH'], ...environment }, silent: true };
  const child = fork(join(EXAMPLE, file), args, options);
  processes.push(child);
  let output = '';
  const collect = (part: Buffer) => (output += part.toString());
  child.stdout?.on('data', collect);
  child.stderr?.on('data', collect);
  const ended = once(child, 'exit').then(() => {
    throw new Error(`${file} ended before it was ready:\n${output}`);
  });
  const [message] = (await Promise.race([once(child, 'message'), ended])) as [unknown];
  ended.catch(() => undefined);
  return message;
}
