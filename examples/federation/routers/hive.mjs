// The supergraph under Hive Gateway, by its own planner or by the one of Hive Router, which is written in Rust.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import { unifiedGraphHandler } from '@graphql-hive/router-runtime';
import { headersFor } from '../headers.mjs';

export async function serveByHive(supergraph, port, { rust }) {
  const gateway = createGatewayRuntime({
    supergraph,
    logging: false,
    landingPage: false,
    ...(rust && { unifiedGraphHandler }),
    propagateHeaders: {
      fromClientToSubgraphs: ({ request, subgraphName }) =>
        headersFor(subgraphName, request.headers.get('authorization')),
    },
  });
  const server = createServer(gateway).listen(port, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${server.address().port}/graphql`;
}
