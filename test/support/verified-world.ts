import type { AuditAction } from '../../src/audit/audit-event';
import type { FeedEntry } from '../../src/change-feed/feed-entry';
import { LEVELS, Scope, depthOf, levelAt, type Path } from '../../src/scopes';
import { followPath, type KeyFacts, type Place } from '../../src/verification/facts';

/** Ids that come and go, four at each level. The first digit is the depth. */
const IDS = LEVELS.flatMap((_, depth) => [1, 2, 3, 4].map((number) => `${depth}${number}`));

/** Selectors that a key from elsewhere may bring along. */
const FOREIGN_SELECTORS = ['.1', '.2', '.3'];

/** Of several things, the one that a number stands for. */
function pick<Thing>(things: readonly Thing[], number: number): Thing | undefined {
  return things[number % things.length];
}

/**
 * A database in memory, small enough that things meet: keys and a tree, with the entries in the change feed that the
 * program would make for each change.
 */
export class VerifiedWorld {
  private readonly places = new Map<string, Place>();
  private keys: KeyFacts[] = [];
  private count = 0;

  /** What may be asked about, whether it is there or not. */
  get selectors(): readonly string[] {
    return [...FOREIGN_SELECTORS, ...this.keys.map(({ selector }) => selector)];
  }

  get ids(): readonly string[] {
    return IDS;
  }

  keyOf(selector: string): KeyFacts | null {
    return this.keys.find((key) => key.selector === selector) ?? null;
  }

  pathOf(id: string): Path | null {
    return followPath(id, (next) => this.places.get(next));
  }

  /** A resource with all above it, as it is read. */
  placesOn(id: string): readonly Place[] {
    return (this.pathOf(id) ?? []).flatMap((resource) => this.places.get(resource.id) ?? []);
  }

  createResource(first: number, second: number): FeedEntry[] {
    const place = this.newPlace(first, second);
    if (place === null) return [];
    const action = place.level === 'ORGANIZATION' ? 'ORGANIZATION_CREATED' : 'RESOURCE_CREATED';
    return [{ action, organizationId: place.organizationId, subjectId: place.id }];
  }

  moveResource(first: number, second: number): FeedEntry[] {
    const { organizationId, id } = this.moved(first, second) ?? {};
    if (id === undefined || organizationId === undefined) return [];
    return [{ action: 'RESOURCE_MOVED', organizationId, subjectId: id }];
  }

  deleteResource(first: number): FeedEntry[] {
    const place = pick([...this.places.values()], first);
    if (place === undefined) return [];
    this.remove(place);
    const { organizationId, id: subjectId } = place;
    const whole = place.level === 'ORGANIZATION';
    return [{ action: whole ? 'ORGANIZATION_DELETED' : 'RESOURCE_DELETED', organizationId, subjectId }];
  }

  /** Some of each at once, as a platform tells it: what is deleted can be made anew elsewhere, in the same call. */
  sync(first: number, second: number): FeedEntry[] {
    const deleted = pick([...this.places.values()], first + second);
    if (deleted !== undefined && first % 3 > 0) this.remove(deleted);
    const changed = [
      deleted,
      this.newPlace(first, second),
      this.newPlace(second, first),
      this.moved(second, first),
    ];
    const organizations = new Set(changed.flatMap((place) => place?.organizationId ?? []));
    return Array.from(organizations, (organizationId) => ({
      action: 'RESOURCES_SYNCED',
      organizationId,
      subjectId: organizationId,
    }));
  }

  createKey(first: number, second: number): FeedEntry[] {
    return this.newKey('API_KEY_CREATED', `s${this.count}`, first, second);
  }

  importKey(first: number, second: number): FeedEntry[] {
    const free = FOREIGN_SELECTORS.filter((selector) => this.keyOf(selector) === null);
    return this.newKey('API_KEY_IMPORTED', pick(free, first) ?? `s${this.count}`, first, second);
  }

  changeKey(first: number, second: number): FeedEntry[] {
    const actions: AuditAction[] = [
      'API_KEY_UPDATED',
      'API_KEY_DISABLED',
      'API_KEY_REVOKED',
      'API_KEY_LEAKED',
    ];
    return this.alter(pick(actions, second) ?? 'API_KEY_UPDATED', first, (key) => ({
      ...key,
      name: `changed ${this.count}`,
      scope: this.scopeIn(key.organizationId, second),
      revokedAt: second % 2 === 0 ? null : this.count,
    }));
  }

  rotateKey(first: number): FeedEntry[] {
    const old = pick(this.keys, first);
    const entries = this.alter('API_KEY_ROTATED', first, (key) => ({ ...key, secretExpiresAt: this.count }));
    if (old !== undefined) this.keys.push({ ...old, selector: `s${this.count++}`, secretExpiresAt: null });
    return entries;
  }

  private newKey(action: AuditAction, selector: string, first: number, second: number): FeedEntry[] {
    const organization = pick(this.at(0), first);
    if (organization === undefined) return [];
    const key: KeyFacts = {
      selector,
      digest: selector,
      pepperVersion: 1,
      source: 'GENERATED',
      secretExpiresAt: null,
      id: `key ${this.count++}`,
      organizationId: organization.id,
      name: 'new',
      metadata: null,
      expiresAt: null,
      disabledAt: null,
      revokedAt: null,
      limits: null,
      scope: this.scopeIn(organization.id, second),
    };
    this.keys.push(key);
    return [{ action, organizationId: organization.id, subjectId: key.id }];
  }

  /** Changes what all secrets of a key open. */
  private alter(action: AuditAction, number: number, to: (key: KeyFacts) => KeyFacts): FeedEntry[] {
    const chosen = pick(this.keys, number);
    if (chosen === undefined) return [];
    this.count++;
    this.keys = this.keys.map((key) => (key.id === chosen.id ? to(key) : key));
    return [{ action, organizationId: chosen.organizationId, subjectId: chosen.id }];
  }

  private scopeIn(organizationId: string, number: number): Scope {
    const within = [...this.places.values()].filter((place) => place.organizationId === organizationId);
    return new Scope(within.filter((_, index) => (number >> (index % 8)) % 2 === 1));
  }

  private newPlace(first: number, second: number): Place | null {
    const id = pick(
      IDS.filter((candidate) => !this.places.has(candidate)),
      first,
    );
    if (id === undefined) return null;
    const depth = Number(id[0]);
    const parent = depth === 0 ? null : pick(this.at(depth - 1), second);
    if (parent === undefined) return null;
    const place = {
      id,
      level: levelAt(depth),
      organizationId: parent?.organizationId ?? id,
      parentId: parent?.id ?? null,
    };
    this.places.set(id, place);
    return place;
  }

  /** Only widgets and environments move, and they stay in their organization. */
  private moved(first: number, second: number): Place | null {
    const place = pick([...this.at(2), ...this.at(3)], first);
    if (place === undefined) return null;
    const parents = this.at(depthOf(place.level) - 1);
    const parent = pick(
      parents.filter(({ organizationId }) => organizationId === place.organizationId),
      second,
    );
    if (parent === undefined) return null;
    this.places.set(place.id, { ...place, parentId: parent.id });
    return place;
  }

  /** With everything below it, and the grants of it; with an organization go its keys. */
  private remove({ id }: Place): void {
    const gone = new Set(
      [...this.places.keys()].filter((below) => this.pathOf(below)?.some((at) => at.id === id)),
    );
    for (const below of gone) this.places.delete(below);
    this.keys = this.keys
      .filter(({ organizationId }) => organizationId !== id)
      .map((key) => ({ ...key, scope: key.scope.without(gone) }));
  }

  private at(depth: number): readonly Place[] {
    return [...this.places.values()].filter(({ level }) => depthOf(level) === depth);
  }
}
