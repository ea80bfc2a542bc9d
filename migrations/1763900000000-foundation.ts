import { Table, type MigrationInterface, type QueryRunner } from 'typeorm';
import { useBinaryCollation } from './binary-collation';
import { foreignKey, grantedResource, id, time } from './columns';

/** The resource tree, memberships, API keys with their grants and secrets. */
export class Foundation1763900000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await useBinaryCollation(runner);
    for (const table of TABLES) await runner.createTable(new Table(table));
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const { name } of TABLES.toReversed()) await runner.dropTable(name);
  }
}

const TABLES = [
  {
    name: 'resources',
    columns: [
      { name: 'id', ...id, isPrimary: true, primaryKeyConstraintName: 'PK_resources' },
      { name: 'organization_id', ...id },
      { name: 'level', type: 'smallint' },
      { name: 'parent_id', ...id, isNullable: true },
      { name: 'parent_level', type: 'smallint', isNullable: true },
      { name: 'name', type: 'varchar', length: '200' },
      { name: 'name_folded', type: 'varchar', length: '600' },
      { name: 'slug', type: 'varchar', length: '63', isNullable: true },
      { name: 'created_at', ...time },
      { name: 'modified_at', ...time },
    ],
    uniques: [
      { name: 'UQ_resources_organization_id_level', columnNames: ['organization_id', 'id', 'level'] },
      { name: 'UQ_resources_slug', columnNames: ['slug'] },
    ],
    indices: [
      { name: 'IX_resources_parent', columnNames: ['organization_id', 'parent_id', 'parent_level'] },
      { name: 'IX_resources_parent_name', columnNames: ['parent_id', 'name_folded', 'id'] },
      { name: 'IX_resources_parent_created', columnNames: ['parent_id', 'created_at', 'id'] },
    ],
    foreignKeys: [
      foreignKey('FK_resources_parent', ['organization_id', 'parent_id', 'parent_level'], 'resources', [
        'organization_id',
        'id',
        'level',
      ]),
    ],
  },
  {
    name: 'memberships',
    columns: [
      { name: 'id', ...id, isPrimary: true, primaryKeyConstraintName: 'PK_memberships' },
      { name: 'organization_id', ...id },
      { name: 'user_id', type: 'varchar', length: '255' },
      { name: 'role', type: 'varchar', length: '16' },
      { name: 'narrowed', type: 'boolean' },
      { name: 'created_at', ...time },
      { name: 'modified_at', ...time },
    ],
    uniques: [
      { name: 'UQ_memberships_organization_user', columnNames: ['organization_id', 'user_id'] },
      { name: 'UQ_memberships_organization_id', columnNames: ['organization_id', 'id'] },
    ],
    indices: [{ name: 'IX_memberships_user', columnNames: ['user_id'] }],
    foreignKeys: [foreignKey('FK_memberships_organization', ['organization_id'], 'resources', ['id'])],
  },
  {
    name: 'membership_grants',
    columns: [
      { name: 'membership_id', ...id, isPrimary: true },
      { name: 'resource_id', ...id, isPrimary: true },
      { name: 'organization_id', ...id },
      { name: 'level', type: 'smallint' },
    ],
    indices: [
      { name: 'IX_membership_grants_membership', columnNames: ['organization_id', 'membership_id'] },
      { name: 'IX_membership_grants_resource', columnNames: ['organization_id', 'resource_id', 'level'] },
    ],
    foreignKeys: [
      foreignKey('FK_membership_grants_membership', ['organization_id', 'membership_id'], 'memberships', [
        'organization_id',
        'id',
      ]),
      grantedResource('FK_membership_grants_resource'),
    ],
  },
  {
    name: 'api_keys',
    columns: [
      { name: 'id', ...id, isPrimary: true, primaryKeyConstraintName: 'PK_api_keys' },
      { name: 'organization_id', ...id },
      { name: 'name', type: 'varchar', length: '100' },
      { name: 'name_folded', type: 'varchar', length: '300' },
      { name: 'description', type: 'varchar', length: '1000' },
      { name: 'creator_id', type: 'varchar', length: '255' },
      { name: 'creator_email', type: 'varchar', length: '320' },
      { name: 'modified_by', type: 'varchar', length: '255' },
      { name: 'created_at', ...time },
      { name: 'modified_at', ...time },
      { name: 'expires_at', ...time, isNullable: true },
      { name: 'disabled_at', ...time, isNullable: true },
      { name: 'revoked_at', ...time, isNullable: true },
      { name: 'version', type: 'integer', default: '1' },
    ],
    uniques: [{ name: 'UQ_api_keys_organization_id', columnNames: ['organization_id', 'id'] }],
    indices: [
      { name: 'IX_api_keys_organization_created', columnNames: ['organization_id', 'created_at', 'id'] },
      { name: 'IX_api_keys_organization_modified', columnNames: ['organization_id', 'modified_at', 'id'] },
      { name: 'IX_api_keys_organization_name', columnNames: ['organization_id', 'name_folded', 'id'] },
      {
        name: 'IX_api_keys_creator_created',
        columnNames: ['organization_id', 'creator_id', 'created_at', 'id'],
      },
      {
        name: 'IX_api_keys_creator_modified',
        columnNames: ['organization_id', 'creator_id', 'modified_at', 'id'],
      },
      {
        name: 'IX_api_keys_creator_name',
        columnNames: ['organization_id', 'creator_id', 'name_folded', 'id'],
      },
    ],
    foreignKeys: [
      foreignKey('FK_api_keys_organization', ['organization_id'], 'resources', ['id'], 'NO ACTION'),
    ],
  },
  {
    name: 'api_key_grants',
    columns: [
      { name: 'api_key_id', ...id, isPrimary: true },
      { name: 'resource_id', ...id, isPrimary: true },
      { name: 'organization_id', ...id },
      { name: 'level', type: 'smallint' },
    ],
    indices: [
      { name: 'IX_api_key_grants_api_key', columnNames: ['organization_id', 'api_key_id'] },
      { name: 'IX_api_key_grants_resource', columnNames: ['organization_id', 'resource_id', 'level'] },
    ],
    foreignKeys: [
      foreignKey('FK_api_key_grants_api_key', ['organization_id', 'api_key_id'], 'api_keys', [
        'organization_id',
        'id',
      ]),
      grantedResource('FK_api_key_grants_resource'),
    ],
  },
  {
    name: 'api_key_secrets',
    columns: [
      {
        name: 'selector',
        type: 'varchar',
        length: '16',
        isPrimary: true,
        primaryKeyConstraintName: 'PK_api_key_secrets',
      },
      { name: 'organization_id', ...id },
      { name: 'api_key_id', ...id },
      { name: 'digest', type: 'varchar', length: '64' },
      { name: 'pepper_version', type: 'integer' },
      { name: 'created_at', ...time },
      { name: 'expires_at', ...time, isNullable: true },
    ],
    indices: [{ name: 'IX_api_key_secrets_api_key', columnNames: ['organization_id', 'api_key_id'] }],
    foreignKeys: [
      foreignKey('FK_api_key_secrets_api_key', ['organization_id', 'api_key_id'], 'api_keys', [
        'organization_id',
        'id',
      ]),
    ],
  },
];
