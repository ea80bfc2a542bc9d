import { describe, expect, test } from '@jest/globals';
import { nextAttemptAfter } from '../../src/webhooks/retry-schedule';

const NOW = Date.UTC(2026, 0, 1);

describe('the times at which a delivery is tried again', () => {
  test('they come later and later, and end after ten', () => {
    const seconds = Array.from({ length: 10 }, (_, index) => {
      const next = nextAttemptAfter(index + 1, NOW);
      return next === null ? 0 : (next - NOW) / 1000;
    });
    const least = [5, 30, 120, 600, 3600, 10_800, 21_600, 43_200, 86_400, 86_400];
    for (const [index, delay] of seconds.entries()) {
      expect(delay).toBeGreaterThanOrEqual(least[index] ?? Infinity);
      expect(delay).toBeLessThanOrEqual((least[index] ?? 0) * 1.2);
    }
    expect(nextAttemptAfter(11, NOW)).toBeNull();
  });

  test('deliveries that failed together do not come together again', () => {
    const times = Array.from({ length: 100 }, () => nextAttemptAfter(6, NOW));
    expect(new Set(times).size).toBeGreaterThan(50);
  });
});
