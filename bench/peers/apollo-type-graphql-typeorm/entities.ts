import { Column, Entity, JoinColumn, ManyToOne, OneToMany, PrimaryColumn, type Relation } from 'typeorm';

/** TypeORM reads large numbers as text. */
const MILLISECONDS = { from: Number, to: (value: number) => value };

@Entity('resources')
export class ResourceEntity {
  @PrimaryColumn()
  id: string;

  @Column()
  level: number;

  @Column()
  name: string;

  @Column({ type: 'varchar', nullable: true })
  slug: string | null;

  @Column({ name: 'created_at', type: 'bigint', transformer: MILLISECONDS })
  createdAt: number;

  @Column({ name: 'modified_at', type: 'bigint', transformer: MILLISECONDS })
  modifiedAt: number;

  @ManyToOne(() => ResourceEntity)
  @JoinColumn({ name: 'parent_id' })
  parent: Relation<ResourceEntity>;
}

@Entity('memberships')
export class MembershipEntity {
  @PrimaryColumn()
  id: string;

  @Column({ name: 'user_id' })
  userId: string;

  @Column({ name: 'organization_id' })
  organizationId: string;

  @Column()
  role: string;
}

@Entity('api_keys')
export class ApiKeyEntity {
  @PrimaryColumn()
  id: string;

  @Column()
  name: string;

  @Column()
  description: string;

  @Column({ name: 'created_at', type: 'bigint', transformer: MILLISECONDS })
  createdAt: number;

  @Column({ name: 'modified_at', type: 'bigint', transformer: MILLISECONDS })
  modifiedAt: number;

  @Column({ name: 'creator_id' })
  creatorId: string;

  @Column({ name: 'creator_email' })
  creatorEmail: string;

  @Column({ name: 'modified_by' })
  modifiedBy: string;

  @Column({ name: 'organization_id' })
  organizationId: string;

  @OneToMany(() => GrantEntity, (grant) => grant.apiKey)
  grants: Relation<GrantEntity>[];
}

@Entity('api_key_grants')
export class GrantEntity {
  @PrimaryColumn({ name: 'api_key_id' })
  apiKeyId: string;

  @PrimaryColumn({ name: 'resource_id' })
  resourceId: string;

  @Column()
  level: number;

  @ManyToOne(() => ApiKeyEntity, (apiKey) => apiKey.grants)
  @JoinColumn({ name: 'api_key_id' })
  apiKey: Relation<ApiKeyEntity>;

  @ManyToOne(() => ResourceEntity)
  @JoinColumn({ name: 'resource_id' })
  resource: Relation<ResourceEntity>;
}
