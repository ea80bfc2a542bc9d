import DataLoader from 'dataloader';
import { groupBy } from '../shared/group-by';
import {
  toPage,
  type Entry,
  type Ordering,
  type Page,
  type PageRequest,
  type Position,
} from '../shared/pagination';
import { chunksWithin } from './chunks';
import type { Database } from './database';
import { allOf, join, sql, type Fragment } from './sql';

/** One of the lists that a query reads, such as the children of one parent. */
export interface List {
  /** Tells the lists of one query apart. */
  readonly key: string;
  /**
   * The stretches of an index that make up the list, each a condition. They must not overlap. None: the list is empty,
   * and is known to be without asking the database.
   */
  readonly ranges: readonly Fragment[];
}

/** What is read of each list, and in which order. */
export interface ListQuery {
  /** The select list: columns under the names of properties. */
  readonly columns: string;
  /** The table and its alias. */
  readonly from: string;
  readonly filter: readonly Fragment[];
  readonly ordering: Ordering;
  /** The column that breaks ties. */
  readonly idColumn: string;
  /** Which row lies at a place `page` of the list, where the id alone does not tell. */
  readonly placedRow?: string;
  readonly descending: boolean;
}

/** How much one statement may hold: the embedded database takes 500 SELECTs and 32,766 values. */
const MAX_SELECTS = 250;
const MAX_VALUES = 30_000;

type Keyed<Row> = Row & { readonly listKey: string };
type Sorted<Row> = Row & { readonly sortValue: string | number; readonly sortId: string };

/**
 * Reads pages of lists, for one request. Lists that are asked for together under the same query cost one statement
 * for some hundreds of them, however deep their pages lie.
 */
export class ListReader {
  private readonly pages = new Map<string, DataLoader<List, unknown, string>>();
  private readonly counts = new Map<string, DataLoader<List, number, string>>();

  constructor(private readonly database: Database) {}

  /** Forgets what has been read, since it has been changed. */
  forget(): void {
    this.pages.clear();
    this.counts.clear();
  }

  async page<Row extends object>(
    list: List,
    query: ListQuery,
    request: PageRequest,
  ): Promise<Page<Entry<Row>>> {
    const loader = remembered(this.pages, { query, request }, () =>
      byList((lists) => this.readRows<Row>(lists, query, request), []),
    );
    const rows = (await loader.load(list)) as Sorted<Row>[];
    const entries = rows.map((row) => ({ item: row, position: positionOf(row) }));
    return toPage(entries, request);
  }

  async count(list: List, query: ListQuery): Promise<number> {
    const loader = remembered(this.counts, { query }, () =>
      byList((lists) => this.readCounts(lists, query), 0),
    );
    return loader.load(list);
  }

  /**
   * Each range is read by itself, from its own stretch of an index and no further than the page needs, and the ranges
   * are put together with UNION ALL. A window function over all lists would read each of them whole.
   *
   * Only places are read at first, which the index holds; the rows of the page are fetched then. With whole rows in the
   * inner query MariaDB reads all rows up to the cursor.
   */
  private async readRows<Row extends object>(
    lists: readonly List[],
    query: ListQuery,
    request: PageRequest,
  ): Promise<Map<string, Sorted<Row>[]>> {
    const descending = query.descending !== request.backward;
    const direction = descending ? 'DESC' : 'ASC';
    const places = (list: List, range: Fragment): Fragment => {
      const where = allOf([range, ...query.filter, ...beyond(request.beyond, query, descending)]);
      return sql(
        `SELECT * FROM (SELECT ? AS listKey, ${query.ordering.column} AS sortValue, ${query.idColumn} AS sortId ` +
          `FROM ${query.from} WHERE ${where.text} ` +
          `ORDER BY ${query.ordering.column} ${direction}, ${query.idColumn} ${direction} ` +
          `LIMIT ${request.size + 1}) stretch`,
        list.key,
        ...where.values,
      );
    };
    const rows = await this.readRanges<Sorted<Row>>(lists, places, (ranges) =>
      sql(
        `SELECT page.listKey, page.sortValue, page.sortId, ${query.columns} FROM (${ranges.text}) page ` +
          `JOIN ${query.from} ON ${query.placedRow ?? `${query.idColumn} = page.sortId`}`,
        ...ranges.values,
      ),
    );
    const compare = descending ? (a: Position, b: Position) => comparePositions(b, a) : comparePositions;
    for (const page of rows.values()) page.sort((a, b) => compare(positionOf(a), positionOf(b)));
    return rows;
  }

  private async readCounts(lists: readonly List[], query: ListQuery): Promise<Map<string, number>> {
    const rows = await this.readRanges<{ total: number }>(lists, (list, range) => {
      const where = allOf([range, ...query.filter]);
      return sql(
        `SELECT ? AS listKey, COUNT(*) AS total FROM ${query.from} WHERE ${where.text}`,
        list.key,
        ...where.values,
      );
    });
    return new Map(
      Array.from(rows, ([key, counts]) => [key, counts.reduce((sum, { total }) => sum + total, 0)]),
    );
  }

  private async readRanges<Row extends object>(
    lists: readonly List[],
    select: (list: List, range: Fragment) => Fragment,
    complete: (ranges: Fragment) => Fragment = (ranges) => ranges,
  ): Promise<Map<string, Keyed<Row>[]>> {
    const selects = lists.flatMap((list) => list.ranges.map((range) => select(list, range)));
    const rows: Keyed<Row>[][] = [];
    const weigh = ({ values }: Fragment) => values.length;
    for (const part of chunksWithin(selects, { items: MAX_SELECTS, weight: MAX_VALUES, weigh })) {
      const { text, values } = complete(join(part, ' UNION ALL '));
      rows.push(await this.database.rows<Keyed<Row>>(text, values));
    }
    return groupBy(rows.flat(), (row) => row.listKey);
  }
}

function positionOf({ sortValue, sortId }: Sorted<object>): Position {
  return { value: sortValue, id: sortId };
}

/** By the value and then the id, text by its bytes: as both databases compare them. */
function comparePositions(a: Position, b: Position): number {
  return compareValues(a.value, b.value) || compareValues(a.id, b.id);
}

function compareValues(a: string | number, b: string | number): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)));
}

// Spelled out rather than as (a, b) > (?, ?), for which MySQL does not use an index.
function beyond(position: Position | null, query: ListQuery, descending: boolean): Fragment[] {
  if (position === null) return [];
  const past = descending ? '<' : '>';
  return [
    sql(`${query.ordering.column} ${past}= ?`, position.value),
    sql(`(${query.ordering.column} ${past} ? OR ${query.idColumn} ${past} ?)`, position.value, position.id),
  ];
}

/** A loader of what each list has, which leaves lists without ranges out of the statement. */
function byList<Value>(
  read: (lists: readonly List[]) => Promise<Map<string, Value>>,
  none: Value,
): DataLoader<List, Value, string> {
  return new DataLoader(
    async (lists) => {
      const asked = lists.filter((list) => list.ranges.length > 0);
      const found = asked.length === 0 ? new Map<string, Value>() : await read(asked);
      return lists.map((list) => found.get(list.key) ?? none);
    },
    { cacheKeyFn: (list) => list.key },
  );
}

function remembered<Value>(values: Map<string, Value>, key: object, create: () => Value): Value {
  const text = JSON.stringify(key);
  const value = values.get(text) ?? create();
  values.set(text, value);
  return value;
}
