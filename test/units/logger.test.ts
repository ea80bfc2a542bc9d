import { Writable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { QueryFailedError } from 'typeorm';
import { createLogger, type Logger, type LogLevel } from '../../src/shared/logger';

const SECRET = 'sg_a1B2c3D4e5F6_not-to-be-seen';

/** The lines that a logger of some level writes during the work. */
function linesOf(work: (logger: Logger) => void, level: LogLevel = 'info'): Record<string, unknown>[] {
  const written: string[] = [];
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      written.push(chunk.toString());
      done();
    },
  });
  work(createLogger(level, destination));
  return written.map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('a log line', () => {
  test('is one JSON object, with its level by name and its time in ISO 8601', () => {
    const lines = linesOf((logger) => logger.info({ status: 200 }, 'a line\nthat breaks'));
    expect(lines).toEqual([
      { level: 'info', time: expect.any(String), status: 200, msg: 'a line\nthat breaks' },
    ]);
    expect(lines[0]?.['time']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  test('is left out below the level that is set', () => {
    const write = (logger: Logger) => {
      logger.debug('small');
      logger.warn('large');
    };
    expect(linesOf(write, 'warn').map(({ msg }) => msg)).toEqual(['large']);
    expect(linesOf(write, 'silent')).toEqual([]);
  });
});

describe('a secret never appears in a line', () => {
  const NAMES = [
    'authorization',
    'x-api-key',
    'x-router-secret',
    'x-router-authorization',
    'x-router-user',
    'secretKey',
    'token',
    'password',
  ];

  test.each(NAMES)('under the name %s, wherever it slips in', (name) => {
    const secret = { [name]: SECRET };
    const lines = linesOf((logger) => {
      logger.info(secret);
      logger.info({ headers: secret }, 'headers');
      logger.info({ req: { headers: secret } }, 'a request');
      logger.info({ variables: { input: secret } }, 'variables');
      logger.info({ items: [secret] }, 'a list');
      logger.child(secret).info('bound');
      logger.child({ req: { headers: secret } }).info('bound deeper');
    });
    expect(lines).toHaveLength(7);
    expect(JSON.stringify(lines)).not.toContain(SECRET);
  });

  test('when it hangs on an error', () => {
    const error = Object.assign(
      new Error('it failed', { cause: Object.assign(new Error('why'), { SECRET }) }),
      {
        code: 'EFAIL',
        request: { headers: { anything: SECRET } },
      },
    );
    const [line] = linesOf((logger) => logger.error({ err: error }, 'a request failed'));
    expect(line).toMatchObject({
      msg: 'a request failed',
      err: { type: 'Error', message: 'it failed: why', code: 'EFAIL', stack: expect.stringContaining('why') },
    });
    expect(JSON.stringify(line)).not.toContain(SECRET);
  });

  test('among the values of a statement that failed', () => {
    const driverError = Object.assign(new Error('Lock wait timeout exceeded'), {
      code: 'ER_LOCK_WAIT_TIMEOUT',
      sql: `UPDATE api_keys SET name = '${SECRET}'`,
    });
    const failed = new QueryFailedError('UPDATE api_keys SET name = ?', [SECRET], driverError);
    const lines = linesOf((logger) => {
      logger.error({ err: failed }, 'a request failed');
      logger.warn({ err: driverError }, 'statement failed');
      logger.error(failed);
    });
    expect(JSON.stringify(lines)).not.toContain(SECRET);
    expect(lines.map(({ err }) => err)).toEqual(
      Array(3).fill(expect.objectContaining({ code: 'ER_LOCK_WAIT_TIMEOUT' })),
    );
  });
});
