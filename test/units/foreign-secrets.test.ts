import { expect, test } from '@jest/globals';
import type { Database } from '../../src/database/database';
import { ChangeFeed } from '../../src/change-feed/change-feed';
import { Stopwatch } from '../../src/change-feed/stopwatch';
import { createLogger } from '../../src/shared/logger';
import { ForeignSecrets } from '../../src/verification/foreign-secrets';

const logger = createLogger('silent');
const FRESH_MS = 60_000;

test('what was asked before everything had to be asked anew says nothing of imported keys', async () => {
  const answers: ((rows: readonly object[]) => void)[] = [];
  const database = {
    within: () => ({ rows: async () => [{ head: 1, position: null }] }),
    rows: () => new Promise((resolve) => answers.push(resolve)),
  } as unknown as Database;
  const stopwatch = new Stopwatch(Date.now);
  const feed = new ChangeFeed({ database, stopwatch, maxStalenessMs: FRESH_MS, logger });
  await feed.start();
  const foreignSecrets = new ForeignSecrets(database, feed, logger);
  foreignSecrets.reset();
  // A process beside it imports the first key now, and so much else happens that the feed starts anew.
  foreignSecrets.reset();
  const [first, second] = answers;
  first?.([]);
  second?.([{ selector: '.1' }]);
  await new Promise(setImmediate);
  expect(foreignSecrets.mayExist).toBe(true);
  await feed.stop();
});
