import { describe, expect, test } from '@jest/globals';
import { statusOf, type ApiKeyStatus } from '../../src/api-keys/api-key-status';

const now = 1_700_000_000_000;
const before = now - 1;
const after = now + 1;

describe('the status of a key', () => {
  test.each<[string, number | null, number | null, number | null, ApiKeyStatus]>([
    // Its end by itself, when it was switched off, when it was revoked, and what it is then.
    ['with no end', null, null, null, 'ACTIVE'],
    ['whose end is to come', after, null, null, 'ACTIVE'],
    ['whose end is now', now, null, null, 'EXPIRED'],
    ['whose end is over', before, null, null, 'EXPIRED'],
    ['whose end is at the beginning of time', 0, null, null, 'EXPIRED'],
    ['switched off', null, before, null, 'DISABLED'],
    ['switched off at the beginning of time', null, 0, null, 'DISABLED'],
    ['switched off, whose end is to come', after, before, null, 'DISABLED'],
    ['switched off, whose end is over', before, before, null, 'DISABLED'],
    ['revoked', null, null, before, 'REVOKED'],
    ['revoked at the beginning of time', null, null, 0, 'REVOKED'],
    ['revoked, whose end is to come', after, null, before, 'REVOKED'],
    ['revoked, whose end is over', before, null, before, 'REVOKED'],
    ['revoked and switched off', null, before, before, 'REVOKED'],
    ['revoked and switched off, whose end is over', before, before, before, 'REVOKED'],
  ])('%s (%p, %p, %p) is %s', (_, expiresAt, disabledAt, revokedAt, status) => {
    expect(statusOf({ expiresAt, disabledAt, revokedAt }, now)).toBe(status);
  });

  test('goes from ACTIVE to EXPIRED by itself when the time comes', () => {
    const key = { expiresAt: now, disabledAt: null, revokedAt: null };
    expect([before, now, after].map((time) => statusOf(key, time))).toEqual(['ACTIVE', 'EXPIRED', 'EXPIRED']);
  });
});
