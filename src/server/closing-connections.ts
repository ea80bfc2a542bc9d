import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** How long a connection that is open when the program stops has to begin its first request. */
const FIRST_BYTE_MS = 100;

/**
 * When the program stops, closes each connection on which nothing is under way. Closing a server of Node does so for those
 * that wait for another request at that moment. One on which nothing was ever sent would stay until it times out, and so
 * would one whose last answer comes later.
 */
export function closeConnectionsWhenStopping(app: FastifyInstance): void {
  const { server } = app;
  const connections = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  app.addHook('preClose', (done) => {
    setTimeout(() => {
      for (const socket of connections) if (socket.bytesRead === 0) socket.destroy();
    }, FIRST_BYTE_MS).unref();
    done();
  });
  app.addHook('onResponse', (_request, _reply, done) => {
    if (!server.listening) server.closeIdleConnections();
    done();
  });
}
