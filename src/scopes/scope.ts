import { LEVELS, type Level } from './level';
import type { Path, ResourceRef } from './path';

/** One entry of a scope: the resource that it grants, and with it everything below. */
export type Grant = ResourceRef;

/** The widest grant of a scope, or NONE for a scope without grants. */
export type Breadth = Level | 'NONE';

/**
 * What a key, or a narrowed membership, may touch.
 *
 * The one rule of this program: a scope covers a resource when it grants the resource itself or any of its ancestors.
 * A scope without grants covers nothing.
 */
export class Scope {
  static readonly NOTHING = new Scope([]);

  /** Widest level first, each once. */
  readonly grants: readonly Grant[];
  private readonly idsByLevel = new Map<Level, Set<string>>();

  constructor(grants: Iterable<Grant>) {
    for (const { level, id } of grants) {
      const ids = this.idsByLevel.get(level);
      if (ids) ids.add(id);
      else this.idsByLevel.set(level, new Set([id]));
    }
    const listed: Grant[] = [];
    for (const level of LEVELS) {
      for (const id of this.idsByLevel.get(level) ?? []) listed.push({ level, id });
    }
    this.grants = listed;
  }

  covers(path: Path): boolean {
    return path.some((resource) => this.has(resource));
  }

  /** The grants that make this scope cover the end of the path, nearest first. Empty when it is not covered. */
  grantsReaching(path: Path): readonly Grant[] {
    return path.filter((resource) => this.has(resource));
  }

  /** The ids granted at one level, in the order in which they were given. */
  idsAt(level: Level): readonly string[] {
    return Array.from(this.idsByLevel.get(level) ?? []);
  }

  get breadth(): Breadth {
    return LEVELS.find((level) => this.idsByLevel.has(level)) ?? 'NONE';
  }

  /**
   * Attenuation: which of the resources to be granted lie beyond this scope, so that a holder of this scope may not
   * give them away. `granted` holds the path of each grant; none beyond means that the new scope is no wider.
   */
  beyond(granted: Iterable<Path>): readonly Path[] {
    return Array.from(granted).filter((path) => !this.covers(path));
  }

  /** The scope that is left when resources are deleted: their grants go, and nothing takes their place. */
  without(deletedIds: ReadonlySet<string>): Scope {
    return new Scope(this.grants.filter((grant) => !deletedIds.has(grant.id)));
  }

  private has(resource: ResourceRef): boolean {
    return this.idsByLevel.get(resource.level)?.has(resource.id) ?? false;
  }
}
