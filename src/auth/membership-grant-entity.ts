import { Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { GrantColumns } from '../database/grant-columns';

/** One grant of the scope that narrows a membership. */
@Entity('membership_grants')
@Index('IX_membership_grants_membership', ['organizationId', 'membershipId'])
@Index('IX_membership_grants_resource', ['organizationId', 'resourceId', 'level'])
@ForeignKey('MembershipEntity', ['organizationId', 'membershipId'], ['organizationId', 'id'], {
  name: 'FK_membership_grants_membership',
  onDelete: 'CASCADE',
})
@ForeignKey('ResourceEntity', ['organizationId', 'resourceId', 'level'], ['organizationId', 'id', 'level'], {
  name: 'FK_membership_grants_resource',
  onDelete: 'CASCADE',
})
export class MembershipGrantEntity extends GrantColumns {
  @PrimaryColumn({ name: 'membership_id', type: 'varchar', length: 36 })
  membershipId: string;
}
