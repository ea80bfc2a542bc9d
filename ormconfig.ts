import 'reflect-metadata';
import { DataSource } from 'typeorm';
import { readConfig } from './src/config';
import { dataSourceOptions } from './src/database/data-source-options';
import { detectFlavour } from './src/database/flavour';
import { TABLES } from './src/tables';

async function dataSource(): Promise<DataSource> {
  const settings = readConfig(process.env).database;
  return new DataSource(dataSourceOptions({ ...TABLES, settings, flavour: await detectFlavour(settings) }));
}

/**
 * The database of the settings, for the TypeORM command line (`npm run typeorm -- <command>`). Importing this file asks
 * the server what it is, so the program itself uses `src/database/open-database` instead, with the same options.
 */
export default dataSource();
