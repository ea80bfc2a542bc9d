import DataLoader from 'dataloader';

/**
 * A loader that reads once for all who ask in one turn of the event loop. It reads when all of them have come, and keeps
 * nothing: nobody is told what was so before they asked.
 *
 * @param most for how many of them it reads at once
 */
export function loadByTurn<Key, Value>(
  read: (keys: readonly Key[]) => Promise<readonly Value[]>,
  most: number,
): DataLoader<Key, Value> {
  return new DataLoader(read, {
    cache: false,
    batchScheduleFn: (send) => setImmediate(send),
    maxBatchSize: most,
  });
}
