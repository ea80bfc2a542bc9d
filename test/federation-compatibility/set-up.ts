import 'reflect-metadata';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginInlineTrace } from '@apollo/server/plugin/inlineTrace';
import { startStandaloneServer } from '@apollo/server/standalone';
import { freePort } from '../support/free-port';
import { createProductsSubgraph } from './products-schema';

const SUBGRAPHS = join(
  __dirname,
  'suite/node_modules/@apollo/federation-subgraph-compatibility-tests/dist/subgraphs',
);

/** What runs while the tests do. */
export interface Running {
  readonly products: ApolloServer;
  readonly processes: readonly ChildProcess[];
}

/** Starts the products subgraph, which is ours, the two that the tests bring, and a router over the three. */
export default async function setUp(): Promise<void> {
  const products = new ApolloServer({
    schema: createProductsSubgraph().schema,
    plugins: [ApolloServerPluginInlineTrace()],
  });
  const { url } = await startStandaloneServer(products, { listen: { host: '127.0.0.1', port: 0 } });
  const processes: ChildProcess[] = [];
  (globalThis as { running?: Running }).running = { products, processes };
  const users = await helper('users', 'USERS_PORT', processes);
  const inventory = await helper('inventory', 'INVENTORY_PORT', processes);
  const router = fork(join(__dirname, 'suite/router.mjs'), {
    env: { ...process.env, SUBGRAPHS: JSON.stringify([{ name: 'products', url }, users, inventory]) },
  });
  processes.push(router);
  process.env['PRODUCTS_URL'] = url;
  process.env['ROUTER_URL'] = ((await said(router)) as { url: string }).url;
}

/** Starts one of the subgraphs that the tests bring, on a port that nothing else has. */
async function helper(name: string, portVariable: string, processes: ChildProcess[]) {
  const port = await freePort();
  const cwd = join(SUBGRAPHS, name);
  const env = { ...process.env, [portVariable]: String(port) };
  const child = fork(join(cwd, 'index.js'), { cwd, env, silent: true });
  processes.push(child);
  await said(child);
  return { name, url: `http://localhost:${port}/`, schemaFile: join(cwd, `${name}.graphql`) };
}

/** The first word of a process; it fails when the process ends without one. */
async function said(child: ChildProcess): Promise<unknown> {
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`${child.spawnargs.join(' ')} ended with ${String(code)} before it was ready.`);
  });
  const [message] = (await Promise.race([once(child, 'message'), ended])) as [unknown];
  ended.catch(() => undefined);
  return message;
}
