import type { Path, ResourceRef } from '../scopes';

/** Whether a path leads through all of these resources. */
export function liesIn(path: Path, resources: readonly ResourceRef[]): boolean {
  return resources.every(({ level, id }) => path.some((above) => above.level === level && above.id === id));
}
