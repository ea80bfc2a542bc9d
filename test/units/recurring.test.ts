import { describe, expect, test } from '@jest/globals';
import { createLogger } from '../../src/shared/logger';
import { Recurring } from '../../src/shared/recurring';
import { eventually } from '../support/eventually';

describe('recurring work', () => {
  const logged: string[] = [];
  const logger = createLogger('error', { write: (line) => logged.push(line) });
  /** Work whose runs end when they are told to. */
  const steppedWork = (everyMs: number) => {
    const runs: { finish: () => void; fail: (error: Error) => void }[] = [];
    const run = () =>
      new Promise<void>((resolve, reject) => {
        runs.push({ finish: resolve, fail: reject });
      });
    return { runs, recurring: new Recurring({ name: 'stepped', everyMs, run, logger }) };
  };
  const untilThereAre = (runs: readonly unknown[], count: number) =>
    eventually(async () => expect(runs).toHaveLength(count));

  test('it never runs twice at once, and runs once more when it was woken meanwhile', async () => {
    const { runs, recurring } = steppedWork(3_600_000);
    recurring.start();
    recurring.wake();
    recurring.wake();
    expect(runs).toHaveLength(1);
    runs[0]?.finish();
    await untilThereAre(runs, 2);
    runs[1]?.finish();
    await recurring.stop();
    expect(runs).toHaveLength(2);
  });

  test('a run that fails is logged, and the next one comes', async () => {
    const { runs, recurring } = steppedWork(5);
    recurring.start();
    runs[0]?.fail(new Error('The database is away.'));
    await untilThereAre(runs, 2);
    expect(logged.join()).toContain('The database is away.');
    runs[1]?.finish();
    await untilThereAre(runs, 3);
    runs[2]?.finish();
    await recurring.stop();
  });

  test('a stop waits for the run under way, and no other comes', async () => {
    const { runs, recurring } = steppedWork(5);
    recurring.start();
    let stopped = false;
    const stopping = recurring.stop().then(() => {
      stopped = true;
    });
    recurring.wake();
    await Promise.resolve();
    expect(stopped).toBe(false);
    runs[0]?.finish();
    await stopping;
    recurring.wake();
    expect(runs).toHaveLength(1);
  });

  test('work that is switched off never runs', async () => {
    const { runs, recurring } = steppedWork(0);
    recurring.start();
    recurring.wake();
    await recurring.stop();
    expect(runs).toEqual([]);
  });
});
