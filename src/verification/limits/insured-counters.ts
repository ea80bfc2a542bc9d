import type { Logger } from '../../shared/logger';
import type { Taking, WindowCounters } from './window-counters';
import type { Window } from './windows';

/** For how long counters that failed are left alone, so that not every use waits for them. */
const PAUSE_MS = 1000;

/**
 * Counters that are shared, insured by others of this process: while the shared ones fail, each process holds the limits for
 * itself. This is logged once, and once more when it is over.
 */
export class InsuredCounters implements WindowCounters {
  private away = false;
  private pausedUntil = 0;

  constructor(
    private readonly shared: WindowCounters,
    private readonly insurance: WindowCounters,
    private readonly logger: Logger,
  ) {}

  async take(windows: readonly Window[], cost: number): Promise<Taking> {
    const startedAt = performance.now();
    if (startedAt < this.pausedUntil) return this.insurance.take(windows, cost);
    try {
      const taking = await this.shared.take(windows, cost);
      if (startedAt >= this.pausedUntil) this.succeeded();
      return taking;
    } catch (error) {
      this.failed(error instanceof Error ? error.message : String(error));
      return this.insurance.take(windows, cost);
    }
  }

  /** @param reason in words, and without credentials */
  failed(reason: string): void {
    this.pausedUntil = performance.now() + PAUSE_MS;
    if (!this.away)
      this.logger.warn({ reason }, 'Redis is away: each process holds the limits of keys for itself');
    this.away = true;
  }

  private succeeded(): void {
    if (this.away) this.logger.info('Redis is back: the processes share the limits of keys again');
    this.away = false;
  }
}
