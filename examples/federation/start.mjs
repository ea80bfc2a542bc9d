// `npm run example:federation`: Scopegate with its demo, two subgraphs of a platform, and the three under each router.
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compose, schemaOf } from './compose.mjs';
import { serveByApollo } from './routers/apollo.mjs';
import { serveByHive } from './routers/hive.mjs';
import { serveDeployments } from './subgraphs/deployments.mjs';
import { serveUsers } from './subgraphs/users.mjs';

const DIST = join(import.meta.dirname, '..', '..', 'dist');
const OWNER = 'owner@acme.example';
const PORT = Number(process.env.PORT ?? 4100);
const QUERY = `{ deployments { version deployedBy { displayName }
  environment { name apiKeys(first: 2) { nodes { name creator { displayName } } } } } }`;

const dataDir = await mkdtemp(join(tmpdir(), 'scopegate-federation-'));
process.on('exit', () => scopegate.kill());
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => void stop());

process.env.ROUTER_SECRET = randomBytes(32).toString('hex');
const settings = {
  ...process.env,
  DATA_DIR: dataDir,
  AUTH_JWT_SECRET: randomBytes(32).toString('hex'),
  GRAPHIQL: 'off',
  PORT: '0',
};
const scopegate = spawn(process.execPath, [join(DIST, 'src/main.js')], { env: settings });
const scopegateUrl = await listening(scopegate);
const token = spawnSync(process.execPath, [join(DIST, 'scripts/token.js'), OWNER], {
  env: settings,
  encoding: 'utf8',
});
const authorization = `Bearer ${token.stdout.trim()}`;

const environments = await environmentsOf(scopegateUrl);
const subgraphUrl = `${scopegateUrl}/subgraph`;
const ours = await schemaOf(subgraphUrl, { 'x-router-secret': process.env.ROUTER_SECRET });
const deployments = environments.map(({ id }, index) => ({
  id: `deployment-${index + 1}`,
  version: `1.${index}.0`,
  environmentId: id,
  deployedById: OWNER,
}));
const people = ['owner@acme.example', 'admin@acme.example', 'member@acme.example'];
const users = people.map((id) => ({ id, displayName: `The ${id.split('@')[0]} of Acme` }));
const supergraph = compose([
  { name: 'scopegate', url: subgraphUrl, sdl: ours },
  await serveDeployments(deployments),
  await serveUsers(users),
]);
const routers = {
  '@apollo/gateway': await serveByApollo(supergraph, PORT),
  'Hive Gateway': await serveByHive(supergraph, PORT + 1, { rust: false }),
  "Hive Gateway with Hive Router's planner": await serveByHive(supergraph, PORT + 2, { rust: true }),
};
for (const [name, url] of Object.entries(routers)) {
  process.stdout.write(`\n${name}: ${url}\n${JSON.stringify(await ask(url), null, 2).slice(0, 600)} …\n`);
}
process.stdout.write(`
One query across all three, answered above by each router. Ask yourself:
  curl -s ${Object.values(routers)[0]} -H 'content-type: application/json' \\
    -H 'authorization: ${authorization}' \\
    -d '${JSON.stringify({ query: QUERY.replace(/\s+/g, ' ') })}'
`);

async function ask(url, query = QUERY) {
  const headers = { 'content-type': 'application/json', authorization };
  return (await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query }) })).json();
}

async function environmentsOf(url) {
  const query = `{ organizations(first: 5) { nodes { accounts(first: 5) { nodes { widgets(first: 5) { nodes {
    environments(first: 5) { nodes { id } } } } } } } } }`;
  const { data } = await ask(`${url}/graphql`, query);
  const children = (name) => (parent) => parent[name].nodes;
  return children('organizations')(data)
    .flatMap(children('accounts'))
    .flatMap(children('widgets'))
    .flatMap(children('environments'));
}

/** Where Scopegate listens, once it does and its demo is loaded, which it says last. */
function listening({ stdout, stderr }) {
  stderr.pipe(process.stderr);
  let output = '';
  return new Promise((resolve, reject) => {
    stdout.on('data', (part) => {
      output += part;
      const url = /Scopegate is ready: (\S+)\/graphql/.exec(output)?.[1];
      if (url !== undefined) resolve(url);
    });
    stdout.on('end', () => reject(new Error(`Scopegate did not start:\n${output}`)));
  });
}

async function stop() {
  await rm(dataDir, { recursive: true, force: true });
  process.exit(0);
}
