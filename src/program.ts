import type { FastifyInstance } from 'fastify';
import { SecretKeys } from './api-keys/secrets/secret-key';
import { ApiKeyAuthenticator } from './api-keys/secrets/secret-key-authenticator';
import { Authenticator } from './auth/authenticate';
import { TokenVerifier } from './auth/token-verifier';
import type { CompleteConfig } from './config';
import type { Database } from './database/database';
import { createHttpServer } from './server/http-server';
import type { Clock } from './shared/clock';
import type { Logger } from './shared/logger';

export interface ProgramParts {
  readonly config: CompleteConfig;
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Puts the program together on an open database: everything but the process around it. */
export async function createProgram({
  config,
  database,
  clock,
  logger,
}: ProgramParts): Promise<FastifyInstance> {
  const secretKeys = new SecretKeys(config.secretKeys);
  const authenticator = new Authenticator(
    new TokenVerifier(config.tokens),
    new ApiKeyAuthenticator(secretKeys),
  );
  const webhookRules = {
    plainLoopback: !config.production,
    privateAddresses: config.webhookAllowPrivate,
  };
  const parts = { authenticator, database, clock, logger, secretKeys, webhookRules };
  return createHttpServer({ ...parts, settings: config });
}
