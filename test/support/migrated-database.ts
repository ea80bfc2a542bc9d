import { readConfig } from '../../src/config';
import type { Database } from '../../src/database/database';
import { openDatabase } from '../../src/database/open-database';
import { createLogger } from '../../src/shared/logger';
import { TABLES } from '../../src/tables';
import type { TestDatabase } from './test-database';

/** Brings a database up to date and opens it, as the program does when it starts. */
export async function openMigrated({ environment }: TestDatabase): Promise<Database> {
  const settings = readConfig(environment).database;
  return openDatabase({ settings, tables: TABLES, logger: createLogger('silent') });
}
