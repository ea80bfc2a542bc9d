import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Queue } from '../../src/database/queue';

describe('a queue', () => {
  test('runs one piece of work at a time, in the order in which they came', async () => {
    const lengths = fc.array(fc.nat({ max: 5 }), { minLength: 1, maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(lengths, async (turns) => {
        const queue = new Queue();
        const events: string[] = [];
        const works = turns.map((count, index) =>
          queue.run(async () => {
            events.push(`${index} begins`);
            for (let turn = 0; turn < count; turn++) await Promise.resolve();
            events.push(`${index} ends`);
          }),
        );
        await Promise.all(works);
        expect(events).toEqual(turns.flatMap((_, index) => [`${index} begins`, `${index} ends`]));
      }),
    );
  });

  test('hands each result to whoever asked for it', async () => {
    const queue = new Queue();
    const results = [1, 2, 3].map((number) => queue.run(async () => number));
    await expect(Promise.all(results)).resolves.toEqual([1, 2, 3]);
  });

  test('hands a failure to whoever asked for that work only, and goes on', async () => {
    const queue = new Queue();
    const settled = await Promise.allSettled([
      queue.run(async () => 'before'),
      queue.run(() => Promise.reject(new Error('it failed'))),
      queue.run(() => {
        throw new Error('it did not even begin');
      }),
      queue.run(async () => 'after'),
    ]);
    expect(settled).toEqual([
      { status: 'fulfilled', value: 'before' },
      { status: 'rejected', reason: new Error('it failed') },
      { status: 'rejected', reason: new Error('it did not even begin') },
      { status: 'fulfilled', value: 'after' },
    ]);
  });

  test('takes work again after it had run empty', async () => {
    const queue = new Queue();
    await queue.run(async () => 'first');
    await expect(queue.run(async () => 'second')).resolves.toBe('second');
  });
});
