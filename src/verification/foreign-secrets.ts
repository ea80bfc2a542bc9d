import type { ChangeFeed, FeedListener } from '../change-feed/change-feed';
import type { FeedEntry } from '../change-feed/feed-entry';
import type { Database } from '../database/database';
import type { Logger } from '../shared/logger';
import { hasImportedSecrets } from './read-facts';

/**
 * Knows whether there are keys that were brought in from elsewhere. While there are none, what does not have our form is no
 * key, and needs no look-up; once there are, a secret key can look like anything.
 */
export class ForeignSecrets implements FeedListener {
  private exist: boolean | null = null;
  private resets = 0;

  constructor(
    private readonly database: Database,
    private readonly feed: ChangeFeed,
    private readonly logger: Logger,
  ) {}

  /** Whether something that does not have our form may be a key, as far as is known. */
  get mayExist(): boolean {
    return this.exist !== false || !this.feed.isFresh;
  }

  changed(entries: readonly FeedEntry[]): void {
    if (entries.some(({ action }) => action === 'API_KEY_IMPORTED')) this.exist = true;
  }

  reset(): void {
    this.exist = null;
    void this.lookUp(++this.resets);
  }

  private async lookUp(resets: number): Promise<void> {
    try {
      const exist = await hasImportedSecrets(this.database);
      // An import may have been told of since the question was sent; or missed, so that it was sent once more.
      if (resets === this.resets) this.exist ??= exist;
    } catch (error) {
      this.logger.warn(
        { err: error },
        'it is not known whether keys were imported: all that comes is looked up',
      );
    }
  }
}
