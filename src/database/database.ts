import type { DataSource, QueryRunner } from 'typeorm';
import { serviceUnavailable } from '../shared/errors';
import { DeadlineExceeded, within } from './deadline';
import { Queue } from './queue';
import { Transaction } from './transaction';
import { isUnavailable } from './unavailable';

/** What may be bound to a statement. The embedded database's driver does not survive anything else. */
export type SqlValue = string | number | null;

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
    private readonly deadlineMs: number,
    /** Only where overlapping transactions would nest: on the one connection of the embedded database. */
    private readonly writes: Queue | null,
    private readonly expiresAt: number | null,
  ) {}

  static over(connections: Connections, deadlineMs: number): Database {
    const embedded = connections.writer.options.type === 'better-sqlite3';
    return new Database(connections, deadlineMs, embedded ? new Queue() : null, null);
  }

  /** The same door, for one request: its deadline starts now and holds for all of its statements together. */
  forRequest(): Database {
    return new Database(this.connections, this.deadlineMs, this.writes, performance.now() + this.deadlineMs);
  }

  /** Runs one reading statement and returns its rows as plain objects. */
  async rows<Row>(sql: string, values: readonly SqlValue[] = []): Promise<Row[]> {
    return this.run(
      this.connections.reader,
      async (runner) => (await runner.query(sql, [...values])) as Row[],
    );
  }

  /** Runs the work in one transaction: all of it is kept, or, when it throws, nothing. */
  async transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const write = () => this.run(this.connections.writer, (runner) => inTransaction(runner, work));
    return this.writes ? this.writes.run(write) : write();
  }

  async close(): Promise<void> {
    for (const dataSource of new Set([this.connections.reader, this.connections.writer])) {
      await dataSource.destroy();
    }
  }

  private async run<T>(dataSource: DataSource, work: (runner: QueryRunner) => Promise<T>): Promise<T> {
    const runner = dataSource.createQueryRunner();
    try {
      return await within(
        this.remainingMs(),
        runner.connect().then(() => work(runner)),
      );
    } catch (error) {
      if (error instanceof DeadlineExceeded) abandon(runner);
      throw isUnavailable(error) ? serviceUnavailable(error) : error;
    } finally {
      await runner.release();
    }
  }

  private remainingMs(): number {
    return this.expiresAt === null ? this.deadlineMs : Math.max(0, this.expiresAt - performance.now());
  }
}

async function inTransaction<T>(
  runner: QueryRunner,
  work: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  await runner.startTransaction();
  try {
    const result = await work(new Transaction(runner));
    await runner.commitTransaction();
    return result;
  } catch (error) {
    if (runner.isTransactionActive) await runner.rollbackTransaction();
    throw error;
  }
}

/**
 * Ends the connection of a runner whose statement did not return, since the pool must not hand it out again. A
 * connection that has yet to be made is ended when it comes.
 */
function abandon(runner: QueryRunner): void {
  const destroy = (connection: unknown) => (connection as { destroy?: () => void }).destroy?.();
  runner.connect().then(destroy, () => undefined);
}
