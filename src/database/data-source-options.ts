import libsql from 'libsql';
import mysql, { type PoolOptions } from 'mysql2';
import type { DataSourceOptions } from 'typeorm';
import type { Flavour } from './flavour';
import type { StatementLog } from './statement-log';

export interface DatabaseSettings {
  readonly url: string | null;
  readonly file: string;
  readonly tls: boolean;
  readonly poolSize: number;
}

interface Parts {
  readonly flavour: Flavour;
  readonly settings: DatabaseSettings;
  readonly entities: readonly (new () => object)[];
  readonly migrations: readonly (new () => object)[];
  readonly log?: StatementLog;
  readonly readonly?: boolean;
  /** After how long a server gives up on a statement by itself. Without it, never: migrations may take their time. */
  readonly statementTimeoutMs?: number;
}

/** How long to wait at most for a connection, or for the file's lock where the database is embedded. */
const CONNECT_TIMEOUT_MS = 5000;

/**
 * What a transaction reads after it has taken a lock is as it is since then. The servers' own default shows it as it was
 * when the transaction began, so that what is written would be decided by what others have changed meanwhile.
 */
const READ_COMMITTED = 'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED';

/** What TypeORM needs to know to open one of the databases that this program runs on. */
export function dataSourceOptions(parts: Parts): DataSourceOptions {
  // Beyond the statement's time nobody waits any more, and an attempt that goes on keeps a place in the pool.
  const connectTimeoutMs = Math.min(CONNECT_TIMEOUT_MS, parts.statementTimeoutMs ?? CONNECT_TIMEOUT_MS);
  const common = {
    entities: [...parts.entities],
    migrations: [...parts.migrations],
    migrationsTableName: 'migrations',
    synchronize: false,
    ...(parts.log && { logger: parts.log, logging: true }),
  };
  return parts.flavour === 'better-sqlite3'
    ? { ...common, ...embeddedOptions(parts.settings, parts.readonly ?? false, connectTimeoutMs) }
    : {
        ...common,
        ...serverOptions(parts.settings, parts.flavour, connectTimeoutMs, parts.statementTimeoutMs),
      };
}

function embeddedOptions({ file }: DatabaseSettings, readonly: boolean, timeout: number) {
  return {
    type: 'better-sqlite3' as const,
    driver: libsql,
    database: file,
    readonly,
    timeout,
    enableWAL: !readonly,
    prepareDatabase: (database: libsql.Database) => {
      database.pragma('synchronous = NORMAL');
    },
  };
}

function serverOptions(
  { url, tls, poolSize }: DatabaseSettings,
  flavour: 'mysql' | 'mariadb',
  connectTimeout: number,
  statementTimeoutMs: number | undefined,
) {
  const perConnection =
    statementTimeoutMs === undefined
      ? []
      : [READ_COMMITTED, `SET SESSION ${statementTimeout(flavour, statementTimeoutMs)}`];
  return {
    type: flavour,
    driver: { ...mysql, createPool: (options: PoolOptions) => createPool(options, perConnection) },
    ...(url !== null && { url }),
    ...(tls && { ssl: {} }),
    charset: 'utf8mb4_bin',
    timezone: 'Z',
    connectTimeout,
    poolSize,
    bigNumberStrings: false,
    extra: { enableKeepAlive: true },
  };
}

function createPool(options: PoolOptions, perConnection: readonly string[]): mysql.Pool {
  const pool = mysql.createPool(options);
  pool.on('connection', (connection) => {
    for (const statement of perConnection) connection.query(statement, () => undefined);
  });
  return pool;
}

function statementTimeout(flavour: 'mysql' | 'mariadb', milliseconds: number): string {
  return flavour === 'mariadb'
    ? `max_statement_time = ${milliseconds / 1000}`
    : `max_execution_time = ${milliseconds}`;
}
