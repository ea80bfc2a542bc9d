/**
 * What a router sends on to a subgraph: the user's own credential to all, and to Scopegate, and nobody else, the secret by
 * which it knows its router.
 */
export function headersFor(subgraph, authorization) {
  return {
    ...(authorization && { authorization }),
    ...(subgraph === 'scopegate' && { 'x-router-secret': process.env.ROUTER_SECRET }),
  };
}
