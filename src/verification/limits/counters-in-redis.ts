import { Redis, type Result } from 'ioredis';
import type { Count, Taking, WindowCounters } from './window-counters';
import type { Window } from './windows';

/** KEYS: the windows. ARGV: the cost, then of each window its limit, and for how many milliseconds its count is kept. */
const TAKE = `
local cost = tonumber(ARGV[1])
local used = {}
local fits = 1
for i, window in ipairs(KEYS) do
  used[i] = tonumber(redis.call('GET', window) or '0')
  if cost > 0 and used[i] + cost > tonumber(ARGV[2 * i]) then fits = 0 end
end
local answer = { fits }
for i, window in ipairs(KEYS) do
  if fits == 1 and cost > 0 then
    if used[i] == 0 then redis.call('SET', window, cost, 'PX', ARGV[2 * i + 1])
    else redis.call('INCRBY', window, cost) end
    used[i] = used[i] + cost
  end
  answer[2 * i] = used[i]
  answer[2 * i + 1] = math.max(0, redis.call('PTTL', window))
end
return answer
`;

declare module 'ioredis' {
  interface RedisCommander<Context> {
    takeFromWindows(
      windows: number,
      ...idsAndArguments: readonly (string | number)[]
    ): Result<number[], Context>;
  }
}

/** A use that waits for Redis any longer is counted elsewhere. */
const TIMEOUT_MS = 250;
const CONNECT_TIMEOUT_MS = 2000;
const MAX_RECONNECT_MS = 2000;

/** Counts that all processes share which have the same Redis. A script runs there as one step. */
export class CountersInRedis implements WindowCounters {
  private readonly redis: Redis;

  /** @param onError told, in words, why a connection failed */
  constructor(url: string, onError: (reason: string) => void) {
    this.redis = new Redis(url, {
      scripts: { takeFromWindows: { lua: TAKE } },
      lazyConnect: true,
      connectTimeout: CONNECT_TIMEOUT_MS,
      commandTimeout: TIMEOUT_MS,
      disconnectTimeout: TIMEOUT_MS,
      retryStrategy: (times) => Math.min(times * 100, MAX_RECONNECT_MS),
      // Nobody waits for a Redis that is away, and nothing is sent twice: a use could be counted twice.
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
    });
    // The errors of the library carry the command that failed, which can be the one with the password.
    this.redis.on('error', ({ message }: Error) => onError(message));
  }

  /** Connects, if Redis is there; if not, it is tried again and again. */
  async open(): Promise<void> {
    await this.redis.connect().catch(() => undefined);
  }

  close(): void {
    this.redis.disconnect();
  }

  async take(windows: readonly Window[], cost: number): Promise<Taking> {
    const [fits, ...counts] = await this.redis.takeFromWindows(
      windows.length,
      ...windows.map(({ id }) => id),
      cost,
      ...windows.flatMap(({ limit, keptMs }) => [limit, keptMs]),
    );
    return { fits: fits === 1, counts: windows.map((_, index) => countAt(index, counts)) };
  }
}

function countAt(index: number, counts: readonly number[]): Count {
  return { used: counts[2 * index] ?? 0, leftMs: counts[2 * index + 1] ?? 0 };
}
