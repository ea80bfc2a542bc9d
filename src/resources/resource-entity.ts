import { Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

/**
 * A node of the resource tree, whatever its level: `level` is the depth, 0 for an organization to 3 for an environment.
 *
 * Every row carries the id of its organization (an organization its own), so that each query and each foreign key
 * stays within one tenant. The key to the parent includes organization and level: the database itself refuses a
 * parent that lies in another organization, or that is not of the level in `parent_level`.
 */
@Entity('resources')
@Unique('UQ_resources_organization_id_level', ['organizationId', 'id', 'level'])
@Unique('UQ_resources_slug', ['slug'])
@Index('IX_resources_parent_name', ['parentId', 'nameFolded', 'id'])
@Index('IX_resources_parent_created', ['parentId', 'createdAt', 'id'])
@Index('IX_resources_parent', ['organizationId', 'parentId', 'parentLevel'])
@ForeignKey(
  'ResourceEntity',
  ['organizationId', 'parentId', 'parentLevel'],
  ['organizationId', 'id', 'level'],
  { name: 'FK_resources_parent', onDelete: 'CASCADE' },
)
export class ResourceEntity {
  @PrimaryColumn({ type: 'varchar', length: 36, primaryKeyConstraintName: 'PK_resources' })
  id: string;

  @Column({ name: 'organization_id', type: 'varchar', length: 36 })
  organizationId: string;

  @Column({ type: 'smallint' })
  level: number;

  @Column({ name: 'parent_id', type: 'varchar', length: 36, nullable: true })
  parentId: string | null;

  @Column({ name: 'parent_level', type: 'smallint', nullable: true })
  parentLevel: number | null;

  @Column({ type: 'varchar', length: 200 })
  name: string;

  /** The name as it is searched and sorted: see `foldName`. */
  @Column({ name: 'name_folded', type: 'varchar', length: 600 })
  nameFolded: string;

  /** The name of an organization in addresses; null at the other levels. */
  @Column({ type: 'varchar', length: 63, nullable: true })
  slug: string | null;

  /** Milliseconds since 1970-01-01T00:00:00Z, like every time in this database. */
  @Column({ name: 'created_at', type: 'bigint' })
  createdAt: number;

  @Column({ name: 'modified_at', type: 'bigint' })
  modifiedAt: number;
}
