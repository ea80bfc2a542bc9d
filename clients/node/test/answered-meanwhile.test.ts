import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import express, { type ErrorRequestHandler } from 'express';
import { eventually } from '../../../test/support/eventually';
import { createVerifier } from '../src';
import { expressGuard } from '../src/express';

test('an Express service that has answered before a key was refused is told, and goes on', async () => {
  const verifier = createVerifier({ url: 'http://127.0.0.1:9', token: 'token', prefix: 'sg' });
  const errors: unknown[] = [];
  const app = express();
  // As a middleware does whose time is over.
  app.use((_request, response, next) => {
    next();
    response.status(503).end('too late');
  });
  app.get('/', expressGuard(verifier));
  const noteErrors: ErrorRequestHandler = (error, _request, _response, next) => {
    errors.push(error);
    next(error);
  };
  app.set('env', 'test');
  app.use(noteErrors);
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    const response = await fetch(url, { headers: { 'x-api-key': 'none' } });
    expect(response.status).toBe(503);
    await eventually(async () => expect(errors).toMatchObject([{ code: 'ERR_HTTP_HEADERS_SENT' }]));
  } finally {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
    verifier.close();
  }
});
