import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { DeliveryStatus } from './webhook-delivery';

/**
 * An event on its way to an endpoint: the outbox. The row is written in the transaction of the change that it tells of,
 * so that neither is there without the other.
 */
@Entity('webhook_deliveries')
@Index('IX_webhook_deliveries_due', ['status', 'nextAttemptAt'])
@Index('IX_webhook_deliveries_organization', ['organizationId', 'createdAt', 'id'])
@Index('IX_webhook_deliveries_endpoint', ['endpointId', 'createdAt', 'id'])
@ForeignKey('WebhookEndpointEntity', ['endpointId'], ['id'], {
  name: 'FK_webhook_deliveries_endpoint',
  onDelete: 'CASCADE',
})
export class WebhookDeliveryEntity {
  @PrimaryColumn({ type: 'varchar', length: 36, primaryKeyConstraintName: 'PK_webhook_deliveries' })
  id: string;

  @Column({ name: 'organization_id', type: 'varchar', length: 36 })
  organizationId: string;

  @Column({ name: 'endpoint_id', type: 'varchar', length: 36 })
  endpointId: string;

  @Column({ name: 'event_type', type: 'varchar', length: 64 })
  eventType: string;

  /** The body, to the letter: a repeated attempt sends and signs the same. */
  @Column({ type: 'text' })
  payload: string;

  @Column({ type: 'varchar', length: 16 })
  status: DeliveryStatus;

  @Column({ type: 'integer' })
  attempts: number;

  /** When it is due; a sender that takes it moves this on, so that no other takes it meanwhile. */
  @Column({ name: 'next_attempt_at', type: 'bigint' })
  nextAttemptAt: number;

  @Column({ name: 'last_response_status', type: 'integer', nullable: true })
  lastResponseStatus: number | null;

  @Column({ name: 'last_error', type: 'varchar', length: 500, nullable: true })
  lastError: string | null;

  @Column({ name: 'created_at', type: 'bigint' })
  createdAt: number;

  @Column({ name: 'delivered_at', type: 'bigint', nullable: true })
  deliveredAt: number | null;
}
