import 'reflect-metadata';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { SecretKeys } from './api-keys/secrets/secret-key';
import { startBackground, type Background } from './background';
import { readConfig, type CompleteConfig } from './config';
import type { Database } from './database/database';
import { openDatabase } from './database/open-database';
import { loadDemo } from './demo/demo-tenancy';
import { demoTokens } from './demo/demo-tokens';
import { withDevelopmentSecrets } from './demo/development-secrets';
import { welcome } from './demo/welcome';
import { createProgram } from './program';
import { systemClock } from './shared/clock';
import { gatheredStandardOutput } from './shared/log-destination';
import { createLogger, type Logger } from './shared/logger';
import { describeStartFailure } from './start-failure';
import { TABLES } from './tables';

/** Beside what this file is compiled to. */
const GRAPHIQL_FOLDER = join(__dirname, '..', 'graphiql');

async function main(): Promise<void> {
  const configured = readConfig(process.env);
  const config = await withDevelopmentSecrets(configured);
  const logger = createLogger(config.logLevel, gatheredStandardOutput());
  const database = await openDatabase({ settings: config.database, tables: TABLES, logger });
  const graphiql = config.graphiql
    ? { folder: GRAPHIQL_FOLDER, mintDemoTokens: demoTokens(configured, config) }
    : null;
  const app = await createProgram({ config, database, clock: systemClock, logger, graphiql });
  await app.listen({ host: config.host, port: config.port });
  const background = startBackground({ config, database, clock: systemClock, logger });
  const url = addressOf(app, config);
  logger.info({ url, database: config.database.url === null ? 'embedded' : 'server' }, 'listening');
  if (!config.production) {
    const text = await demo(config, database, url);
    // What was logged before stands before it.
    logger.flush();
    process.stdout.write(`\n${text}\n`);
  }

  await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
  await stop(app, background, database, config.shutdownTimeoutMs, logger);
}

function addressOf(app: FastifyInstance, { host }: CompleteConfig): string {
  const { port } = app.server.address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

async function demo(config: CompleteConfig, database: Database, url: string): Promise<string> {
  const secretKey = await loadDemo(database, new SecretKeys(config.secretKeys), systemClock());
  return welcome(url, config.tokens, secretKey);
}

/** Takes no more requests, finishes what is under way, and ends requests that have not finished in time. */
async function stop(
  app: FastifyInstance,
  background: Background,
  database: Database,
  timeoutMs: number,
  logger: Logger,
): Promise<void> {
  logger.info('stopping');
  const late = setTimeout(() => {
    logger.warn({ timeoutMs }, 'ending requests that did not finish in time');
    app.server.closeAllConnections();
  }, timeoutMs);
  await Promise.all([app.close(), background.stop()]);
  clearTimeout(late);
  await database.close();
  logger.info('stopped');
}

main().then(
  // Said, since a connection to a database that does not answer would keep the process for as long as that lasts.
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${describeStartFailure(error)}\n`);
    process.exit(1);
  },
);
