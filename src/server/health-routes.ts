import type { FastifyInstance } from 'fastify';
import type { Database } from '../database/database';
import { serviceUnavailable } from '../shared/errors';

export interface Health {
  readonly database: Database;
  /** Whether the process has been told to stop, and wants no more requests sent to it. */
  readonly isStopping: () => boolean;
}

/** `/health/live`: the process runs. `/health/ready`: it can answer, which needs the database. */
export function registerHealthRoutes(app: FastifyInstance, { database, isStopping }: Health): void {
  app.get('/health/live', () => ({ status: 'ok' }));
  app.get('/health/ready', async () => {
    if (isStopping()) throw serviceUnavailable('stopping');
    await database.rows('SELECT 1');
    return { status: 'ok' };
  });
}
