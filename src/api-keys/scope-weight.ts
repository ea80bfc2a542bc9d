/** How many grants weigh as much as a key. */
const GRANTS_PER_UNIT = 10;

/** How much room a key with so many grants takes where keys are remembered, in keys. */
export function weightOf(grants: number): number {
  return 1 + Math.floor(grants / GRANTS_PER_UNIT);
}
