import { DataSource } from 'typeorm';
import type { Logger } from '../shared/logger';
import { Database } from './database';
import { dataSourceOptions, type DatabaseSettings } from './data-source-options';
import { detectFlavour } from './flavour';
import { migrate } from './migrate';
import { StatementLog, type StatementObserver } from './statement-log';

export interface OpenOptions {
  readonly settings: DatabaseSettings & { readonly deadlineMs: number };
  readonly tables: {
    readonly entities: readonly (new () => object)[];
    readonly migrations: readonly (new () => object)[];
  };
  readonly logger: Logger;
  readonly onStatement?: StatementObserver;
}

/** The server cannot be reached, or does not let the program in. Of its URL, the message has no more than the place. */
export class DatabaseUnreachable extends Error {
  override readonly name = 'DatabaseUnreachable';

  constructor(url: string, cause: unknown) {
    const { host, pathname } = new URL(url);
    const { message, code } = cause as NodeJS.ErrnoException;
    // An attempt at several addresses of one host fails with a code only.
    const why = message === '' ? code : message;
    super(`the database at ${host}${pathname} cannot be used: ${why}. Check DATABASE_URL.`, { cause });
  }
}

/**
 * Brings the database up to date and opens it.
 *
 * @throws DatabaseUnreachable when it is on a server that cannot be reached
 */
export async function openDatabase({
  settings,
  tables,
  logger,
  onStatement,
}: OpenOptions): Promise<Database> {
  const flavour = await detectFlavour(settings).catch((error: unknown) => {
    throw settings.url === null ? error : new DatabaseUnreachable(settings.url, error);
  });
  const parts = { flavour, settings, ...tables, log: new StatementLog(logger, onStatement) };
  await migrate(new DataSource(dataSourceOptions(parts)), logger);

  const limited = { ...parts, statementTimeoutMs: settings.deadlineMs };
  const writer = await new DataSource(dataSourceOptions(limited)).initialize();
  const reader =
    flavour === 'better-sqlite3'
      ? await new DataSource(dataSourceOptions({ ...limited, readonly: true })).initialize()
      : writer;
  return Database.over({ writer, reader }, settings.deadlineMs);
}
