import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { VerificationCode } from '../verification-code';

/**
 * How often a key was verified on a day, for a resource, with one outcome. The primary key is the order in which the counts of
 * a key are listed, so that a page of them lies together.
 */
@Entity('api_key_usage')
@Index('IX_api_key_usage_api_key', ['organizationId', 'apiKeyId'])
@Index('IX_api_key_usage_day', ['day'])
@ForeignKey('ApiKeyEntity', ['organizationId', 'apiKeyId'], ['organizationId', 'id'], {
  name: 'FK_api_key_usage_api_key',
  onDelete: 'CASCADE',
})
export class ApiKeyUsageEntity {
  @PrimaryColumn({ name: 'api_key_id', type: 'varchar', length: 36 })
  apiKeyId: string;

  /** The day in UTC, as 2026-01-31. */
  @PrimaryColumn({ type: 'varchar', length: 10 })
  day: string;

  /** Made of the resource and the code, so that every process finds the same row: see `usageId`. */
  @PrimaryColumn({ type: 'varchar', length: 36 })
  id: string;

  /** The resource that was asked about; empty when none was, or when none was found. */
  @Column({ name: 'resource_id', type: 'varchar', length: 36 })
  resourceId: string;

  @Column({ type: 'varchar', length: 32 })
  code: VerificationCode;

  @Column({ name: 'organization_id', type: 'varchar', length: 36 })
  organizationId: string;

  @Column({ type: 'bigint' })
  uses: number;
}
