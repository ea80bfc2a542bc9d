import { Table, TableColumn, type MigrationInterface, type QueryRunner } from 'typeorm';
import { foreignKey, id, time } from './columns';
import { dropColumns } from './drop-columns';

/** What verification needs: the feed of changes, what keys are used for, and how often they may be. */
export class Verification1763920000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.addColumns(
      'api_keys',
      KEY_COLUMNS.map((column) => new TableColumn(column)),
    );
    for (const table of TABLES) await runner.createTable(new Table(table));
    await runner.query('INSERT INTO change_feed_head (id, position) VALUES (1, 0)');
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const { name } of TABLES.toReversed()) await runner.dropTable(name);
    await dropColumns(
      runner,
      'api_keys',
      KEY_COLUMNS.map(({ name }) => name),
    );
  }
}

const KEY_COLUMNS = [
  { name: 'last_used_at', ...time, isNullable: true },
  { name: 'limits', type: 'text', isNullable: true },
];

const TABLES = [
  {
    name: 'change_feed_head',
    columns: [
      { name: 'id', type: 'smallint', isPrimary: true, primaryKeyConstraintName: 'PK_change_feed_head' },
      { name: 'position', type: 'bigint' },
    ],
  },
  {
    name: 'change_feed',
    columns: [
      { name: 'position', type: 'bigint', isPrimary: true, primaryKeyConstraintName: 'PK_change_feed' },
      { name: 'organization_id', ...id },
      { name: 'action', type: 'varchar', length: '64' },
      { name: 'subject_id', ...id },
      { name: 'changed_at', ...time },
    ],
    indices: [{ name: 'IX_change_feed_changed', columnNames: ['changed_at'] }],
  },
  {
    name: 'api_key_usage',
    columns: [
      { name: 'api_key_id', ...id, isPrimary: true },
      { name: 'day', type: 'varchar', length: '10', isPrimary: true },
      { name: 'id', ...id, isPrimary: true },
      { name: 'resource_id', ...id },
      { name: 'code', type: 'varchar', length: '32' },
      { name: 'organization_id', ...id },
      { name: 'uses', type: 'bigint' },
    ],
    indices: [
      { name: 'IX_api_key_usage_api_key', columnNames: ['organization_id', 'api_key_id'] },
      { name: 'IX_api_key_usage_day', columnNames: ['day'] },
    ],
    foreignKeys: [
      foreignKey('FK_api_key_usage_api_key', ['organization_id', 'api_key_id'], 'api_keys', [
        'organization_id',
        'id',
      ]),
    ],
  },
];
