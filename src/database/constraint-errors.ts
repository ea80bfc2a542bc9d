import { QueryFailedError } from 'typeorm';

const DUPLICATE_CODES = new Set(['ER_DUP_ENTRY', 'SQLITE_CONSTRAINT_PRIMARYKEY', 'SQLITE_CONSTRAINT_UNIQUE']);
const MISSING_REFERENCE_CODES = new Set(['ER_NO_REFERENCED_ROW_2', 'SQLITE_CONSTRAINT_FOREIGNKEY']);
const DEADLOCK_CODES = new Set(['ER_LOCK_DEADLOCK', 'ER_CHECKREAD']);

/** Whether a row of that key, or of that unique value, is there already. */
export function isDuplicate(error: unknown): boolean {
  return DUPLICATE_CODES.has(codeOf(error));
}

/** Whether a row refers to another that is not there, or no longer. */
export function isMissingReference(error: unknown): boolean {
  return MISSING_REFERENCE_CODES.has(codeOf(error));
}

/** Whether the database gave a transaction up to let another go on. It can be run again. */
export function isDeadlock(error: unknown): boolean {
  return DEADLOCK_CODES.has(codeOf(error));
}

function codeOf(error: unknown): string {
  if (!(error instanceof QueryFailedError)) return '';
  const { code } = error.driverError as { code?: unknown };
  return typeof code === 'string' ? code : '';
}
