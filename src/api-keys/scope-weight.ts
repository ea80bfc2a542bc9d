import type { Scope } from '../scopes';

/** How many grants weigh as much as a key. */
const GRANTS_PER_UNIT = 10;

/** How much room a key with this scope takes where keys are remembered, in keys. */
export function weightOf(scope: Scope): number {
  return 1 + Math.floor(scope.grants.length / GRANTS_PER_UNIT);
}
