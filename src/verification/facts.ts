import type { KeyLimits } from '../api-keys/limits/key-limits';
import type { StoredSecret } from '../api-keys/secrets/secret-key';
import { LEVELS, type Level, type Path, type ResourceRef, type Scope } from '../scopes';

/** What verification knows of a secret, and of the key that it opens. Times are in milliseconds. */
export interface KeyFacts extends StoredSecret {
  /** The end of a rotation's overlap; null: the secret is the key's current one. */
  readonly secretExpiresAt: number | null;
  readonly id: string;
  readonly organizationId: string;
  readonly name: string;
  /** What the maker keeps with the key. */
  readonly metadata: object | null;
  readonly expiresAt: number | null;
  readonly disabledAt: number | null;
  readonly revokedAt: number | null;
  /** How often the key may be used; null: without limits. */
  readonly limits: KeyLimits | null;
  readonly scope: Scope;
}

/** Where a resource is in the tree. */
export interface Place {
  readonly id: string;
  readonly level: Level;
  readonly organizationId: string;
  /** Null for an organization. */
  readonly parentId: string | null;
}

/** What facts are needed of. */
export interface Wanted {
  readonly selectors: readonly string[];
  readonly resourceIds: readonly string[];
}

/** What is known of keys and of the tree: null where there is nothing, undefined where it is not known. */
export interface Knowledge {
  key(selector: string): KeyFacts | null | undefined;
  path(resourceId: string): Path | null | undefined;
}

/** What the questions of a verification are decided by. All of it was so at one moment. */
export class Facts implements Knowledge {
  private readonly keys = new Map<string, KeyFacts | null>();
  private readonly paths = new Map<string, Path | null>();

  /** The key of a selector; null when there is none. */
  key(selector: string): KeyFacts | null {
    return this.keys.get(selector) ?? null;
  }

  /** The path of a resource; null when there is none. */
  path(resourceId: string): Path | null {
    return this.paths.get(resourceId) ?? null;
  }

  addKey(selector: string, key: KeyFacts | null): void {
    this.keys.set(selector, key);
  }

  addPath(resourceId: string, path: Path | null): void {
    this.paths.set(resourceId, path);
  }
}

/** The path of a resource, followed from place to place; null where one of them is not known. */
export function followPath(id: string, placeOf: (id: string) => Place | null | undefined): Path | null {
  const path: ResourceRef[] = [];
  for (let next: string | null = id; next !== null;) {
    const place: Place | null | undefined = placeOf(next);
    // A broken tree must not turn the path into a circle.
    if (place == null || path.length === LEVELS.length) return null;
    path.push({ level: place.level, id: place.id });
    next = place.parentId;
  }
  return path;
}
