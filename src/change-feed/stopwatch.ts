import type { Clock } from '../shared/clock';

/** A moment, by two clocks. */
export interface Moment {
  readonly monotonic: number;
  readonly wall: number;
}

/**
 * Tells how much time has passed. The monotonic clock cannot be set, but stands still while the machine sleeps; the wall
 * clock goes on, but can be set back. Whichever says more is believed, so that no time is ever missed.
 */
export class Stopwatch {
  constructor(private readonly clock: Clock) {}

  now(): Moment {
    return { monotonic: performance.now(), wall: this.clock() };
  }

  millisecondsSince({ monotonic, wall }: Moment): number {
    return Math.max(performance.now() - monotonic, this.clock() - wall);
  }
}
