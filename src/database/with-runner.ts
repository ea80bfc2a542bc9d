import type { DataSource, QueryRunner } from 'typeorm';
import { DeadlineExceeded, within } from './deadline';
import { NotConnected, isUnavailable } from './unavailable';

/** What a driver's connection to a server can do; the embedded database's has none of it. */
interface Connection {
  readonly destroy?: () => void;
  readonly release?: () => void;
  readonly stream?: { readonly destroy: () => void };
}

/**
 * Lends a runner with a connection of its own to the work, until the work is done or its time is over.
 *
 * A connection whose state is not known is ended rather than given back: the pool must not hand it to anybody else.
 *
 * @throws DeadlineExceeded when the time is over. The work can then send no further statement.
 */
export async function withRunner<T>(
  dataSource: DataSource,
  expiresAt: number,
  work: (runner: QueryRunner) => Promise<T>,
): Promise<T> {
  const remainingMs = expiresAt - performance.now();
  if (remainingMs <= 0) throw new DeadlineExceeded('No time is left.');
  const runner = dataSource.createQueryRunner();
  const borrowed: { connection?: Connection } = {};
  const connected = runner.connect().then(
    (connection: Connection) => {
      borrowed.connection = connection;
    },
    (cause: unknown) => {
      throw new NotConnected('The database gave no connection.', { cause });
    },
  );
  try {
    return await within(
      remainingMs,
      connected.then(() => work(runner)),
    );
  } catch (error) {
    if (isUnavailable(error)) {
      if (borrowed.connection) endConnection(borrowed.connection);
      else giveBackWhenItComes(connected, borrowed);
    }
    throw error;
  } finally {
    await runner.release();
  }
}

/**
 * Ends a connection whose state is not known. Without a farewell to the server, which may not answer it for as long as it
 * does not answer the statement.
 */
export function endConnection(connection: Connection): void {
  connection.destroy?.();
  connection.stream?.destroy();
}

/** A connection that comes late has seen no statement, so it is as good as any. */
function giveBackWhenItComes(connected: Promise<void>, borrowed: { connection?: Connection }): void {
  connected.then(
    () => borrowed.connection?.release?.(),
    () => undefined,
  );
}
