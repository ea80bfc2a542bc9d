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

/** The select list of the keys `k`. */
export const API_KEY_COLUMNS = [
  'k.id AS id',
  'k.organization_id AS organizationId',
  'k.name AS name',
  'k.description AS description',
  'k.creator_id AS creatorId',
  'k.creator_email AS creatorEmail',
  'k.modified_by AS modifiedBy',
  'k.created_at AS createdAt',
  'k.modified_at AS modifiedAt',
  'k.expires_at AS expiresAt',
  'k.disabled_at AS disabledAt',
  'k.revoked_at AS revokedAt',
  'k.revocation_reason AS revocationReason',
  'k.metadata AS metadata',
  'k.limits AS limits',
  'k.last_used_at AS lastUsedAt',
  'k.version AS version',
].join(', ');
