import { Scope, type Grant, type Level, type Path } from '../../src/scopes';

/** Those who act in the lives of keys: all of one customer, but for the outsider, who owns another. */
export const ACTORS = ['owner', 'narrowedAdmin', 'member', 'narrowedMember', 'outsider'] as const;
export type Actor = (typeof ACTORS)[number];

/** An end that lies behind, and others that lie ahead of every run. */
export const PAST = Date.UTC(2024, 0, 1);
export const ENDS_AHEAD = [Date.UTC(2998, 0, 1), Date.UTC(2999, 0, 1)] as const;

interface Place {
  readonly level: Level;
  readonly parentId: string | null;
}

interface Rights {
  readonly organizationId: string;
  readonly managesAll: boolean;
  readonly narrowedTo: Scope | null;
}

export interface ModelKey {
  readonly id: string;
  readonly creator: Actor;
  readonly organizationId: string;
  readonly scope: Scope;
  readonly expiresAt: number | null;
  readonly disabled: boolean;
  readonly revoked: boolean;
  readonly version: number;
  readonly secretKey: string;
  /** The old secret of a rotation with a grace period, until that is ended; over: the period has gone by. */
  readonly oldSecret: { readonly secretKey: string; readonly over: boolean } | null;
}

/** What a list of keys tells of one. */
export interface ListedKey {
  readonly id: string;
  readonly status: string;
  readonly version: number;
  readonly scope: {
    readonly breadth: string;
    readonly organizationId: string | null;
    readonly accountIds: readonly string[];
    readonly widgetIds: readonly string[];
    readonly environmentIds: readonly string[];
  };
}

/** What should be: the tree, the rights of the actors and the keys, by the pure rules of scopes and plain maps. */
export class KeyLifeModel {
  readonly keys = new Map<string, ModelKey>();
  /** Every secret key that was ever shown, with the key that it was shown for. */
  readonly secrets = new Map<string, string>();
  /** Every resource that ever was. */
  readonly seen: Grant[] = [];
  private readonly places = new Map<string, Place>();
  private readonly rights = new Map<Actor, Rights>();

  addResource(level: Level, id: string, parentId: string | null): void {
    this.places.set(id, { level, parentId });
    this.seen.push({ level, id });
  }

  addActor(actor: Actor, organizationId: string, managesAll: boolean, narrowedTo: Scope | null): void {
    this.rights.set(actor, { organizationId, managesAll, narrowedTo });
  }

  /** Makes a key, or changes it. */
  putKey(key: ModelKey): void {
    this.keys.set(key.id, key);
    this.secrets.set(key.secretKey, key.id);
  }

  move(id: string, parentId: string): void {
    const place = this.places.get(id);
    if (place !== undefined) this.places.set(id, { ...place, parentId });
  }

  delete(id: string): void {
    const gone = new Set(this.living().flatMap((grant) => (this.isBelow(grant.id, id) ? [grant.id] : [])));
    for (const each of gone) this.places.delete(each);
    for (const key of this.keys.values()) this.putKey({ ...key, scope: key.scope.without(gone) });
    for (const [actor, rights] of this.rights) {
      this.rights.set(actor, { ...rights, narrowedTo: rights.narrowedTo?.without(gone) ?? null });
    }
  }

  /** The resources that there are now; of one organization, of one level. */
  living(organizationId?: string, level?: Level): readonly Grant[] {
    return Array.from(this.places, ([id, place]) => ({ level: place.level, id })).filter(
      (grant) =>
        (level === undefined || grant.level === level) &&
        (organizationId === undefined || this.pathOf(grant.id).at(-1)?.id === organizationId),
    );
  }

  parentOf(id: string): string | null {
    return this.places.get(id)?.parentId ?? null;
  }

  organizationOf(actor: Actor): string {
    return this.rightsOf(actor).organizationId;
  }

  /** Whether the actor reads a key, and may change it. */
  manages(actor: Actor, key: ModelKey): boolean {
    const { organizationId, managesAll, narrowedTo } = this.rightsOf(actor);
    if (key.organizationId !== organizationId) return false;
    if (key.creator === actor || (managesAll && narrowedTo === null)) return true;
    return managesAll && key.scope.breadth !== 'NONE' && this.reaches(actor, key.scope);
  }

  /** Whether the actor may touch all that a scope grants. */
  reaches(actor: Actor, scope: Scope): boolean {
    return scope.grants.every(({ id }) => this.touches(actor, this.pathOf(id)));
  }

  /** What is said to an actor who wants to give these grants; null: they may. */
  refusalOfGrants(actor: Actor, grants: readonly Grant[]): string | null {
    const { organizationId } = this.rightsOf(actor);
    const paths = grants.map(({ id }) => this.pathOf(id));
    const isRead = (path: Path) =>
      path.at(-1)?.id === organizationId && (path.length === 1 || this.touches(actor, path));
    if (!paths.every(isRead)) return 'NOT_FOUND';
    return paths.every((path) => this.touches(actor, path)) ? null : 'BEYOND_YOUR_SCOPE';
  }

  /** What is said to an actor who wants to change a key at all; null: they may. */
  refusalOfChange(actor: Actor, key: ModelKey): string | null {
    if (!this.manages(actor, key)) return 'NOT_FOUND';
    return key.revoked ? 'REVOKED' : null;
  }

  /** The keys that a list should show to an actor, by id. */
  listedFor(actor: Actor): ListedKey[] {
    return Array.from(this.keys.values())
      .filter((key) => this.manages(actor, key))
      .map(toListed)
      .sort(byId);
  }

  /** The resources that the bearer of a secret key reads; null when it lets nobody in. */
  readBy(secretKey: string): readonly string[] | null {
    const key = this.keys.get(this.secrets.get(secretKey) ?? '');
    if (key === undefined || statusOf(key) !== 'ACTIVE') return null;
    const { secretKey: current, oldSecret } = key;
    const isOld = oldSecret?.secretKey === secretKey && !oldSecret.over;
    if (secretKey !== current && !isOld) return null;
    return this.living()
      .filter(({ id }) => key.scope.covers(this.pathOf(id)))
      .map(({ id }) => id);
  }

  private touches(actor: Actor, path: Path): boolean {
    const { organizationId, narrowedTo } = this.rightsOf(actor);
    return path.at(-1)?.id === organizationId && (narrowedTo === null || narrowedTo.covers(path));
  }

  private isBelow(id: string, ancestorId: string): boolean {
    return this.pathOf(id).some((resource) => resource.id === ancestorId);
  }

  /** Empty for what is gone. */
  private pathOf(id: string): Path {
    const place = this.places.get(id);
    if (place === undefined) return [];
    const above = place.parentId === null ? [] : this.pathOf(place.parentId);
    return [{ level: place.level, id }, ...above];
  }

  private rightsOf(actor: Actor): Rights {
    const rights = this.rights.get(actor);
    if (rights === undefined) throw new Error(`${actor} has no rights.`);
    return rights;
  }
}

function statusOf({ revoked, disabled, expiresAt }: ModelKey): string {
  if (revoked) return 'REVOKED';
  if (disabled) return 'DISABLED';
  return expiresAt === PAST ? 'EXPIRED' : 'ACTIVE';
}

function toListed(key: ModelKey): ListedKey {
  const { id, version, scope } = key;
  return {
    id,
    status: statusOf(key),
    version,
    scope: {
      breadth: scope.breadth,
      organizationId: scope.idsAt('ORGANIZATION')[0] ?? null,
      accountIds: scope.idsAt('ACCOUNT').toSorted(),
      widgetIds: scope.idsAt('WIDGET').toSorted(),
      environmentIds: scope.idsAt('ENVIRONMENT').toSorted(),
    },
  };
}

export function byId(one: { readonly id: string }, other: { readonly id: string }): number {
  return one.id < other.id ? -1 : 1;
}
