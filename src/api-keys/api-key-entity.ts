import { Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

/**
 * An API key without its grants and secrets, which have tables of their own. Its status is derived from the three
 * times `revokedAt`, `disabledAt` and `expiresAt`, never stored beside them.
 *
 * Each ordering of a list has an index for all keys of an organization and one for those of one creator, so that a
 * page costs the same whatever lies before it and however many keys others have. The index of expiries holds all that the
 * look for those which were not told yet reads, again and again, past all that were.
 */
@Entity('api_keys')
@Unique('UQ_api_keys_organization_id', ['organizationId', 'id'])
@Index('IX_api_keys_organization_created', ['organizationId', 'createdAt', 'id'])
@Index('IX_api_keys_organization_modified', ['organizationId', 'modifiedAt', 'id'])
@Index('IX_api_keys_organization_name', ['organizationId', 'nameFolded', 'id'])
@Index('IX_api_keys_creator_created', ['organizationId', 'creatorId', 'createdAt', 'id'])
@Index('IX_api_keys_creator_modified', ['organizationId', 'creatorId', 'modifiedAt', 'id'])
@Index('IX_api_keys_creator_name', ['organizationId', 'creatorId', 'nameFolded', 'id'])
@Index('IX_api_keys_expires', ['expiresAt', 'revokedAt', 'expiredToldFor', 'expiringToldFor', 'id'])
@ForeignKey('ResourceEntity', ['organizationId'], ['id'], { name: 'FK_api_keys_organization' })
export class ApiKeyEntity {
  @PrimaryColumn({ type: 'varchar', length: 36, primaryKeyConstraintName: 'PK_api_keys' })
  id: string;

  @Column({ name: 'organization_id', type: 'varchar', length: 36 })
  organizationId: string;

  @Column({ type: 'varchar', length: 100 })
  name: string;

  /** The name as it is searched and sorted: see `foldName`. */
  @Column({ name: 'name_folded', type: 'varchar', length: 300 })
  nameFolded: string;

  @Column({ type: 'varchar', length: 1000 })
  description: string;

  /** The `sub` of the maker's tokens. */
  @Column({ name: 'creator_id', type: 'varchar', length: 255 })
  creatorId: string;

  @Column({ name: 'creator_email', type: 'varchar', length: 320 })
  creatorEmail: string;

  @Column({ name: 'modified_by', type: 'varchar', length: 255 })
  modifiedBy: string;

  @Column({ name: 'created_at', type: 'bigint' })
  createdAt: number;

  @Column({ name: 'modified_at', type: 'bigint' })
  modifiedAt: number;

  @Column({ name: 'expires_at', type: 'bigint', nullable: true })
  expiresAt: number | null;

  @Column({ name: 'disabled_at', type: 'bigint', nullable: true })
  disabledAt: number | null;

  @Column({ name: 'revoked_at', type: 'bigint', nullable: true })
  revokedAt: number | null;

  @Column({ name: 'revocation_reason', type: 'varchar', length: 500, nullable: true })
  revocationReason: string | null;

  /** What the maker keeps with the key, as JSON. */
  @Column({ type: 'text', nullable: true })
  metadata: string | null;

  /** The expiry that its approach has been told for; another one is told anew. */
  @Column({ name: 'expiring_told_for', type: 'bigint', nullable: true })
  expiringToldFor: number | null;

  /** The expiry that its passing has been told for. */
  @Column({ name: 'expired_told_for', type: 'bigint', nullable: true })
  expiredToldFor: number | null;

  /** When the key was last found valid, as far as that has been written. */
  @Column({ name: 'last_used_at', type: 'bigint', nullable: true })
  lastUsedAt: number | null;

  /** How often the key may be used, as JSON: see `KeyLimits`. */
  @Column({ type: 'text', nullable: true })
  limits: string | null;

  /** Counts the changes, for optimistic locking. */
  @Column({ type: 'integer', default: 1 })
  version: number;
}
