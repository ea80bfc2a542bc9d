import { ApiKeyEntity } from '../api-keys/api-key-entity';
import { ApiKeyGrantEntity } from '../api-keys/api-key-grant-entity';
import { ApiKeySecretEntity } from '../api-keys/secrets/api-key-secret-entity';
import type { StoredSecret } from '../api-keys/secrets/secret-key';
import { MembershipEntity } from '../auth/membership-entity';
import { MembershipGrantEntity } from '../auth/membership-grant-entity';
import type { Role } from '../auth/principal';
import type { Transaction } from '../database/transaction';
import { ResourceEntity } from '../resources/resource-entity';
import { foldName } from '../shared/folded-name';
import { newId } from '../shared/ids';
import { ApiKeyUsageEntity } from '../verification/usage/api-key-usage-entity';
import { dayName, dayNumber } from '../verification/usage/usage-day';
import { usageId } from '../verification/usage/usage-id';
import type { VerificationCode } from '../verification/verification-code';

export interface User {
  readonly id: string;
  readonly email: string;
}

/** What is said of a key; the rest has defaults. */
export interface KeyDescription extends Partial<
  Pick<ApiKeyEntity, 'createdAt' | 'expiresAt' | 'disabledAt' | 'revokedAt'>
> {
  readonly organization: ResourceEntity;
  readonly name: string;
  readonly description?: string;
  readonly creator: User;
  readonly grants: readonly ResourceEntity[];
  readonly secret?: Omit<StoredSecret, 'source'>;
}

/** How often a key was verified on a day. */
export interface UseDescription {
  /** A time on that day. For VALID, the key was last used then, if not later. */
  readonly at: number;
  readonly resource: ResourceEntity | null;
  readonly code: VerificationCode;
  readonly uses: number;
}

/**
 * Rows of tenants, collected in memory and then written in bulk. The demo, the seeder and the tests are made of it. It
 * asks for no rights and keeps no record, so the program itself never acts through it.
 */
export class Tenancy {
  private resources: ResourceEntity[] = [];
  private memberships: MembershipEntity[] = [];
  private membershipGrants: MembershipGrantEntity[] = [];
  private apiKeys: ApiKeyEntity[] = [];
  private apiKeyGrants: ApiKeyGrantEntity[] = [];
  private apiKeySecrets: ApiKeySecretEntity[] = [];
  private usage: ApiKeyUsageEntity[] = [];

  /** @param now when everything is said to have been made */
  constructor(private readonly now: number) {}

  /** How many rows have been collected. */
  get size(): number {
    const keys = this.apiKeys.length + this.apiKeyGrants.length + this.apiKeySecrets.length;
    const people = this.memberships.length + this.membershipGrants.length;
    return this.resources.length + people + keys + this.usage.length;
  }

  organization(name: string, slug: string): ResourceEntity {
    const id = newId();
    return this.resource({ id, organizationId: id, level: 0, parentId: null, parentLevel: null, slug, name });
  }

  /** Adds a resource of the level below. */
  child({ id, organizationId, level }: ResourceEntity, name: string): ResourceEntity {
    const parent = { organizationId, parentId: id, parentLevel: level };
    return this.resource({ id: newId(), ...parent, level: level + 1, slug: null, name });
  }

  membership(
    organization: ResourceEntity,
    user: User,
    role: Role,
    narrowedTo: readonly ResourceEntity[] | null = null,
  ): MembershipEntity {
    const membership: MembershipEntity = {
      id: newId(),
      organizationId: organization.id,
      userId: user.id,
      role,
      narrowed: narrowedTo !== null,
      createdAt: this.now,
      modifiedAt: this.now,
    };
    this.memberships.push(membership);
    const grants = (narrowedTo ?? []).map((resource) => ({
      membershipId: membership.id,
      ...grantOf(resource),
    }));
    this.membershipGrants.push(...grants);
    return membership;
  }

  apiKey(description: KeyDescription): ApiKeyEntity {
    const { organization, name, creator, grants, secret, createdAt = this.now } = description;
    const key: ApiKeyEntity = {
      id: newId(),
      organizationId: organization.id,
      name,
      nameFolded: foldName(name),
      description: description.description ?? '',
      creatorId: creator.id,
      creatorEmail: creator.email,
      modifiedBy: creator.id,
      createdAt,
      modifiedAt: createdAt,
      expiresAt: description.expiresAt ?? null,
      disabledAt: description.disabledAt ?? null,
      revokedAt: description.revokedAt ?? null,
      revocationReason: null,
      metadata: null,
      expiringToldFor: null,
      expiredToldFor: null,
      lastUsedAt: null,
      limits: null,
      version: 1,
    };
    this.apiKeys.push(key);
    this.apiKeyGrants.push(...grants.map((resource) => ({ apiKeyId: key.id, ...grantOf(resource) })));
    if (secret) {
      const place = { organizationId: organization.id, apiKeyId: key.id };
      this.apiKeySecrets.push({ ...secret, ...place, source: 'GENERATED', createdAt, expiresAt: null });
    }
    return key;
  }

  /** Adds that a key was verified: once for each day, resource and code. */
  use(key: ApiKeyEntity, { at, resource, code, uses }: UseDescription): void {
    const resourceId = resource?.id ?? '';
    this.usage.push({
      apiKeyId: key.id,
      day: dayName(dayNumber(at)),
      id: usageId(resourceId, code),
      resourceId,
      code,
      organizationId: key.organizationId,
      uses,
    });
    if (code === 'VALID') key.lastUsedAt = Math.max(at, key.lastUsedAt ?? at);
  }

  /** Writes what has been collected. A transaction that is tried again may do so again. */
  async write(transaction: Transaction): Promise<void> {
    await transaction.insert(ResourceEntity, this.resources);
    await transaction.insert(MembershipEntity, this.memberships);
    await transaction.insert(MembershipGrantEntity, this.membershipGrants);
    await transaction.insert(ApiKeyEntity, this.apiKeys);
    await transaction.insert(ApiKeyGrantEntity, this.apiKeyGrants);
    await transaction.insert(ApiKeySecretEntity, this.apiKeySecrets);
    await transaction.insert(ApiKeyUsageEntity, this.usage);
  }

  /** Forgets what has been collected, once it is written, so that more can be. */
  clear(): void {
    this.resources = [];
    this.memberships = [];
    this.membershipGrants = [];
    this.apiKeys = [];
    this.apiKeyGrants = [];
    this.apiKeySecrets = [];
    this.usage = [];
  }

  private resource(columns: Omit<ResourceEntity, 'nameFolded' | 'createdAt' | 'modifiedAt'>): ResourceEntity {
    const nameFolded = foldName(columns.name);
    const resource = { ...columns, nameFolded, createdAt: this.now, modifiedAt: this.now };
    this.resources.push(resource);
    return resource;
  }
}

function grantOf({ organizationId, id, level }: ResourceEntity) {
  return { organizationId, resourceId: id, level };
}
