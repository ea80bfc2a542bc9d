import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

/** Where an organization wants to be told of events. */
@Entity('webhook_endpoints')
@Index('IX_webhook_endpoints_organization', ['organizationId', 'createdAt', 'id'])
@ForeignKey('ResourceEntity', ['organizationId'], ['id'], {
  name: 'FK_webhook_endpoints_organization',
  onDelete: 'CASCADE',
})
export class WebhookEndpointEntity {
  @PrimaryColumn({ type: 'varchar', length: 36, primaryKeyConstraintName: 'PK_webhook_endpoints' })
  id: string;

  @Column({ name: 'organization_id', type: 'varchar', length: 36 })
  organizationId: string;

  @Column({ type: 'varchar', length: 2000 })
  url: string;

  /** Signs the deliveries. It is kept in the clear, since both sides need it. */
  @Column({ name: 'signing_secret', type: 'varchar', length: 100 })
  signingSecret: string;

  @Column({ name: 'created_at', type: 'bigint' })
  createdAt: number;
}
