/** The levels of the resource tree, widest first: each resource belongs to exactly one of the level before. */
export const LEVELS = ['ORGANIZATION', 'ACCOUNT', 'WIDGET', 'ENVIRONMENT'] as const;

export type Level = (typeof LEVELS)[number];

/** How far below the root a level lies: 0 for an organization, 3 for an environment. */
export function depthOf(level: Level): number {
  return LEVELS.indexOf(level);
}

/** The level at a depth. Throws a RangeError for a depth that the tree does not have. */
export function levelAt(depth: number): Level {
  const level = LEVELS[depth];
  if (level === undefined)
    throw new RangeError(`The tree has depths 0 to ${LEVELS.length - 1}, not ${depth}.`);
  return level;
}
