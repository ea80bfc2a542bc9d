import type { DataSource, QueryRunner } from 'typeorm';
import { OutcomeUnknown, serviceUnavailable } from '../shared/errors';
import { isDeadlock } from './constraint-errors';
import { DeadlineExceeded, within } from './deadline';
import { Queue } from './queue';
import { readerOf, type Reader } from './reader';
import type { SqlValue } from './sql';
import { Transaction } from './transaction';
import { isUnavailable } from './unavailable';
import { withRunner } from './with-runner';

/** Where rows can be read from: the database, or a transaction. */
export interface RowSource {
  rows<Row>(sql: string, values: readonly SqlValue[]): Promise<Row[]>;
}

/** How often a transaction is tried that keeps losing deadlocks. */
const MAX_ATTEMPTS = 5;

export interface Connections {
  readonly writer: DataSource;
  /**
   * The embedded database reads on a connection of its own: TypeORM runs SQLite on one shared connection, where a read
   * would see what an open transaction has not committed yet. On a server the two are the same pool.
   */
  readonly reader: DataSource;
}

/**
 * The door to the database: every read and every transaction passes here.
 *
 * Whatever happens to the database, a caller gets a result, or an ApiError SERVICE_UNAVAILABLE, within the deadline.
 * Statements of one request share one deadline: see `forRequest`.
 */
export class Database {
  private constructor(
    private readonly connections: Connections,
    private readonly reader: Reader,
    private readonly deadlineMs: number,
    /** Only where overlapping transactions would nest: on the one connection of the embedded database. */
    private readonly writes: Queue | null,
    private readonly expiresAt: number | null,
  ) {}

  static over(connections: Connections, deadlineMs: number): Database {
    const embedded = connections.writer.options.type === 'better-sqlite3';
    return new Database(
      connections,
      readerOf(connections.reader),
      deadlineMs,
      embedded ? new Queue() : null,
      null,
    );
  }

  /** The same door, for one request: its deadline starts now and holds for all of its statements together. */
  forRequest(): Database {
    const { connections, reader, deadlineMs, writes } = this;
    return new Database(connections, reader, deadlineMs, writes, performance.now() + deadlineMs);
  }

  /** The same door, with a deadline of its own for each statement and each transaction, unless the usual one is earlier. */
  within(deadlineMs: number): Database {
    const { connections, reader, writes, expiresAt } = this;
    return new Database(connections, reader, Math.min(deadlineMs, this.deadlineMs), writes, expiresAt);
  }

  /** Runs one reading statement and returns its rows as plain objects. */
  async rows<Row>(sql: string, values: readonly SqlValue[] = []): Promise<Row[]> {
    try {
      return (await this.reader.rows(sql, values, this.expiry())) as Row[];
    } catch (error) {
      throw isUnavailable(error) ? serviceUnavailable(error) : error;
    }
  }

  /**
   * Runs the work in one transaction: all of it is kept, or, when it throws, nothing. Work that lost a deadlock is run
   * again, so it must have no effect outside the transaction.
   */
  async transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const expiresAt = this.expiry();
    for (let attempt = 1; ; attempt++) {
      const commit = new Commit();
      try {
        return await this.attempt(work, commit, expiresAt);
      } catch (error) {
        if (isUnavailable(error)) throw commit.sent ? new OutcomeUnknown(error) : serviceUnavailable(error);
        if (!isDeadlock(error)) throw error;
        if (attempt === MAX_ATTEMPTS) throw serviceUnavailable(error);
      }
    }
  }

  /**
   * Closes all connections, and does not wait longer for a server that does not answer than for a statement. A connection
   * that was still being made, and is not to be had, is as good as closed.
   */
  async close(): Promise<void> {
    for (const dataSource of new Set([this.connections.reader, this.connections.writer])) {
      await within(this.deadlineMs, dataSource.destroy()).catch(unlessUnavailable);
    }
  }

  private async attempt<T>(
    work: (transaction: Transaction) => Promise<T>,
    commit: Commit,
    expiresAt: number,
  ): Promise<T> {
    const { writer } = this.connections;
    const run = (runner: QueryRunner) => inTransaction(runner, work, commit, expiresAt);
    if (this.writes === null) return withRunner(writer, expiresAt, run);
    // Only the caller stops waiting at the deadline. The next transaction waits until this one is over, since it would
    // otherwise become a part of it.
    const queued = this.writes.run(() => run(writer.createQueryRunner()));
    try {
      return await within(expiresAt - performance.now(), queued);
    } catch (error) {
      if (error instanceof DeadlineExceeded) commit.giveUp();
      throw error;
    }
  }

  private expiry(): number {
    return this.expiresAt ?? performance.now() + this.deadlineMs;
  }
}

/**
 * The end of a transaction: either its COMMIT is sent, after which an error does not tell whether it was kept, or its caller
 * has given it up, after which it must not be. The clock alone cannot tell: a timer can go off a little before its time.
 */
class Commit {
  private state: 'OPEN' | 'SENT' | 'GIVEN_UP' = 'OPEN';

  get sent(): boolean {
    return this.state === 'SENT';
  }

  /** @throws DeadlineExceeded when the caller has been told that nothing was changed */
  send(): void {
    if (this.state === 'GIVEN_UP') throw new DeadlineExceeded('The transaction was given up.');
    this.state = 'SENT';
  }

  giveUp(): void {
    if (this.state === 'OPEN') this.state = 'GIVEN_UP';
  }
}

async function inTransaction<T>(
  runner: QueryRunner,
  work: (transaction: Transaction) => Promise<T>,
  commit: Commit,
  expiresAt: number,
): Promise<T> {
  assertTimeIsLeft(expiresAt);
  await runner.startTransaction();
  try {
    const result = await work(new Transaction(runner));
    assertTimeIsLeft(expiresAt);
    commit.send();
    await runner.commitTransaction();
    return result;
  } catch (error) {
    if (runner.isTransactionActive) await runner.rollbackTransaction();
    throw error;
  }
}

function unlessUnavailable(error: unknown): void {
  if (!isUnavailable(error)) throw error;
}

function assertTimeIsLeft(expiresAt: number): void {
  if (performance.now() >= expiresAt) throw new DeadlineExceeded('The time of the transaction is over.');
}
