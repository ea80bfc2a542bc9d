import type { Pool, PoolConnection, QueryError } from 'mysql2';
import { QueryFailedError, type DataSource } from 'typeorm';
import { DeadlineExceeded } from './deadline';
import type { SqlValue } from './sql';
import { NotConnected, isUnavailable } from './unavailable';
import { endConnection, withRunner } from './with-runner';

/** Runs single reading statements. */
export interface Reader {
  /**
   * Runs one statement and returns its rows as plain objects.
   *
   * @param expiresAt when nobody waits for them any more, by the clock of `performance.now()`
   * @throws DeadlineExceeded when they do not come until then
   */
  rows(sql: string, values: readonly SqlValue[], expiresAt: number): Promise<unknown[]>;
}

export function readerOf(dataSource: DataSource): Reader {
  const { pool } = dataSource.driver as { readonly pool?: Pool };
  return pool === undefined ? new EmbeddedReader(dataSource) : new PoolReader(dataSource, pool);
}

class EmbeddedReader implements Reader {
  constructor(private readonly dataSource: DataSource) {}

  async rows(sql: string, values: readonly SqlValue[], expiresAt: number): Promise<unknown[]> {
    const run = async (runner: { query(text: string, values: unknown[]): Promise<unknown> }) =>
      (await runner.query(sql, [...values])) as unknown[];
    return withRunner(this.dataSource, expiresAt, run);
  }
}

/**
 * Reads on the connections that TypeORM has opened, without what it does around each statement: runners, events and
 * structured results cost as much as the statement does. A connection whose state is not known is ended rather than given
 * back: the pool must not hand it to anybody else.
 */
class PoolReader implements Reader {
  constructor(
    private readonly dataSource: DataSource,
    private readonly pool: Pool,
  ) {}

  rows(sql: string, values: readonly SqlValue[], expiresAt: number): Promise<unknown[]> {
    const remainingMs = expiresAt - performance.now();
    if (remainingMs <= 0) return Promise.reject(new DeadlineExceeded('No time is left.'));
    return new Promise((resolve, reject) => {
      const reading = new Reading(resolve, reject, remainingMs);
      this.pool.getConnection((error, connection) => {
        if (error) reading.fail(new NotConnected('The database gave no connection.', { cause: error }));
        else if (reading.lend(connection)) this.query(sql, values, connection, reading);
        // One that comes late has seen no statement, so it is as good as any.
        else connection.release();
      });
    });
  }

  private query(
    sql: string,
    values: readonly SqlValue[],
    connection: PoolConnection,
    reading: Reading,
  ): void {
    const { logger } = this.dataSource;
    logger.logQuery(sql);
    connection.query(sql, [...values], (error: QueryError | null, rows: unknown) => {
      if (error === null) {
        reading.end(rows as unknown[]);
      } else {
        logger.logQueryError(error, sql);
        reading.fail(new QueryFailedError(sql, undefined, error));
      }
    });
  }
}

/** One statement, until its rows are there or its time is over. */
class Reading {
  private connection: PoolConnection | null = null;
  private over = false;
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly resolve: (rows: unknown[]) => void,
    private readonly reject: (error: Error) => void,
    milliseconds: number,
  ) {
    const late = () => this.fail(new DeadlineExceeded(`No answer within ${Math.round(milliseconds)} ms.`));
    this.timer = setTimeout(late, milliseconds);
  }

  /** @returns whether it is still wanted */
  lend(connection: PoolConnection): boolean {
    if (!this.over) this.connection = connection;
    return !this.over;
  }

  end(rows: unknown[]): void {
    if (this.isOver()) return;
    this.connection?.release();
    this.resolve(rows);
  }

  fail(error: Error): void {
    if (this.isOver()) return;
    if (this.connection !== null) {
      if (isUnavailable(error)) endConnection(this.connection);
      else this.connection.release();
    }
    this.reject(error);
  }

  private isOver(): boolean {
    const before = this.over;
    this.over = true;
    clearTimeout(this.timer);
    return before;
  }
}
