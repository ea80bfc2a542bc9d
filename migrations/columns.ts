/** The types that come again and again: see the entities for what they hold. */
export const id = { type: 'varchar', length: '36' };
export const time = { type: 'bigint' };

// Both actions are named, since servers differ in what they show for one that is left out.
export function foreignKey(
  name: string,
  columnNames: string[],
  table: string,
  referenced: string[],
  onDelete = 'CASCADE',
) {
  return {
    name,
    columnNames,
    referencedTableName: table,
    referencedColumnNames: referenced,
    onDelete,
    onUpdate: 'NO ACTION',
  };
}

export function grantedResource(name: string) {
  const columns = ['organization_id', 'resource_id', 'level'];
  return foreignKey(name, columns, 'resources', ['organization_id', 'id', 'level']);
}
