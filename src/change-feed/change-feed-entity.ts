import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { AuditAction } from '../audit/audit-event';

/**
 * What was changed, in the order in which it was committed. Positions have no gaps: see `appendToFeed`. Rows are kept for an
 * hour; who has read less far than that starts anew.
 */
@Entity('change_feed')
@Index('IX_change_feed_changed', ['changedAt'])
export class ChangeFeedEntity {
  @PrimaryColumn({ type: 'bigint', primaryKeyConstraintName: 'PK_change_feed' })
  position: number;

  @Column({ name: 'organization_id', type: 'varchar', length: 36 })
  organizationId: string;

  @Column({ type: 'varchar', length: 64 })
  action: AuditAction;

  @Column({ name: 'subject_id', type: 'varchar', length: 36 })
  subjectId: string;

  @Column({ name: 'changed_at', type: 'bigint' })
  changedAt: number;
}
