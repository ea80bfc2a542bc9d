import DataLoader from 'dataloader';
import type { Database } from '../database/database';
import { findRights } from './membership-repository';
import type { UserRights } from './principal';

/** How many users one statement is asked for. */
const MAX_USERS = 100;

/**
 * Reads what users may do who call. Those who call in one turn of the event loop cost one statement together, which is sent
 * when all of them have come: nobody is told what was so before they asked.
 */
export class CallerRights {
  private readonly loader: DataLoader<string, UserRights>;

  constructor(database: Database) {
    this.loader = new DataLoader((userIds) => findRights(database.forRequest(), userIds), {
      cache: false,
      batchScheduleFn: (send) => setImmediate(send),
      maxBatchSize: MAX_USERS,
    });
  }

  /** @throws ApiError SERVICE_UNAVAILABLE when that cannot be told */
  async of(userId: string): Promise<UserRights> {
    return this.loader.load(userId);
  }
}
