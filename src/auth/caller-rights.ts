import type DataLoader from 'dataloader';
import { loadByTurn } from '../database/batch-by-turn';
import type { Database } from '../database/database';
import { findRights } from './membership-repository';
import type { UserRights } from './principal';

/** How many users one statement is asked for. */
const MAX_USERS = 100;

/** Reads what users may do who call. Those who call in one turn of the event loop cost one statement together. */
export class CallerRights {
  private readonly loader: DataLoader<string, UserRights>;

  constructor(database: Database) {
    this.loader = loadByTurn((userIds) => findRights(database.forRequest(), userIds), MAX_USERS);
  }

  /** @throws ApiError SERVICE_UNAVAILABLE when that cannot be told */
  async of(userId: string): Promise<UserRights> {
    return this.loader.load(userId);
  }
}
