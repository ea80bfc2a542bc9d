import type { ObjectLiteral, QueryRunner } from 'typeorm';
import { insertOrAdd } from './insert-or-add';
import { insertRows } from './insert-rows';
import type { SqlValue } from './sql';

/** What the work of one transaction may do. It must not be used after the work has ended. */
export class Transaction {
  constructor(private readonly runner: QueryRunner) {}

  async rows<Row>(sql: string, values: readonly SqlValue[] = []): Promise<Row[]> {
    return (await this.runner.query(sql, [...values])) as Row[];
  }

  /**
   * Reads rows and keeps others from changing them until the transaction ends. On the embedded database writes run one
   * at a time, so there is nothing to keep out.
   */
  async lockedRows<Row>(sql: string, values: readonly SqlValue[] = []): Promise<Row[]> {
    const embedded = this.runner.dataSource.options.type === 'better-sqlite3';
    return this.rows<Row>(embedded ? sql : `${sql} FOR UPDATE`, values);
  }

  /** Runs an UPDATE or DELETE and returns how many rows it found. */
  async execute(sql: string, values: readonly SqlValue[] = []): Promise<number> {
    const { affected } = await this.runner.query(sql, [...values], true);
    return affected ?? 0;
  }

  async insert<Entity extends ObjectLiteral>(
    entity: new () => Entity,
    rows: readonly Entity[],
  ): Promise<void> {
    await insertRows(this.runner, entity, rows);
  }

  /** Inserts rows, and adds to one column of those that are there already: see `insertOrAdd`. */
  async insertOrAdd<Entity extends ObjectLiteral>(
    entity: new () => Entity,
    rows: readonly Entity[],
    added: keyof Entity & string,
  ): Promise<void> {
    await insertOrAdd(this.runner, entity, rows, added);
  }
}
