import { Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import type { Role } from './principal';

/** A user's place in an organization. */
@Entity('memberships')
@Unique('UQ_memberships_organization_user', ['organizationId', 'userId'])
@Unique('UQ_memberships_organization_id', ['organizationId', 'id'])
@Index('IX_memberships_user', ['userId'])
@ForeignKey('ResourceEntity', ['organizationId'], ['id'], {
  name: 'FK_memberships_organization',
  onDelete: 'CASCADE',
})
export class MembershipEntity {
  @PrimaryColumn({ type: 'varchar', length: 36, primaryKeyConstraintName: 'PK_memberships' })
  id: string;

  @Column({ name: 'organization_id', type: 'varchar', length: 36 })
  organizationId: string;

  /** The `sub` of the user's tokens. */
  @Column({ name: 'user_id', type: 'varchar', length: 255 })
  userId: string;

  @Column({ type: 'varchar', length: 16 })
  role: Role;

  /**
   * Whether the grants of this membership limit it. Kept beside them, so that a narrowed membership that loses its
   * last grant to a deletion covers nothing, rather than everything.
   */
  @Column({ type: 'boolean' })
  narrowed: boolean;

  @Column({ name: 'created_at', type: 'bigint' })
  createdAt: number;

  @Column({ name: 'modified_at', type: 'bigint' })
  modifiedAt: number;
}
