import type { Logger } from '../../shared/logger';
import { CountersInMemory } from './counters-in-memory';
import { CountersInRedis } from './counters-in-redis';
import { InsuredCounters } from './insured-counters';
import { Limiter } from './limiter';

export interface LimitSettings {
  /** Where the Redis is that processes share the limits of keys by; null: each process holds them for itself. */
  readonly redisUrl: string | null;
  /** About how many keys a process counts the uses of. */
  readonly memorySize: number;
}

/** A limiter with the connection that it may have. */
export interface ConnectedLimiter {
  readonly limiter: Limiter;
  readonly open: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Most keys with limits have no more of them. */
const WINDOWS_PER_KEY = 2;

export function createLimiter({ redisUrl, memorySize }: LimitSettings, logger: Logger): ConnectedLimiter {
  const inMemory = new CountersInMemory(memorySize * WINDOWS_PER_KEY);
  if (redisUrl === null)
    return { limiter: new Limiter(inMemory), open: async () => undefined, close: async () => undefined };
  const inRedis = new CountersInRedis(redisUrl, (reason) => insured.failed(reason));
  const insured = new InsuredCounters(inRedis, inMemory, logger);
  return {
    limiter: new Limiter(insured),
    open: () => inRedis.open(),
    close: async () => inRedis.close(),
  };
}
