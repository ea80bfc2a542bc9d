import type { Level } from './level';

/** A node of the tree, named by its level and its id. */
export interface ResourceRef {
  readonly level: Level;
  readonly id: string;
}

/** A resource with its ancestors: the resource itself first, its organization last. */
export type Path = readonly ResourceRef[];
