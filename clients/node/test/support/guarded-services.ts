import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express from 'express';
import fastify from 'fastify';
import type { ResourceRef, Verifier } from '../../src';
import { expressGuard } from '../../src/express';
import { fastifyGuard } from '../../src/fastify';

/** A service whose environments are guarded: what it answers is who was let in, and why. */
export interface GuardedService {
  readonly url: string;
  /** How often a request came past the guard. */
  readonly passed: () => number;
  /** Why requests could not be checked. */
  readonly errors: readonly Error[];
  readonly stop: () => Promise<void>;
}

export type StartService = (verifier: Verifier) => Promise<GuardedService>;

interface Params {
  environmentId: string;
}

const toEnvironment = ({ params }: { readonly params: Params }): ResourceRef => ({
  level: 'ENVIRONMENT',
  id: params.environmentId,
});

export async function startExpressService(verifier: Verifier): Promise<GuardedService> {
  const app = express();
  const errors: Error[] = [];
  let passed = 0;
  const onError = (error: Error) => errors.push(error);
  const guard = expressGuard<Params>(verifier, { resource: toEnvironment, onError });
  app.get('/environments/:environmentId', guard, (request, response) => {
    passed += 1;
    response.json({ keyId: request.apiKey?.id, grantedBy: request.verification?.grantedBy?.resourceId });
  });
  app.get('/whoever', expressGuard(verifier, { onError }), (request, response) => {
    response.json({ keyId: request.apiKey?.id });
  });
  const broken = expressGuard(verifier, {
    resource: () => {
      throw new Error('the rule of the service itself is wrong');
    },
  });
  app.get('/broken', broken, (_request, response) => {
    passed += 1;
    response.end();
  });
  app.set('env', 'test');
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    passed: () => passed,
    errors,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

export async function startFastifyService(verifier: Verifier): Promise<GuardedService> {
  const app = fastify();
  const errors: Error[] = [];
  let passed = 0;
  const onError = (error: Error) => errors.push(error);
  const guard = fastifyGuard<{ Params: Params }>(verifier, { resource: toEnvironment, onError });
  app.get<{ Params: Params }>('/environments/:environmentId', { onRequest: guard }, async (request) => {
    passed += 1;
    return { keyId: request.apiKey?.id, grantedBy: request.verification?.grantedBy?.resourceId };
  });
  app.get('/whoever', { onRequest: fastifyGuard(verifier, { onError }) }, async (request) => ({
    keyId: request.apiKey?.id,
  }));
  const broken = fastifyGuard(verifier, {
    resource: () => {
      throw new Error('the rule of the service itself is wrong');
    },
  });
  app.get('/broken', { preHandler: broken }, async () => (passed += 1));
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  return { url, passed: () => passed, errors, stop: () => app.close() };
}
