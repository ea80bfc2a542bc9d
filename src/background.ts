import { tellExpiries } from './api-keys/expiry-watcher';
import { forgetIdempotencyKeys } from './api-keys/changing/forget-idempotency-keys';
import { pruneFeed } from './change-feed/prune-feed';
import type { CompleteConfig } from './config';
import type { Database } from './database/database';
import type { Clock } from './shared/clock';
import type { Logger } from './shared/logger';
import { Recurring } from './shared/recurring';
import { forgetUsage } from './verification/usage/forget-usage';
import { WebhookSender } from './webhooks/webhook-sender';

export interface BackgroundParts {
  readonly config: CompleteConfig;
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface Background {
  /** Finishes what is under way, and starts nothing more. The database must be open until then. */
  stop(): Promise<void>;
}

const WEBHOOK_TIMEOUT_MS = 10_000;

/** Starts what the program does without being asked: it sends webhooks, and looks for keys that expire. */
export function startBackground({ config, database, clock, logger }: BackgroundParts): Background {
  const { background, webhookAllowPrivate: privateAddresses } = config;
  const { webhookPollMs: pollMs, expiryPollMs: everyMs } = background;
  const sender = new WebhookSender({
    ...{ database, clock, logger, pollMs, privateAddresses },
    timeoutMs: WEBHOOK_TIMEOUT_MS,
  });
  const run = async () => {
    await tellExpiries(database, clock());
    await forgetIdempotencyKeys(database, clock());
    await pruneFeed(database, clock());
    await forgetUsage(database, clock(), background.usageRetentionDays);
  };
  const watcher = new Recurring({ name: 'expiry watcher', everyMs, run, logger });
  sender.start();
  watcher.start();
  return {
    stop: async () => {
      await Promise.all([sender.stop(), watcher.stop()]);
    },
  };
}
