const DAY_MS = 24 * 60 * 60 * 1000;

/** The days in UTC, numbered. */
export function dayNumber(milliseconds: number): number {
  return Math.floor(milliseconds / DAY_MS);
}

/** A day as 2026-01-31: days are sorted by time when they are sorted as text. */
export function dayName(number: number): string {
  return new Date(number * DAY_MS).toISOString().slice(0, 10);
}
