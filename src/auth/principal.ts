import type { Scope } from '../scopes';

export const ROLES = ['OWNER', 'ADMIN', 'MEMBER'] as const;
export type Role = (typeof ROLES)[number];

export const SERVICE_PERMISSIONS = ['api-keys:verify', 'resources:sync', 'federation:route'] as const;
export type ServicePermission = (typeof SERVICE_PERMISSIONS)[number];

/** A user's place in an organization. */
export interface Membership {
  readonly id: string;
  readonly organizationId: string;
  readonly userId: string;
  readonly role: Role;
  /** What the membership is narrowed to; null when it reaches the whole organization. */
  readonly narrowedTo: Scope | null;
  readonly createdAt: number;
}

export interface UserRights {
  readonly memberships: readonly Membership[];
  /** The position of the change feed at which they were so. */
  readonly readAt: number;
}

/** A person, known by the `sub` and `email` of their token. */
export interface UserPrincipal extends UserRights {
  readonly kind: 'USER';
  readonly id: string;
  readonly email: string | null;
}

/** A program of the platform, with the permissions that its token's `scope` claim holds. */
export interface ServicePrincipal {
  readonly kind: 'SERVICE';
  readonly id: string;
  readonly permissions: readonly ServicePermission[];
  /** The organizations that the service is bound to; null: it serves all. */
  readonly organizationIds: readonly string[] | null;
}

/** A caller with a secret key: it reads what the key's scope covers, and the key itself. */
export interface ApiKeyPrincipal {
  readonly kind: 'API_KEY';
  readonly id: string;
  readonly organizationId: string;
  readonly scope: Scope;
  /** The position of the change feed at which the key was so. */
  readonly readAt: number;
}

/** Who calls. */
export type Principal = UserPrincipal | ServicePrincipal | ApiKeyPrincipal;
