import type { SecretKeys } from '../api-keys/secrets/secret-key';
import type { ChangeFeed } from '../change-feed/change-feed';
import type { Stopwatch } from '../change-feed/stopwatch';
import type { Database } from '../database/database';
import type { Clock } from '../shared/clock';
import type { Logger } from '../shared/logger';
import { FactSource } from './fact-source';
import { ForeignSecrets } from './foreign-secrets';
import { KeyFinder } from './key-finder';
import type { Limiter } from './limits/limiter';
import { Memory } from './memory';
import { StandingAnswers } from './standing-answers';
import { Verifier, type UseObserver } from './verifier';

export interface VerificationSettings {
  /** How old an answer may be at most; 0: every question goes to the database. */
  readonly maxStalenessMs: number;
  /** About how many keys, resources and answers are remembered, of each. */
  readonly memorySize: number;
}

export interface VerificationParts {
  readonly settings: VerificationSettings;
  readonly secretKeys: SecretKeys;
  readonly database: Database;
  readonly feed: ChangeFeed;
  readonly stopwatch: Stopwatch;
  readonly limiter: Limiter;
  readonly uses: UseObserver;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The verifier of a process, following the change feed. */
export function createVerifier(parts: VerificationParts): Verifier {
  const { settings, secretKeys, database, feed, stopwatch, limiter, uses, clock, logger } = parts;
  const { maxStalenessMs } = settings;
  const memory = new Memory(settings.memorySize);
  const foreignSecrets = new ForeignSecrets(database, feed, logger);
  feed.follow(memory);
  feed.follow(foreignSecrets);
  const facts = new FactSource({ database, feed, memory, stopwatch, maxStalenessMs });
  const finder = new KeyFinder(secretKeys, foreignSecrets, facts);
  const standing = new StandingAnswers(facts, settings.memorySize);
  return new Verifier({ finder, standing, limiter, uses, clock });
}
