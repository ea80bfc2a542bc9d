import fastify from 'fastify';
import mercurius from 'mercurius';
import { contextOf, resolvers } from '../shared/dataloader-resolvers.mjs';
import { typeDefs } from '../shared/key-types.mjs';

const app = fastify();
app.register(mercurius, {
  schema: typeDefs,
  resolvers,
  jit: 1,
  context: (request) => contextOf(request.headers.authorization),
});
await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
