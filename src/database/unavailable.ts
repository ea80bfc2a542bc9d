import { QueryFailedError } from 'typeorm';
import { DeadlineExceeded } from './deadline';

/** Codes with which the drivers say that the database cannot be reached, or has no room for us now. */
const UNAVAILABLE_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
  'PROTOCOL_CONNECTION_LOST',
  'PROTOCOL_SEQUENCE_TIMEOUT',
  'POOL_CLOSED',
  'ER_CON_COUNT_ERROR',
  'ER_TOO_MANY_USER_CONNECTIONS',
  'ER_SERVER_SHUTDOWN',
  'ER_NORMAL_SHUTDOWN',
  'ER_CONNECTION_KILLED',
  'ER_QUERY_INTERRUPTED',
  'ER_QUERY_TIMEOUT',
  'ER_STATEMENT_TIMEOUT',
  'ER_LOCK_WAIT_TIMEOUT',
  'SQLITE_BUSY',
]);

/** Whether an error says that the database is away or too slow, rather than that a statement was wrong. */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof DeadlineExceeded) return true;
  const cause: unknown = error instanceof QueryFailedError ? error.driverError : error;
  if (!(cause instanceof Error)) return false;
  const { code, fatal } = cause as { code?: unknown; fatal?: unknown };
  return fatal === true || (typeof code === 'string' && UNAVAILABLE_CODES.has(code));
}
