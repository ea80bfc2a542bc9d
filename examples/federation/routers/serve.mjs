// Serves a supergraph under a router, in a process of its own: `SUPERGRAPH=<file> node routers/serve.mjs apollo|hive|hive-rust`.
import { readFile } from 'node:fs/promises';
import { serveByApollo } from './apollo.mjs';
import { serveByHive } from './hive.mjs';

const ROUTERS = {
  apollo: serveByApollo,
  hive: (supergraph, port) => serveByHive(supergraph, port, { rust: false }),
  'hive-rust': (supergraph, port) => serveByHive(supergraph, port, { rust: true }),
};

const serve = ROUTERS[process.argv[2]];
if (serve === undefined) throw new Error(`Expected one of ${Object.keys(ROUTERS).join(', ')}.`);
const url = await serve(await readFile(process.env.SUPERGRAPH, 'utf8'), Number(process.env.PORT ?? 0));
process.send?.({ url });
