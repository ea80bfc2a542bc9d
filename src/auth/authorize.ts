import { Scope, type Path } from '../scopes';
import type {
  Membership,
  Principal,
  Role,
  ServicePermission,
  ServicePrincipal,
  UserPrincipal,
} from './principal';
import { ApiError, unauthenticated } from '../shared/errors';

/**
 * A set of API keys, said in terms that a query can select by: those of one organization, all of them or only one, only
 * those that a user made, or only those whose whole scope lies within what a membership is narrowed to (and those that the
 * user made). The membership is named rather than what it is narrowed to, which can be more than a statement can hold.
 */
export interface KeyRange {
  readonly organizationId: string;
  readonly keyId?: string;
  readonly creatorId?: string;
  readonly withinMembership?: string;
}

/**
 * What a user may do in an organization, by their role there. `whole` actions concern all of the organization, so a
 * narrowed membership does not allow them.
 */
export const ACTIONS = {
  'api-keys:create': { roles: ['OWNER', 'ADMIN', 'MEMBER'], whole: false },
  'api-keys:create-despite-policy': { roles: ['OWNER', 'ADMIN'], whole: false },
  'api-keys:follow': { roles: ['OWNER', 'ADMIN', 'MEMBER'], whole: false },
  'api-keys:import': { roles: ['OWNER', 'ADMIN'], whole: false },
  'resources:change': { roles: ['OWNER', 'ADMIN'], whole: false },
  'organization:delete': { roles: ['OWNER'], whole: true },
  'policy:read': { roles: ['OWNER', 'ADMIN', 'MEMBER'], whole: false },
  'policy:update': { roles: ['OWNER'], whole: true },
  'people:read': { roles: ['OWNER', 'ADMIN'], whole: true },
  'people:change': { roles: ['OWNER'], whole: true },
  'audit-events:read': { roles: ['OWNER', 'ADMIN'], whole: true },
  'webhooks:change': { roles: ['OWNER', 'ADMIN'], whole: true },
} as const satisfies Record<string, { roles: readonly Role[]; whole: boolean }>;

export type Action = keyof typeof ACTIONS;

/** Which children of a resource: all, or those among these ids. */
export type ReadableChildren = 'ALL' | readonly string[];

/**
 * The one door to permissions: what the caller may do is decided here, and nowhere else.
 *
 * What is not permitted here is forbidden, and what a caller may not read does not exist for it.
 */
export class Permissions {
  /** Made when it is first needed: each resource that is shown is asked about, and there can be hundreds of both. */
  private membershipsByOrganization: ReadonlyMap<string, Membership> | null = null;

  /** @param principal null: a caller without a credential, who may do nothing */
  constructor(private principal: Principal | null) {}

  /** Takes the caller's rights as they are after a change of the caller's own. */
  renew(principal: Principal): void {
    this.principal = principal;
    this.membershipsByOrganization = null;
  }

  /** The caller, if it is a person: only people manage keys, resources and each other. */
  requireUser(): UserPrincipal {
    if (this.principal === null) throw unauthenticated();
    if (this.principal.kind === 'USER') return this.principal;
    throw new ApiError('FORBIDDEN', 'Only a user may do this, with a token of their own.');
  }

  /** The caller, if it is a service that may do this. */
  requireService(permission: ServicePermission): Principal {
    if (this.principal === null) throw unauthenticated();
    if (this.principal.kind === 'SERVICE' && mayAsService(this.principal, permission)) return this.principal;
    throw new ApiError(
      'FORBIDDEN',
      `Only a service may do this, with "${permission}" in the scope of its token.`,
    );
  }

  /** Whether a service may verify the keys of an organization: one that it is bound to, or any if it is bound to none. */
  mayVerifyKeysOf(organizationId: string | undefined): boolean {
    const { principal } = this;
    if (principal?.kind !== 'SERVICE' || organizationId === undefined) return false;
    if (!principal.permissions.includes('api-keys:verify')) return false;
    return principal.organizationIds === null || principal.organizationIds.includes(organizationId);
  }

  /** Whether the caller may give an organization without owners its first: one that a platform's service has brought in. */
  mayAppointFirstOwner(): boolean {
    return this.principal?.kind === 'SERVICE' && mayAsService(this.principal, 'resources:sync');
  }

  /** Whether the caller may do something in an organization. */
  may(action: Action, organizationId: string): boolean {
    const membership = this.membershipIn(organizationId);
    if (membership === undefined) return false;
    const { roles, whole }: { roles: readonly Role[]; whole: boolean } = ACTIONS[action];
    return roles.includes(membership.role) && (!whole || membership.narrowedTo === null);
  }

  /** Whether a user's own reach covers the resource, so that they may give it to a key, or change it. */
  mayTouch(path: Path): boolean {
    const membership = this.membershipIn(path.at(-1)?.id);
    return membership !== undefined && reaches(membership, path);
  }

  /** Whether the resource may be renamed, moved or deleted, and have children added. */
  mayChangeResource(path: Path): boolean {
    const organization = path.at(-1);
    return organization !== undefined && this.may('resources:change', organization.id) && this.mayTouch(path);
  }

  /** Whether the events of a key may be read where the key may: by people, since events hold addresses of theirs. */
  mayReadEventsOfKeys(): boolean {
    return this.principal?.kind === 'USER';
  }

  /** Whether it may be read what a key is used for where the key may: by people, and not by whoever has found its secret. */
  mayReadUseOfKeys(): boolean {
    return this.principal?.kind === 'USER';
  }

  /** The API keys that may be changed. */
  manageableKeys(): readonly KeyRange[] {
    return this.principal?.kind === 'USER' ? this.readableKeys() : [];
  }

  /**
   * Users read the organizations that they belong to, and in them what their membership is not narrowed away from. API
   * keys read what their scope covers. Services read nothing.
   */
  mayReadResource(path: Path): boolean {
    const resource = path[0];
    const organization = path.at(-1);
    if (resource === undefined || organization === undefined) return false;
    switch (this.principal?.kind) {
      case 'USER': {
        const membership = this.membershipIn(organization.id);
        return membership !== undefined && (resource === organization || reaches(membership, path));
      }
      case 'API_KEY':
        return this.principal.scope.covers(path);
      default:
        return false;
    }
  }

  /** Whether each and every resource of an organization may be read, so that nobody needs to ask about one of them. */
  mayReadAllOf(organizationId: string): boolean {
    const whole: Path = [{ level: 'ORGANIZATION', id: organizationId }];
    return this.principal?.kind === 'API_KEY' ? this.principal.scope.covers(whole) : this.mayTouch(whole);
  }

  /** Of a resource that may be read, the children that may be read too. */
  readableChildren(path: Path): ReadableChildren {
    switch (this.principal?.kind) {
      case 'USER': {
        const membership = this.membershipIn(path.at(-1)?.id);
        if (membership === undefined) return [];
        return reaches(membership, path) ? 'ALL' : idsOf(membership.narrowedTo);
      }
      case 'API_KEY':
        return this.principal.scope.covers(path) ? 'ALL' : idsOf(this.principal.scope);
      default:
        return [];
    }
  }

  readableOrganizationIds(): readonly string[] {
    switch (this.principal?.kind) {
      case 'USER':
        return this.principal.memberships.map((membership) => membership.organizationId);
      case 'API_KEY':
        return this.principal.scope.idsAt('ORGANIZATION');
      default:
        return [];
    }
  }

  /** The API keys that may be read, in one organization or in all. */
  readableKeys(organizationId?: string): readonly KeyRange[] {
    const ranges = Array.from(this.keyRanges());
    return organizationId === undefined
      ? ranges
      : ranges.filter((range) => range.organizationId === organizationId);
  }

  /**
   * Owners and admins read every key of the organization, or, when their membership is narrowed, every key that lies
   * within it whole. Members read the keys that they made. A key reads itself, a service none.
   */
  private *keyRanges(): Iterable<KeyRange> {
    switch (this.principal?.kind) {
      case 'USER':
        for (const { id, organizationId, role, narrowedTo } of this.principal.memberships) {
          if (role === 'MEMBER') yield { organizationId, creatorId: this.principal.id };
          else if (narrowedTo === null) yield { organizationId };
          else yield { organizationId, withinMembership: id, creatorId: this.principal.id };
        }
        return;
      case 'API_KEY':
        yield { organizationId: this.principal.organizationId, keyId: this.principal.id };
        return;
      default:
        return;
    }
  }

  private membershipIn(organizationId: string | undefined): Membership | undefined {
    if (this.principal?.kind !== 'USER' || organizationId === undefined) return undefined;
    this.membershipsByOrganization ??= new Map(
      this.principal.memberships.map((membership) => [membership.organizationId, membership]),
    );
    return this.membershipsByOrganization.get(organizationId);
  }
}

/** The tree of all organizations is synced as one, so that a service which is bound to some may not. */
function mayAsService(
  { permissions, organizationIds }: ServicePrincipal,
  permission: ServicePermission,
): boolean {
  return permissions.includes(permission) && (permission !== 'resources:sync' || organizationIds === null);
}

function reaches(membership: Membership, path: Path): boolean {
  return membership.narrowedTo === null || membership.narrowedTo.covers(path);
}

function idsOf(scope: Scope | null): readonly string[] {
  return (scope ?? Scope.NOTHING).grants.map((grant) => grant.id);
}
