import { MIGRATIONS } from '../migrations';
import { ApiKeyEntity } from './api-keys/api-key-entity';
import { ApiKeyGrantEntity } from './api-keys/api-key-grant-entity';
import { ApiKeySecretEntity } from './api-keys/api-key-secret-entity';
import { MembershipEntity } from './auth/membership-entity';
import { MembershipGrantEntity } from './auth/membership-grant-entity';
import { ResourceEntity } from './resources/resource-entity';

/** What the database holds: every table, and the migrations that bring them about. */
export const TABLES = {
  entities: [
    ResourceEntity,
    MembershipEntity,
    MembershipGrantEntity,
    ApiKeyEntity,
    ApiKeyGrantEntity,
    ApiKeySecretEntity,
  ],
  migrations: MIGRATIONS,
};
