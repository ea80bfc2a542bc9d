import type { DataSource, QueryRunner } from 'typeorm';
import type { Logger } from '../shared/logger';

const LOCK_WAIT_SECONDS = 60;

/**
 * Runs the migrations that the database lacks, each in a transaction of its own, and closes the data source.
 *
 * Replicas that start together take turns: the server's own lock lets one migrate while the others wait.
 */
export async function migrate(dataSource: DataSource, logger: Logger): Promise<void> {
  await dataSource.initialize();
  try {
    await exclusively(dataSource, async () => {
      const done = await dataSource.runMigrations({ transaction: 'each' });
      if (done.length > 0) logger.info({ migrations: done.map(({ name }) => name) }, 'migrated the database');
    });
  } finally {
    await dataSource.destroy();
  }
}

async function exclusively(dataSource: DataSource, work: () => Promise<void>): Promise<void> {
  if (dataSource.options.type === 'better-sqlite3') return work();
  const runner = dataSource.createQueryRunner();
  try {
    await lock(runner);
    await work();
  } finally {
    await runner.query("DO RELEASE_LOCK('scopegate-migrations')");
    await runner.release();
  }
}

async function lock(runner: QueryRunner): Promise<void> {
  const [row] = (await runner.query(
    `SELECT GET_LOCK('scopegate-migrations', ${LOCK_WAIT_SECONDS}) AS locked`,
  )) as { locked: number }[];
  if (row?.locked !== 1)
    throw new Error(`Another process has been migrating for ${LOCK_WAIT_SECONDS} seconds.`);
}
