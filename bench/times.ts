import { median } from './median';
import type { Figures, Measurement } from './scenario';

/**
 * How many times as much was measured of one as of another. It is taken of each round, and of those the median: what else the
 * machine does changes from round to round, and meets those alike that are measured in the same one.
 */
export function times(one: Measurement, other: Measurement, figure: (of: Figures) => number): number {
  const ofRounds = one.rounds.flatMap((round, index) => {
    const same = other.rounds[index];
    return same === undefined ? [] : [figure(round) / figure(same)];
  });
  return median(ofRounds);
}
