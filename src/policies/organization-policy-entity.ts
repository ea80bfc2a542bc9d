import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { KeyMakers } from './organization-policy';

/** The limits that an organization sets to its keys. Without a row, the defaults hold. */
@Entity('organization_policies')
@ForeignKey('ResourceEntity', ['organizationId'], ['id'], {
  name: 'FK_organization_policies_organization',
  onDelete: 'CASCADE',
})
export class OrganizationPolicyEntity {
  @PrimaryColumn({
    name: 'organization_id',
    type: 'varchar',
    length: 36,
    primaryKeyConstraintName: 'PK_organization_policies',
  })
  organizationId: string;

  /** The depth of the widest level that may be granted. */
  @Column({ name: 'widest_depth', type: 'smallint' })
  widestDepth: number;

  @Column({ name: 'expiry_required', type: 'boolean' })
  expiryRequired: boolean;

  @Column({ name: 'max_lifetime_seconds', type: 'bigint', nullable: true })
  maxLifetimeSeconds: number | null;

  @Column({ name: 'max_active_keys', type: 'integer', nullable: true })
  maxActiveKeys: number | null;

  @Column({ name: 'key_makers', type: 'varchar', length: 16 })
  keyMakers: KeyMakers;

  @Column({ name: 'modified_at', type: 'bigint' })
  modifiedAt: number;
}
