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
  // A member of a cluster that does not take part for now, and a server that has become a replica.
  'ER_UNKNOWN_COM_ERROR',
  'ER_OPTION_PREVENTS_STATEMENT',
  'ER_READ_ONLY_MODE',
  'SQLITE_BUSY',
]);

/** The same of MariaDB, for which the driver knows no names: a connection was killed, a statement took too long. */
const UNAVAILABLE_NUMBERS = new Set([1927, 1969]);

/** No connection could be had, for whatever reason: without one, no statement can have been wrong. */
export class NotConnected extends Error {
  override readonly name = 'NotConnected';
}

/** Whether an error says that the database is away or too slow, rather than that a statement was wrong. */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof DeadlineExceeded || error instanceof NotConnected) return true;
  const cause: unknown = error instanceof QueryFailedError ? error.driverError : error;
  if (typeof cause !== 'object' || cause === null) return false;
  const { code, errno, fatal } = cause as { code?: unknown; errno?: unknown; fatal?: unknown };
  if (fatal === true || (typeof errno === 'number' && UNAVAILABLE_NUMBERS.has(errno))) return true;
  return typeof code === 'string' && UNAVAILABLE_CODES.has(code);
}
