import type { Logger } from './logger';

export interface RecurringWork {
  /** What it is, for the log. */
  readonly name: string;
  /** The time between two runs; 0: it is never run. */
  readonly everyMs: number;
  readonly run: () => Promise<void>;
  readonly logger: Logger;
}

/** Runs a piece of work again and again, never twice at once. A run that fails is logged, and the next tries again. */
export class Recurring {
  private timer: NodeJS.Timeout | null = null;
  private underWay: Promise<void> | null = null;
  private onceMore = false;

  constructor(private readonly work: RecurringWork) {}

  start(): void {
    if (this.work.everyMs === 0) return;
    this.timer = setInterval(() => this.wake(), this.work.everyMs);
    this.wake();
  }

  /** Runs the work now, or once more after the run under way. Before the start and after the stop it does nothing. */
  wake(): void {
    if (this.timer === null) return;
    if (this.underWay !== null) this.onceMore = true;
    else
      this.underWay = this.runs().finally(() => {
        this.underWay = null;
      });
  }

  /** Starts no more runs, and waits for the one under way. */
  async stop(): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
    await this.underWay;
  }

  private async runs(): Promise<void> {
    const { name, run, logger } = this.work;
    do {
      this.onceMore = false;
      try {
        await run();
      } catch (error) {
        logger.error({ err: error, work: name }, 'background work failed, and will be tried again');
      }
    } while (this.isWanted());
  }

  private isWanted(): boolean {
    return this.onceMore && this.timer !== null;
  }
}
