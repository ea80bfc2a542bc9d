import { Table, TableColumn, TableIndex, type MigrationInterface, type QueryRunner } from 'typeorm';
import { foreignKey, id, time } from './columns';
import { dropColumns } from './drop-columns';

/** What the life of a key needs: policies, idempotency, a record of what was done, and webhooks. */
export class KeyLife1763910000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.addColumns(
      'api_keys',
      KEY_COLUMNS.map((column) => new TableColumn(column)),
    );
    await runner.createIndex('api_keys', new TableIndex(EXPIRY_INDEX));
    await runner.addColumn('api_key_secrets', new TableColumn(SECRET_SOURCE));
    for (const table of TABLES) await runner.createTable(new Table(table));
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const { name } of TABLES.toReversed()) await runner.dropTable(name);
    await dropColumns(runner, 'api_key_secrets', [SECRET_SOURCE.name]);
    await runner.dropIndex('api_keys', EXPIRY_INDEX.name);
    await dropColumns(
      runner,
      'api_keys',
      KEY_COLUMNS.map(({ name }) => name),
    );
  }
}

const KEY_COLUMNS = [
  { name: 'revocation_reason', type: 'varchar', length: '500', isNullable: true },
  { name: 'metadata', type: 'text', isNullable: true },
  { name: 'expiring_told_for', ...time, isNullable: true },
  { name: 'expired_told_for', ...time, isNullable: true },
];

const EXPIRY_INDEX = {
  name: 'IX_api_keys_expires',
  columnNames: ['expires_at', 'revoked_at', 'expired_told_for', 'expiring_told_for', 'id'],
};

const SECRET_SOURCE = { name: 'source', type: 'varchar', length: '16', default: "'GENERATED'" };

const TABLES = [
  {
    name: 'idempotency_keys',
    columns: [
      { name: 'principal_id', type: 'varchar', length: '255', isPrimary: true },
      { name: 'idempotency_key', type: 'varchar', length: '128', isPrimary: true },
      { name: 'organization_id', ...id },
      { name: 'api_key_id', ...id },
      { name: 'created_at', ...time },
    ],
    indices: [
      { name: 'IX_idempotency_keys_api_key', columnNames: ['organization_id', 'api_key_id'] },
      { name: 'IX_idempotency_keys_created', columnNames: ['created_at'] },
    ],
    foreignKeys: [
      foreignKey('FK_idempotency_keys_api_key', ['organization_id', 'api_key_id'], 'api_keys', [
        'organization_id',
        'id',
      ]),
    ],
  },
  {
    name: 'organization_policies',
    columns: [
      {
        name: 'organization_id',
        ...id,
        isPrimary: true,
        primaryKeyConstraintName: 'PK_organization_policies',
      },
      { name: 'widest_depth', type: 'smallint' },
      { name: 'expiry_required', type: 'boolean' },
      { name: 'max_lifetime_seconds', type: 'bigint', isNullable: true },
      { name: 'max_active_keys', type: 'integer', isNullable: true },
      { name: 'key_makers', type: 'varchar', length: '16' },
      { name: 'modified_at', ...time },
    ],
    foreignKeys: [
      foreignKey('FK_organization_policies_organization', ['organization_id'], 'resources', ['id']),
    ],
  },
  {
    name: 'audit_events',
    columns: [
      { name: 'id', ...id, isPrimary: true, primaryKeyConstraintName: 'PK_audit_events' },
      { name: 'organization_id', ...id },
      { name: 'action', type: 'varchar', length: '64' },
      { name: 'subject_kind', type: 'varchar', length: '32' },
      { name: 'subject_id', ...id },
      { name: 'actor_kind', type: 'varchar', length: '16' },
      { name: 'actor_id', type: 'varchar', length: '255' },
      { name: 'actor_email', type: 'varchar', length: '320', isNullable: true },
      { name: 'occurred_at', ...time },
      { name: 'before_state', type: 'json', isNullable: true },
      { name: 'after_state', type: 'json', isNullable: true },
      { name: 'address', type: 'varchar', length: '64', isNullable: true },
      { name: 'user_agent', type: 'varchar', length: '500', isNullable: true },
      { name: 'request_id', type: 'varchar', length: '128', isNullable: true },
    ],
    indices: [
      { name: 'IX_audit_events_organization', columnNames: ['organization_id', 'occurred_at', 'id'] },
      { name: 'IX_audit_events_subject', columnNames: ['subject_id', 'occurred_at', 'id'] },
    ],
  },
  {
    name: 'webhook_endpoints',
    columns: [
      { name: 'id', ...id, isPrimary: true, primaryKeyConstraintName: 'PK_webhook_endpoints' },
      { name: 'organization_id', ...id },
      { name: 'url', type: 'varchar', length: '2000' },
      { name: 'signing_secret', type: 'varchar', length: '100' },
      { name: 'created_at', ...time },
    ],
    indices: [
      { name: 'IX_webhook_endpoints_organization', columnNames: ['organization_id', 'created_at', 'id'] },
    ],
    foreignKeys: [foreignKey('FK_webhook_endpoints_organization', ['organization_id'], 'resources', ['id'])],
  },
  {
    name: 'webhook_deliveries',
    columns: [
      { name: 'id', ...id, isPrimary: true, primaryKeyConstraintName: 'PK_webhook_deliveries' },
      { name: 'organization_id', ...id },
      { name: 'endpoint_id', ...id },
      { name: 'event_type', type: 'varchar', length: '64' },
      { name: 'payload', type: 'text' },
      { name: 'status', type: 'varchar', length: '16' },
      { name: 'attempts', type: 'integer' },
      { name: 'next_attempt_at', ...time },
      { name: 'last_response_status', type: 'integer', isNullable: true },
      { name: 'last_error', type: 'varchar', length: '500', isNullable: true },
      { name: 'created_at', ...time },
      { name: 'delivered_at', ...time, isNullable: true },
    ],
    indices: [
      { name: 'IX_webhook_deliveries_due', columnNames: ['status', 'next_attempt_at'] },
      { name: 'IX_webhook_deliveries_organization', columnNames: ['organization_id', 'created_at', 'id'] },
      { name: 'IX_webhook_deliveries_endpoint', columnNames: ['endpoint_id', 'created_at', 'id'] },
    ],
    foreignKeys: [foreignKey('FK_webhook_deliveries_endpoint', ['endpoint_id'], 'webhook_endpoints', ['id'])],
  },
];
