import { DataSource } from 'typeorm';
import { readConfig } from '../../src/config';
import { dataSourceOptions } from '../../src/database/data-source-options';
import { detectFlavour } from '../../src/database/flavour';
import { TABLES } from '../../src/tables';
import type { TestDatabase } from './test-database';

/** TypeORM itself on a database, for tests of the schema. The program goes through `openDatabase`. */
export async function openDataSource({ environment }: TestDatabase): Promise<DataSource> {
  const settings = readConfig(environment).database;
  const flavour = await detectFlavour(settings);
  return new DataSource(dataSourceOptions({ ...TABLES, settings, flavour })).initialize();
}
