import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { GatheredLines } from '../../src/shared/log-destination';
import { createLogger, type Logger } from '../../src/shared/logger';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

/** A logger, and what it has written by now: the messages of each write. */
function gathered(): { logger: Logger; written: () => string[][] } {
  const writes: string[] = [];
  const logger = createLogger('info', new GatheredLines({ write: (lines) => void writes.push(lines) }));
  const messagesOf = (lines: string) =>
    lines
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { msg: string }).msg);
  return { logger, written: () => writes.map(messagesOf) };
}

describe('lines of the log', () => {
  test('are written at once when they come alone', () => {
    const { logger, written } = gathered();
    logger.info('first');
    expect(written()).toEqual([['first']]);
    jest.advanceTimersByTime(1000);
    logger.info('second');
    expect(written()).toEqual([['first'], ['second']]);
  });

  test('are written together within a tenth of a second when they come close together, and none is left behind', () => {
    const { logger, written } = gathered();
    for (const message of ['first', 'second', 'third']) logger.info(message);
    expect(written()).toEqual([['first']]);
    jest.advanceTimersByTime(100);
    expect(written()).toEqual([['first'], ['second', 'third']]);
    logger.info('fourth');
    jest.advanceTimersByTime(100);
    expect(written()).toEqual([['first'], ['second', 'third'], ['fourth']]);
  });

  test.each(['warn', 'error', 'fatal'] as const)('of level %s wait for nothing', (level) => {
    const { logger, written } = gathered();
    logger.info('first');
    logger.info('second');
    logger.child({ requestId: '1' })[level]('trouble');
    expect(written()).toEqual([['first'], ['second', 'trouble']]);
  });

  test('do not pile up', () => {
    const { logger, written } = gathered();
    logger.info('first');
    const long = 'x'.repeat(1000);
    for (let lines = 0; lines < 100; lines++) logger.info(long);
    const later = written().slice(1);
    expect(later.flat().length).toBeGreaterThan(80);
    for (const lines of later) expect(lines.length).toBeLessThan(20);
  });

  test('that wait are written when they are asked for', () => {
    const { logger, written } = gathered();
    logger.info('first');
    logger.info('second');
    logger.flush();
    expect(written()).toEqual([['first'], ['second']]);
  });
});
