import { Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { GrantColumns } from '../database/grant-columns';

/** One grant of the scope of an API key. */
@Entity('api_key_grants')
@Index('IX_api_key_grants_api_key', ['organizationId', 'apiKeyId'])
@Index('IX_api_key_grants_resource', ['organizationId', 'resourceId', 'level'])
@ForeignKey('ApiKeyEntity', ['organizationId', 'apiKeyId'], ['organizationId', 'id'], {
  name: 'FK_api_key_grants_api_key',
  onDelete: 'CASCADE',
})
@ForeignKey('ResourceEntity', ['organizationId', 'resourceId', 'level'], ['organizationId', 'id', 'level'], {
  name: 'FK_api_key_grants_resource',
  onDelete: 'CASCADE',
})
export class ApiKeyGrantEntity extends GrantColumns {
  @PrimaryColumn({ name: 'api_key_id', type: 'varchar', length: 36 })
  apiKeyId: string;
}
