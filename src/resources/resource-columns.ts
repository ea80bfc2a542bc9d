import { selectList } from '../database/sql';
import { LEVELS, levelAt } from '../scopes';
import type { ResourceNode } from './resource-node';

/** The columns of a resource, by the property that each becomes. */
const COLUMNS = {
  id: 'id',
  level: 'level',
  organizationId: 'organization_id',
  name: 'name',
  slug: 'slug',
  createdAt: 'created_at',
  modifiedAt: 'modified_at',
} as const;

type Row = Record<string, string | number | null>;

/** The columns of one resource, by properties that begin with the alias. */
export function resourceColumns(alias: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(COLUMNS).map(([property, column]) => [`${alias}_${property}`, `${alias}.${column}`]),
  );
}

const ALIASES = LEVELS.map((_, steps) => `r${steps}`);

/** The select list for a resource `r0` with its ancestors, for use with `ANCESTOR_JOINS`. */
export const PATH_COLUMNS = ALIASES.map((alias) => selectList(resourceColumns(alias))).join(', ');

/** Joins to the resource `r0` its parent `r1`, and so on up to its organization. */
export const ANCESTOR_JOINS = ALIASES.slice(1)
  .map((alias, index) => `LEFT JOIN resources ${alias} ON ${alias}.id = r${index}.parent_id`)
  .join(' ');

export function toResource(row: Row, alias: string, parent: ResourceNode | null): ResourceNode {
  return {
    id: row[`${alias}_id`] as string,
    level: levelAt(row[`${alias}_level`] as number),
    organizationId: row[`${alias}_organizationId`] as string,
    name: row[`${alias}_name`] as string,
    slug: row[`${alias}_slug`] as string | null,
    createdAt: row[`${alias}_createdAt`] as number,
    modifiedAt: row[`${alias}_modifiedAt`] as number,
    parent,
  };
}

/**
 * Makes resources of rows that hold each one's whole path. Ancestors that rows share become one object.
 */
export class PathReader {
  private readonly seen = new Map<string, ResourceNode>();

  read(row: Row): ResourceNode {
    return this.readFrom(row, 0);
  }

  private readFrom(row: Row, steps: number): ResourceNode {
    const id = row[`r${steps}_id`] as string;
    const known = this.seen.get(id);
    if (known) return known;
    const hasParent = steps + 1 < ALIASES.length && row[`r${steps + 1}_id`] !== null;
    const node = toResource(row, `r${steps}`, hasParent ? this.readFrom(row, steps + 1) : null);
    this.seen.set(id, node);
    return node;
  }
}
