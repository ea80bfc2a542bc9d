import type { DataSourceOptions } from 'typeorm';
import { ApiKeyEntity, GrantEntity, MembershipEntity, ResourceEntity } from './entities';

export const ENTITIES = [ResourceEntity, MembershipEntity, ApiKeyEntity, GrantEntity];

export const OPTIONS = {
  type: 'mariadb',
  url: process.env.DATABASE_URL,
  timezone: 'Z',
  poolSize: 10,
  entities: ENTITIES,
} satisfies DataSourceOptions;

/** What a scope is made of, up to the organization of what lies lowest. */
export const SCOPE_RELATIONS = { grants: { resource: { parent: { parent: { parent: true } } } } };
