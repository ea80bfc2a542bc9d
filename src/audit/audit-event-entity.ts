import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { ActorKind, AuditAction, SubjectKind } from './audit-event';

/**
 * Something that was done. Rows are only ever added: no code changes or deletes one, and no foreign key takes one away,
 * so that what happened outlives what it happened to.
 */
@Entity('audit_events')
@Index('IX_audit_events_organization', ['organizationId', 'occurredAt', 'id'])
@Index('IX_audit_events_subject', ['subjectId', 'occurredAt', 'id'])
export class AuditEventEntity {
  @PrimaryColumn({ type: 'varchar', length: 36, primaryKeyConstraintName: 'PK_audit_events' })
  id: string;

  @Column({ name: 'organization_id', type: 'varchar', length: 36 })
  organizationId: string;

  @Column({ type: 'varchar', length: 64 })
  action: AuditAction;

  @Column({ name: 'subject_kind', type: 'varchar', length: 32 })
  subjectKind: SubjectKind;

  @Column({ name: 'subject_id', type: 'varchar', length: 36 })
  subjectId: string;

  @Column({ name: 'actor_kind', type: 'varchar', length: 16 })
  actorKind: ActorKind;

  @Column({ name: 'actor_id', type: 'varchar', length: 255 })
  actorId: string;

  @Column({ name: 'actor_email', type: 'varchar', length: 320, nullable: true })
  actorEmail: string | null;

  @Column({ name: 'occurred_at', type: 'bigint' })
  occurredAt: number;

  /** What the subject was before, as JSON without secrets; null for one that was not there. */
  @Column({ name: 'before_state', type: 'json', nullable: true })
  before: string | null;

  /** What the subject is since, as JSON without secrets; null for one that is no more. */
  @Column({ name: 'after_state', type: 'json', nullable: true })
  after: string | null;

  @Column({ type: 'varchar', length: 64, nullable: true })
  address: string | null;

  @Column({ name: 'user_agent', type: 'varchar', length: 500, nullable: true })
  userAgent: string | null;

  @Column({ name: 'request_id', type: 'varchar', length: 128, nullable: true })
  requestId: string | null;
}
