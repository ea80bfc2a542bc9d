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

/** Brings the database up to date and opens it. */
export async function openDatabase({
  settings,
  tables,
  logger,
  onStatement,
}: OpenOptions): Promise<Database> {
  const flavour = await detectFlavour(settings);
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
