/** An API key as it is read from the database. */
export interface ApiKey {
  readonly id: string;
  readonly organizationId: string;
  readonly name: string;
  readonly description: string;
  readonly creatorId: string;
  readonly creatorEmail: string;
  readonly modifiedBy: string;
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly expiresAt: number | null;
  readonly disabledAt: number | null;
  readonly revokedAt: number | null;
  readonly revocationReason: string | null;
  /** What the maker keeps with the key, as JSON. */
  readonly metadata: string | null;
  /** How often it may be used, as JSON: see `KeyLimits`. */
  readonly limits: string | null;
  /** When the key was last found valid, as far as that has been written. */
  readonly lastUsedAt: number | null;
  readonly version: number;
}

/** The columns of the keys `k`, by the properties in which rows hold them. */
export const API_KEY_COLUMNS = {
  id: 'k.id',
  organizationId: 'k.organization_id',
  name: 'k.name',
  description: 'k.description',
  creatorId: 'k.creator_id',
  creatorEmail: 'k.creator_email',
  modifiedBy: 'k.modified_by',
  createdAt: 'k.created_at',
  modifiedAt: 'k.modified_at',
  expiresAt: 'k.expires_at',
  disabledAt: 'k.disabled_at',
  revokedAt: 'k.revoked_at',
  revocationReason: 'k.revocation_reason',
  metadata: 'k.metadata',
  limits: 'k.limits',
  lastUsedAt: 'k.last_used_at',
  version: 'k.version',
} satisfies Record<keyof ApiKey, string>;
