// The router of the compatibility tests: composes the subgraphs that it is told of and serves them. It says over IPC where.
import { readFile } from 'node:fs/promises';
import { composeServices } from '@apollo/composition';
import { ApolloGateway } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { parse } from 'graphql';

const subgraphs = JSON.parse(process.env.SUBGRAPHS);
const services = await Promise.all(
  subgraphs.map(async ({ name, url, schemaFile }) => ({
    name,
    url,
    typeDefs: parse(schemaFile === undefined ? await askForSchema(url) : await readFile(schemaFile, 'utf8')),
  })),
);
const { supergraphSdl, errors } = composeServices(services);
if (errors !== undefined) throw new AggregateError(errors, errors.map(({ message }) => message).join('\n'));
const server = new ApolloServer({ gateway: new ApolloGateway({ supergraphSdl }) });
const { url } = await startStandaloneServer(server, { listen: { host: '127.0.0.1', port: 0 } });
process.send({ url });

async function askForSchema(url) {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ query: '{ _service { sdl } }' });
  const { data } = await (await fetch(url, { method: 'POST', headers, body })).json();
  return data._service.sdl;
}
