import type { Logger as TypeOrmLogger } from 'typeorm';
import type { Logger } from '../shared/logger';

/** Told the text of each statement that is sent to the database, never its values. */
export type StatementObserver = (sql: string) => void;

/** Hands TypeORM's logging to ours. The values of statements are left out: they can hold names, emails and digests. */
export class StatementLog implements TypeOrmLogger {
  constructor(
    private readonly logger: Logger,
    private readonly observe: StatementObserver = () => undefined,
  ) {}

  logQuery(sql: string): void {
    this.observe(sql);
    this.logger.debug({ sql }, 'statement');
  }

  logQueryError(error: string | Error, sql: string): void {
    this.logger.warn({ err: error, sql }, 'statement failed');
  }

  logQuerySlow(milliseconds: number, sql: string): void {
    this.logger.warn({ milliseconds, sql }, 'statement was slow');
  }

  logSchemaBuild(message: string): void {
    this.logger.debug(message);
  }

  logMigration(message: string): void {
    this.logger.info(message);
  }

  log(level: 'log' | 'info' | 'warn', message: unknown): void {
    this.logger[level === 'warn' ? 'warn' : 'debug'](String(message));
  }
}
