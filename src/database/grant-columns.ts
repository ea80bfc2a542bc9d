import { Column, PrimaryColumn } from 'typeorm';

/**
 * The columns of a grant, whether a key or a membership holds it. The entities add their holder, and foreign keys that
 * keep holder and resource in one organization and take the grant away with either of them.
 */
export abstract class GrantColumns {
  @Column({ name: 'organization_id', type: 'varchar', length: 36 })
  organizationId: string;

  @PrimaryColumn({ name: 'resource_id', type: 'varchar', length: 36 })
  resourceId: string;

  /** The level of the resource, which never changes: held here so that the breadth of a scope needs no join. */
  @Column({ type: 'smallint' })
  level: number;
}
