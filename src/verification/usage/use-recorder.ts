import { setImmediate } from 'node:timers/promises';
import { chunksWithin } from '../../database/chunks';
import type { Database } from '../../database/database';
import { OutcomeUnknown } from '../../shared/errors';
import type { Logger } from '../../shared/logger';
import { Recurring } from '../../shared/recurring';
import { UseCounter, totalOf, type UsesOfKey } from './use-counter';
import { writeUses } from './write-uses';

export interface UseRecorderParts {
  readonly database: Pick<Database, 'transaction'>;
  /** The time between two writings; 0: only when the program stops. */
  readonly everyMs: number;
  readonly logger: Logger;
  /** How many counts are held in memory at most, until they are written. */
  readonly mostCounts?: number;
}

const MOST_COUNTS = 50_000;

/** What one transaction writes: little enough that nobody waits for it, neither for a key nor for the embedded database. */
const KEYS_AT_ONCE = 900;
const ROWS_AT_ONCE = 500;

/**
 * Counts the uses of keys, and writes the counts from time to time, off the path of those who verify.
 *
 * What cannot be written waits for the next time. When it cannot be told whether something was written, it is not written
 * again: a use too few is a smaller lie than one that never was.
 */
export class UseRecorder {
  readonly counter: UseCounter;
  private readonly writing: Recurring;
  private away = false;

  constructor(private readonly parts: UseRecorderParts) {
    const { everyMs, logger, mostCounts: most = MOST_COUNTS } = parts;
    this.counter = new UseCounter({ most, onHalfFull: () => this.writing.wake() });
    this.writing = new Recurring({ name: 'use recorder', everyMs, run: () => this.write(), logger });
  }

  start(): void {
    this.writing.start();
  }

  /** Writes what has been counted so far. The database must be open until then. */
  async stop(): Promise<void> {
    await this.writing.stop();
    await this.write();
    const lost = totalOf(this.counter.take());
    if (lost > 0)
      this.parts.logger.error({ lost }, 'uses of keys were not written before the program stopped');
  }

  /** Writes what has been counted so far, as far as the database takes it. */
  async write(): Promise<void> {
    const { database, logger } = this.parts;
    const parts = chunksWithin(this.counter.take(), {
      items: KEYS_AT_ONCE,
      weight: ROWS_AT_ONCE,
      weigh: ({ counts }) => counts.length,
    });
    for (let part = parts.shift(); part !== undefined; part = parts.shift()) {
      const uses = part;
      try {
        await database.transaction((transaction) => writeUses(transaction, uses));
        this.tellThatItIsBack();
      } catch (error) {
        if (error instanceof OutcomeUnknown) this.tellLost(uses, error);
        else this.counter.putBack([...uses, ...parts.splice(0).flat()]);
        this.tellThatItIsAway(error);
      }
      // The embedded database answers at once, so that requests would wait for the end of the whole work.
      await setImmediate();
    }
    const dropped = this.counter.takeDropped();
    if (dropped > 0)
      logger.warn({ dropped }, 'uses of keys were not counted, since too much waits to be written');
  }

  private tellLost(uses: readonly UsesOfKey[], error: unknown): void {
    const message = 'it is not known whether uses of keys were written: they are not written again';
    this.parts.logger.warn({ uses: totalOf(uses), err: error }, message);
  }

  /** A database that is away is logged once, and once more when it is back. */
  private tellThatItIsAway(error: unknown): void {
    if (!this.away) this.parts.logger.warn({ err: error }, 'uses of keys cannot be written, and wait');
    this.away = true;
  }

  private tellThatItIsBack(): void {
    if (this.away) this.parts.logger.info('uses of keys are written again');
    this.away = false;
  }
}
