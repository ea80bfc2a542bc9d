import type { Path } from './path';
import { Scope } from './scope';

/**
 * The narrowest scope that covers the ends of all these paths, of those that a scope covers already: so it is never wider
 * than that. It grants each end itself, unless it grants something above it anyway.
 */
export function narrowestScope(paths: readonly Path[], within: Scope): Scope {
  const covered = paths.filter((path) => within.covers(path));
  const ends = new Scope(covered.flatMap(([end]) => end ?? []));
  return new Scope(
    covered.flatMap(([end, ...above]) => (end === undefined || ends.covers(above) ? [] : [end])),
  );
}
