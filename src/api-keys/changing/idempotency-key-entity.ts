import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

/** Which key a caller's `idempotencyKey` made. */
@Entity('idempotency_keys')
@Index('IX_idempotency_keys_created', ['createdAt'])
@Index('IX_idempotency_keys_api_key', ['organizationId', 'apiKeyId'])
@ForeignKey('ApiKeyEntity', ['organizationId', 'apiKeyId'], ['organizationId', 'id'], {
  name: 'FK_idempotency_keys_api_key',
  onDelete: 'CASCADE',
})
export class IdempotencyKeyEntity {
  @PrimaryColumn({ name: 'principal_id', type: 'varchar', length: 255 })
  principalId: string;

  @PrimaryColumn({ name: 'idempotency_key', type: 'varchar', length: 128 })
  idempotencyKey: string;

  @Column({ name: 'organization_id', type: 'varchar', length: 36 })
  organizationId: string;

  @Column({ name: 'api_key_id', type: 'varchar', length: 36 })
  apiKeyId: string;

  @Column({ name: 'created_at', type: 'bigint' })
  createdAt: number;
}
