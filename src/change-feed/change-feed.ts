import type { Database } from '../database/database';
import type { Logger } from '../shared/logger';
import { Recurring } from '../shared/recurring';
import type { DatedEntry, FeedEntry } from './feed-entry';
import type { Moment, Stopwatch } from './stopwatch';

/** Who remembers things that changes make untrue. */
export interface FeedListener {
  /** These changes have been made: what they touch is not as it was. */
  changed(entries: readonly FeedEntry[]): void;
  /** Changes may have been missed: nothing that was known can be relied upon. */
  reset(): void;
}

/** Who tells others of changes: of each once, in the order in which they were made. */
export interface FeedReader {
  /** These changes have been met in the feed. */
  read(entries: readonly DatedEntry[]): void;
  /** Changes may have been missed. */
  missed(): void;
}

export interface ChangeFeedParts {
  readonly database: Database;
  readonly stopwatch: Stopwatch;
  /** For how long what was known at a reading of the feed is relied upon; 0: never. */
  readonly maxStalenessMs: number;
  readonly logger: Logger;
}

/** How far behind a reader catches up rather than starts anew. */
const MAX_BEHIND = 5000;

/** Readings within the time that one is relied upon, so that one or two may fail or be late. */
const READINGS_PER_STALENESS = 4;
const LEAST_POLL_MS = 10;

/** Whoever is told of changes does not wait longer for them, however long what is remembered is relied upon. */
const LONGEST_POLL_MS = 250;

interface FeedRow extends DatedEntry {
  readonly head: number;
  /** Null: there is nothing after the position that was asked about. */
  readonly position: number | null;
}

/** The end of the feed, and what is there after a position: one row at least, and all as of one moment. */
export const READ_FEED =
  'SELECT h.position AS head, f.position AS position, f.organization_id AS organizationId, f.action AS action, ' +
  'f.subject_id AS subjectId, f.changed_at AS changedAt FROM change_feed_head h ' +
  `LEFT JOIN change_feed f ON f.position > ? ORDER BY f.position LIMIT ${MAX_BEHIND}`;

/**
 * Follows the changes that any process makes.
 *
 * A reading that began after a change was committed sees it. So what is remembered, and is told of every change, is at most
 * as old as the last good reading: while that is fresh, nothing remembered is staler than `maxStalenessMs`.
 */
export class ChangeFeed {
  private readonly listeners: FeedListener[] = [];
  private readonly readers: FeedReader[] = [];
  private readonly polling: Recurring;
  private readonly readWithinMs: number;
  private readAt: Moment | null = null;
  private readTo: number | null = null;
  private away = false;

  constructor(private readonly parts: ChangeFeedParts) {
    const { maxStalenessMs, logger } = parts;
    const wanted =
      maxStalenessMs === 0 ? LONGEST_POLL_MS : Math.floor(maxStalenessMs / READINGS_PER_STALENESS);
    const everyMs = Math.min(LONGEST_POLL_MS, Math.max(LEAST_POLL_MS, wanted));
    this.readWithinMs = Math.max(maxStalenessMs, everyMs * READINGS_PER_STALENESS);
    this.polling = new Recurring({ name: 'change feed', everyMs, run: () => this.poll(), logger });
  }

  follow(listener: FeedListener): void {
    this.listeners.push(listener);
  }

  tellReadings(reader: FeedReader): void {
    this.readers.push(reader);
  }

  /** Reads the feed for the first time, and goes on. */
  async start(): Promise<void> {
    if (this.parts.maxStalenessMs > 0) await this.poll();
    this.polling.start();
  }

  async stop(): Promise<void> {
    await this.polling.stop();
  }

  /** Whether what is remembered can be relied upon now. */
  get isFresh(): boolean {
    const { stopwatch, maxStalenessMs } = this.parts;
    return this.readAt !== null && stopwatch.millisecondsSince(this.readAt) < maxStalenessMs;
  }

  /** The position up to which the listeners have been told; null before the first reading. */
  get position(): number | null {
    return this.readTo;
  }

  /** Reads the feed now rather than later, for somebody who has seen that it goes on. */
  wake(): void {
    this.polling.wake();
  }

  /** Tells of changes of this process at once, before they are met in the feed. */
  tell(entries: readonly FeedEntry[]): void {
    if (entries.length === 0) return;
    for (const listener of this.listeners) listener.changed(entries);
  }

  /** A database that is away is logged once, and once more when it is back. */
  private async poll(): Promise<void> {
    const { logger } = this.parts;
    try {
      await this.read();
      if (this.away) logger.info('the change feed can be read again');
      this.away = false;
    } catch (error) {
      if (!this.away)
        logger.warn({ err: error }, 'the change feed cannot be read: nothing is answered from memory');
      this.away = true;
    }
  }

  private async read(): Promise<void> {
    const { database, stopwatch } = this.parts;
    const startedAt = stopwatch.now();
    const after = this.readTo ?? Number.MAX_SAFE_INTEGER;
    // A reading that takes longer than it can be relied upon is worth nothing: better try again on another connection.
    const rows = await database.within(this.readWithinMs).rows<FeedRow>(READ_FEED, [after]);
    const [first] = rows;
    if (first === undefined) throw new Error('The change feed has no head: its migration has not been run.');
    const entries = rows.filter(({ position }) => position !== null);
    if (this.readTo !== null && this.readTo + entries.length === first.head) {
      this.tell(entries);
      if (entries.length > 0) for (const reader of this.readers) reader.read(entries);
    } else {
      for (const listener of this.listeners) listener.reset();
      for (const reader of this.readers) reader.missed();
    }
    this.readTo = first.head;
    this.readAt = startedAt;
  }
}
