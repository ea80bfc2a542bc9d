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
import { allOf, join, selectList, sql, type Fragment } from './sql';

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

/** Where lists are read from. */
export interface ListSource {
  /** What rows hold, by the properties in which they do. */
  readonly columns: Readonly<Record<string, string>>;
  /** The table and its alias. */
  readonly from: string;
  /** The column that breaks ties. */
  readonly idColumn: string;
  /** Which row lies at a place `page` of the list, where the id alone does not tell. */
  readonly placedRow?: string;
}

/** What is read of each list, and in which order. */
export interface ListQuery {
  readonly source: ListSource;
  readonly filter: readonly Fragment[];
  readonly ordering: Ordering;
  readonly descending: boolean;
}

/** How much one statement may hold: the embedded database takes 500 SELECTs and 32,766 values. */
const MAX_SELECTS = 250;
const MAX_VALUES = 30_000;

type Row = Readonly<Record<string, unknown>>;
type ByList<Value> = Map<string, Value>;
/** Loaders by what is read, as text, of each source. */
type Loaders<Value> = Map<ListSource, Map<string, DataLoader<List, Value, string>>>;

/**
 * Reads pages of lists, for one request. Lists that are asked for together under the same query cost one statement
 * for some hundreds of them, however deep their pages lie.
 */
export class ListReader {
  private readonly pages: Loaders<readonly Entry<object>[]> = new Map();
  private readonly counts: Loaders<number> = new Map();

  constructor(private readonly database: Database) {}

  /** Forgets what has been read, since it has been changed. */
  forget(): void {
    this.pages.clear();
    this.counts.clear();
  }

  /** @typeParam Item what rows are that hold the columns of the source */
  async page<Item extends object>(
    list: List,
    query: ListQuery,
    request: PageRequest,
  ): Promise<Page<Entry<Item>>> {
    const loader = remembered(this.pages, query, request, () =>
      byList((lists) => this.readEntries(lists, query, request), []),
    );
    return toPage((await loader.load(list)) as readonly Entry<Item>[], request);
  }

  async count(list: List, query: ListQuery): Promise<number> {
    const loader = remembered(this.counts, query, null, () =>
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
  private async readEntries(
    lists: readonly List[],
    query: ListQuery,
    request: PageRequest,
  ): Promise<ByList<Entry<object>[]>> {
    const { ordering, source } = query;
    const { from, idColumn } = source;
    const descending = query.descending !== request.backward;
    const direction = descending ? 'DESC' : 'ASC';
    const places = (list: List, range: Fragment): Fragment => {
      const where = allOf([range, ...query.filter, ...beyond(request.beyond, query, descending)]);
      return sql(
        `SELECT * FROM (SELECT ? AS listKey, ${ordering.column} AS sortValue, ${idColumn} AS sortId ` +
          `FROM ${from} WHERE ${where.text} ORDER BY ${ordering.column} ${direction}, ${idColumn} ${direction} ` +
          `LIMIT ${request.size + 1}) stretch`,
        list.key,
        ...where.values,
      );
    };
    const held = placeHeldIn(query);
    const selected = [
      ...(lists.length === 1 ? [] : ['page.listKey']),
      ...held.besides,
      selectList(source.columns),
    ];
    const rows = await this.readRanges(lists, places, (ranges) =>
      sql(
        `SELECT ${selected.join(', ')} FROM (${ranges.text}) page ` +
          `JOIN ${from} ON ${source.placedRow ?? `${idColumn} = page.sortId`}`,
        ...ranges.values,
      ),
    );
    return new Map(Array.from(rows, ([key, ofList]) => [key, sorted(ofList.map(held.toEntry), descending)]));
  }

  private async readCounts(lists: readonly List[], { source, filter }: ListQuery): Promise<ByList<number>> {
    const rows = await this.readRanges(lists, (list, range) => {
      const where = allOf([range, ...filter]);
      return sql(
        `SELECT ? AS listKey, COUNT(*) AS total FROM ${source.from} WHERE ${where.text}`,
        list.key,
        ...where.values,
      );
    });
    return new Map(
      Array.from(rows, ([key, counts]) => [
        key,
        counts.reduce((sum, { total }) => sum + (total as number), 0),
      ]),
    );
  }

  /** The rows of each list: where there is but one, they need not say of which they are. */
  private async readRanges(
    lists: readonly List[],
    select: (list: List, range: Fragment) => Fragment,
    complete: (ranges: Fragment) => Fragment = (ranges) => ranges,
  ): Promise<ByList<Row[]>> {
    const selects = lists.flatMap((list) => list.ranges.map((range) => select(list, range)));
    let rows: Row[] = [];
    const weigh = ({ values }: Fragment) => values.length;
    for (const part of chunksWithin(selects, { items: MAX_SELECTS, weight: MAX_VALUES, weigh })) {
      const { text, values } = complete(join(part, ' UNION ALL '));
      rows = rows.concat(await this.database.rows<Row>(text, values));
    }
    const [only, ...others] = lists;
    if (only !== undefined && others.length === 0) return new Map([[only.key, rows]]);
    return groupBy(rows, ({ listKey }) => listKey as string);
  }
}

/** How rows tell their places in the lists. */
interface HeldPlace {
  /** What has to be selected for that besides the columns of the source. */
  readonly besides: readonly string[];
  readonly toEntry: (row: Row) => Entry<object>;
}

/** Most rows hold their places among what is read of them anyway. */
function placeHeldIn({ source: { columns, idColumn }, ordering }: ListQuery): HeldPlace {
  const propertyOf = (column: string) =>
    Object.keys(columns).find((property) => columns[property] === column);
  const [value, id] = [propertyOf(ordering.column), propertyOf(idColumn)];
  return {
    besides: [
      ...(value === undefined ? ['page.sortValue'] : []),
      ...(id === undefined ? ['page.sortId'] : []),
    ],
    toEntry: (row) => ({
      item: row,
      position: { value: row[value ?? 'sortValue'] as Position['value'], id: row[id ?? 'sortId'] as string },
    }),
  };
}

function sorted(entries: Entry<object>[], descending: boolean): Entry<object>[] {
  const sign = descending ? -1 : 1;
  return entries.sort((a, b) => sign * comparePositions(a.position, b.position));
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
    sql(
      `(${query.ordering.column} ${past} ? OR ${query.source.idColumn} ${past} ?)`,
      position.value,
      position.id,
    ),
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

function remembered<Value>(
  loaders: Loaders<Value>,
  { source, ...query }: ListQuery,
  request: PageRequest | null,
  create: () => DataLoader<List, Value, string>,
): DataLoader<List, Value, string> {
  const ofSource = loaders.get(source) ?? new Map<string, DataLoader<List, Value, string>>();
  loaders.set(source, ofSource);
  const text = JSON.stringify([query, request]);
  const loader = ofSource.get(text) ?? create();
  ofSource.set(text, loader);
  return loader;
}
