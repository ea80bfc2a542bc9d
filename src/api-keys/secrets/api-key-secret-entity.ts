import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { SecretSource } from './secret-key';

/**
 * What is kept of a secret key: its selector, by which it is found, and a keyed hash. A key has more than one while a
 * rotation overlaps.
 */
@Entity('api_key_secrets')
@Index('IX_api_key_secrets_api_key', ['organizationId', 'apiKeyId'])
@ForeignKey('ApiKeyEntity', ['organizationId', 'apiKeyId'], ['organizationId', 'id'], {
  name: 'FK_api_key_secrets_api_key',
  onDelete: 'CASCADE',
})
export class ApiKeySecretEntity {
  @PrimaryColumn({ type: 'varchar', length: 16, primaryKeyConstraintName: 'PK_api_key_secrets' })
  selector: string;

  @Column({ name: 'organization_id', type: 'varchar', length: 36 })
  organizationId: string;

  @Column({ name: 'api_key_id', type: 'varchar', length: 36 })
  apiKeyId: string;

  /** HMAC-SHA256 of the whole secret key, or of the SHA-256 digest of an imported one, in hexadecimal. */
  @Column({ type: 'varchar', length: 64 })
  digest: string;

  /** Whether we made the secret key, or it was brought in as a digest and has no form of ours. */
  @Column({ type: 'varchar', length: 16, default: 'GENERATED' })
  source: SecretSource;

  /** Which pepper the digest was made under. */
  @Column({ name: 'pepper_version', type: 'integer' })
  pepperVersion: number;

  @Column({ name: 'created_at', type: 'bigint' })
  createdAt: number;

  /** The end of a rotation's overlap; null while the secret is the key's current one. */
  @Column({ name: 'expires_at', type: 'bigint', nullable: true })
  expiresAt: number | null;
}
