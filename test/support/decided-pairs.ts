import type { SecretKeys } from '../../src/api-keys/secrets/secret-key';
import type { Random } from '../../src/demo/seeding/random';
import type { KeyDescription, Tenancy } from '../../src/demo/tenancy';
import type { ResourceEntity } from '../../src/resources/resource-entity';
import { Scope, levelAt, type Path, type ResourceRef } from '../../src/scopes';
import { decide, type DecidedKey, type Decision } from '../../src/verification/decide';
import { newId } from '../../src/shared/ids';

/** A secret key, or what passes for one, and what the scope and the state of its key say. */
export interface DecidingKey {
  readonly secretKey: string;
  /** What is answered without looking at a key; null: there is one. */
  readonly refused: 'INVALID_FORMAT' | 'NOT_FOUND' | null;
  readonly key: (DecidedKey & { readonly id: string }) | null;
}

export interface Pair {
  readonly held: DecidingKey;
  readonly resource: ResourceRef | null;
}

/** What is expected of every channel. */
export interface Expected extends Omit<Decision, 'code'> {
  readonly code: Decision['code'];
  readonly keyId: string | null;
}

const HOUR_MS = 60 * 60 * 1000;
const CREATOR = { id: 'owner@example', email: 'owner@example' };
const STATES: readonly Partial<KeyDescription>[] = [
  {},
  {},
  {},
  {},
  {},
  {},
  { expiresAt: Date.now() + 24 * HOUR_MS },
  { expiresAt: Date.now() - HOUR_MS },
  { disabledAt: Date.now() - HOUR_MS },
  { revokedAt: Date.now() - HOUR_MS },
  { disabledAt: Date.now() - HOUR_MS, expiresAt: Date.now() - HOUR_MS },
];

/** Several customers with keys of every breadth and state, and what the pure rule says of any key and any resource. */
export class DecidedPairs {
  private readonly resources: ResourceEntity[] = [];
  private readonly pathsById = new Map<string, Path>();
  private readonly held: DecidingKey[] = [];

  constructor(
    private readonly tenancy: Tenancy,
    private readonly secretKeys: SecretKeys,
    private readonly random: Random,
  ) {
    for (let number = 0; number < 3; number++) this.addCustomer(number);
    for (let number = 0; number < 4; number++) this.addNoKeys();
  }

  pick(): Pair {
    const held = this.random.pick(this.held);
    return { held, resource: this.pickResource(held.key?.organizationId) };
  }

  /** By the module of scopes and the rule of decisions alone, on the tree as it was generated. */
  expected({ held, resource }: Pair): Expected {
    const { key, refused } = held;
    if (key === null)
      return { code: refused ?? 'NOT_FOUND', keyId: null, grantedBy: null, missingGrant: null };
    const path = resource && (this.pathsById.get(resource.id) ?? null);
    return { ...decide(key, resource, path, Date.now()), keyId: key.id };
  }

  /** Sometimes none, one that is nowhere, or one that is named by another level than its own. */
  private pickResource(organizationId: string | undefined): ResourceRef | null {
    const chance = this.random.next();
    if (chance < 0.03) return null;
    const own = this.resources.filter((resource) => resource.organizationId === organizationId);
    const { id, level } = this.random.pick(chance < 0.7 && own.length > 0 ? own : this.resources);
    if (chance < 0.07) return { level: levelAt(level), id: newId() };
    return { level: levelAt(chance < 0.1 ? this.random.between(0, 3) : level), id };
  }

  private addCustomer(number: number): void {
    const organization = this.tenancy.organization(`Customer ${number}`, `customer-${number}`);
    const tree = this.withAllBelow(organization, []);
    for (let level = 0; level < 4; level++) {
      for (const state of STATES) {
        const within = tree.filter((resource) => resource.level >= level);
        const widest = this.random.pick(within.filter((resource) => resource.level === level));
        this.addKey(organization, [widest, ...this.random.sample(within, this.random.between(0, 4))], state);
      }
    }
    for (const state of STATES) this.addKey(organization, [], state);
  }

  private withAllBelow(resource: ResourceEntity, above: Path): ResourceEntity[] {
    const path = [{ level: levelAt(resource.level), id: resource.id }, ...above];
    this.resources.push(resource);
    this.pathsById.set(resource.id, path);
    if (resource.level === 3) return [resource];
    const children = Array.from({ length: this.random.between(2, 4) }, (_, index) =>
      this.tenancy.child(resource, `${resource.name} ${index}`),
    );
    return [resource, ...children.flatMap((child) => this.withAllBelow(child, path))];
  }

  private addKey(
    organization: ResourceEntity,
    granted: readonly ResourceEntity[],
    state: Partial<KeyDescription>,
  ): void {
    const { secretKey, stored } = this.secretKeys.generate();
    const grants = [...new Set(granted)];
    const description = { organization, name: 'Key', creator: CREATOR, grants, secret: stored, ...state };
    const { id, organizationId, expiresAt, disabledAt, revokedAt } = this.tenancy.apiKey(description);
    const scope = new Scope(grants.map((resource) => ({ level: levelAt(resource.level), id: resource.id })));
    const key = { id, organizationId, expiresAt, disabledAt, revokedAt, scope };
    this.held.push({ secretKey, refused: null, key });
  }

  /** Something that has not the form of a key, and a good secret that nobody was given. */
  private addNoKeys(): void {
    const { secretKey } = this.secretKeys.generate();
    this.held.push({ secretKey, refused: 'NOT_FOUND', key: null });
    this.held.push({ secretKey: `${secretKey.slice(0, -1)}-`, refused: 'INVALID_FORMAT', key: null });
  }
}
