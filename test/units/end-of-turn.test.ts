import { expect, test } from '@jest/globals';
import { atEndOfTurn } from '../../src/shared/end-of-turn';

test('what waits for the end of a turn goes on there, one right after the other, before anything of the next turn', async () => {
  const seen: string[] = [];
  const note = (text: string) => void seen.push(text);
  setImmediate(() => note('the end of the turn'));
  const all = ['first', 'second', 'third'].map(async (name) => note(await atEndOfTurn(name)));
  const next = new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve))).then(() =>
    note('next'),
  );
  note('now');
  await Promise.all([...all, next]);
  expect(seen).toEqual(['now', 'the end of the turn', 'first', 'second', 'third', 'next']);
});

test('what comes later waits for the end of its own turn', async () => {
  expect(await atEndOfTurn('one')).toBe('one');
  expect(await atEndOfTurn('another')).toBe('another');
});
