import type { FastifyInstance } from 'fastify';
import { ApiKeyFollowers } from './api-keys/events/api-key-followers';
import { createScopeMemory, type ScopeMemory } from './api-keys/scope-memory';
import { SecretKeys } from './api-keys/secrets/secret-key';
import { ApiKeyAuthenticator } from './api-keys/secrets/secret-key-authenticator';
import { Authenticator } from './auth/authenticate';
import { CallerRights } from './auth/caller-rights';
import { TokenVerifier } from './auth/token-verifier';
import { ChangeFeed } from './change-feed/change-feed';
import { Stopwatch } from './change-feed/stopwatch';
import type { CompleteConfig } from './config';
import type { Database } from './database/database';
import type { GraphiqlParts } from './graphiql/graphiql-routes';
import { createTreeMemory, type TreeMemory } from './resources/tree-memory';
import type { DocumentRules } from './server/documents/document-ids';
import { readTrustedDocuments } from './server/documents/trusted-documents';
import { createHttpServer } from './server/http-server';
import type { Clock } from './shared/clock';
import type { Logger } from './shared/logger';
import { createVerifier } from './verification/create-verification';
import { createLimiter } from './verification/limits/create-limiter';
import { UseRecorder } from './verification/usage/use-recorder';

export interface ProgramParts {
  readonly config: CompleteConfig;
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Null, or left out: GraphiQL is not served. */
  readonly graphiql?: GraphiqlParts | null;
}

/** Puts the program together on an open database: everything but the process around it. */
export async function createProgram({
  config,
  database,
  clock,
  logger,
  graphiql = null,
}: ProgramParts): Promise<FastifyInstance> {
  const secretKeys = new SecretKeys(config.secretKeys);
  const tokens = new TokenVerifier(config.tokens);
  const authenticator = new Authenticator(
    tokens,
    new ApiKeyAuthenticator(secretKeys),
    new CallerRights(database),
  );
  const stopwatch = new Stopwatch(clock);
  const { maxStalenessMs, usageFlushMs } = config.verification;
  const feed = new ChangeFeed({ database, stopwatch, maxStalenessMs, logger });
  const uses = new UseRecorder({ database, everyMs: usageFlushMs, logger });
  const limits = createLimiter(config.verification, logger);
  const common = { database, clock, logger, secretKeys };
  const verifier = createVerifier({
    ...common,
    settings: config.verification,
    feed,
    stopwatch,
    limiter: limits.limiter,
    uses: uses.counter,
  });
  const apiKeyFollowers = new ApiKeyFollowers({ ...common, limits: config.subscriptions });
  feed.tellReadings(apiKeyFollowers);
  const webhookRules = {
    plainLoopback: !config.production,
    privateAddresses: config.webhookAllowPrivate,
  };
  const app = await createHttpServer({
    ...common,
    authenticator,
    tokens,
    verifier,
    ...listingMemories(feed, config.verification.memorySize),
    changes: feed,
    apiKeyFollowers,
    webhookRules,
    graphiql,
    documents: await documentRules(config),
    settings: config,
  });
  runAlong(app, feed, limits, uses);
  return app;
}

function listingMemories(feed: ChangeFeed, size: number): { tree: TreeMemory; scopes: ScopeMemory } {
  const memories = { tree: createTreeMemory(feed, size), scopes: createScopeMemory(feed, size) };
  for (const memory of Object.values(memories)) feed.follow(memory);
  return memories;
}

/** What runs as long as the program answers requests. */
function runAlong(
  app: FastifyInstance,
  feed: ChangeFeed,
  limits: ReturnType<typeof createLimiter>,
  uses: UseRecorder,
): void {
  app.addHook('onReady', async () => {
    await Promise.all([feed.start(), limits.open()]);
    uses.start();
  });
  // After the last request, and before the database is closed.
  app.addHook('onClose', () => Promise.all([feed.stop(), limits.close(), uses.stop()]));
}

async function documentRules({ trustedDocuments }: CompleteConfig): Promise<DocumentRules> {
  const { manifest, only } = trustedDocuments;
  return {
    trusted: manifest === null ? new Map() : await readTrustedDocuments(manifest),
    trustedOnly: only,
  };
}
