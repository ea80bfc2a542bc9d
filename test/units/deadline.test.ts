import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { DeadlineExceeded, within } from '../../src/database/deadline';

const never = new Promise<never>(() => undefined);

describe('waiting for work no longer than a deadline', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  test('gives the result that comes in time, and leaves no timer behind', async () => {
    const work = new Promise((resolve) => setTimeout(resolve, 99, 'done'));
    const result = within(100, work);
    await jest.advanceTimersByTimeAsync(99);
    await expect(result).resolves.toBe('done');
    expect(jest.getTimerCount()).toBe(0);
  });

  test('gives the failure that comes in time as it is, and leaves no timer behind', async () => {
    const failure = new Error('it failed');
    await expect(within(100, Promise.reject(failure))).rejects.toBe(failure);
    expect(jest.getTimerCount()).toBe(0);
  });

  test('ends when the time is over, and not before', async () => {
    const ended = jest.fn();
    const result = within(100, never).catch(ended);
    await jest.advanceTimersByTimeAsync(99);
    expect(ended).not.toHaveBeenCalled();
    await jest.advanceTimersByTimeAsync(1);
    await result;
    expect(ended).toHaveBeenCalledWith(expect.any(DeadlineExceeded));
    expect(jest.getTimerCount()).toBe(0);
  });

  test('says how long it has waited', async () => {
    const ended = expect(within(99.6, never)).rejects.toThrow('No answer within 100 ms.');
    await jest.advanceTimersByTimeAsync(100);
    await ended;
  });

  test('is not troubled by what becomes of the work later', async () => {
    const unhandled = jest.fn();
    process.on('unhandledRejection', unhandled);
    const work = new Promise((_, reject) => setTimeout(reject, 200, new Error('too late')));
    const ended = expect(within(100, work)).rejects.toBeInstanceOf(DeadlineExceeded);
    await jest.advanceTimersByTimeAsync(300);
    await ended;
    jest.useRealTimers();
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });

  test('gives a result that is there already, even when no time is left', async () => {
    await expect(within(0, Promise.resolve('done'))).resolves.toBe('done');
  });

  test('ends at once without time for work that is not done', async () => {
    const ended = expect(within(0, never)).rejects.toBeInstanceOf(DeadlineExceeded);
    await jest.advanceTimersByTimeAsync(1);
    await ended;
  });
});
