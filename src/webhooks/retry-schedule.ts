const MINUTE_S = 60;
const HOUR_S = 60 * MINUTE_S;

/** How long to wait after each attempt that failed: about three days in all. */
const DELAYS_S = [
  5,
  30,
  2 * MINUTE_S,
  10 * MINUTE_S,
  HOUR_S,
  3 * HOUR_S,
  6 * HOUR_S,
  12 * HOUR_S,
  24 * HOUR_S,
  24 * HOUR_S,
];

/** Deliveries that failed together are spread, so that they do not come together again. */
const JITTER = 0.2;

/** When a delivery is tried again whose attempt of this number (1: the first) failed now; null: never. */
export function nextAttemptAfter(attempt: number, now: number): number | null {
  const delay = DELAYS_S[attempt - 1];
  return delay === undefined ? null : Math.round(now + delay * 1000 * (1 + Math.random() * JITTER));
}
