import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';

/** The supergraph of some subgraphs, each `{ name, url, sdl }`. */
export function compose(subgraphs) {
  const services = subgraphs.map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) }));
  const { errors, supergraphSdl } = composeServices(services);
  if (errors === undefined) return supergraphSdl;
  throw new Error(errors.map(({ message }) => message).join('\n'));
}

/** What a subgraph says of itself to its router. */
export async function schemaOf(url, headers) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query: '{ _service { sdl } }' }),
  });
  const { data } = await response.json();
  return data._service.sdl;
}
