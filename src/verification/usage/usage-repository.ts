import { loadOne } from '../../database/batch-by-key';
import type { Database } from '../../database/database';
import { ListReader, type ListQuery, type ListSource } from '../../database/list-reader';
import { isIn, sql } from '../../database/sql';
import type { ListedPage, Ordering, PageRequest } from '../../shared/pagination';
import type { VerificationCode } from '../verification-code';
import type { UsedResources } from './scope-advice';
import { readUsedResources, type UsedByKey } from './used-resources';

export const USAGE_ORDERING = { name: 'DAY', column: 'u.day', holds: 'string' } as const satisfies Ordering;

/** How often a key was verified on a day, for a resource, with one outcome. */
export interface DailyUse {
  /** In UTC, as 2026-01-31. */
  readonly day: string;
  /** Null: no resource was asked about, or none was found. */
  readonly resourceId: string | null;
  readonly code: VerificationCode;
  readonly uses: number;
}

/** Which counts to list: those that fit everything that is not null. */
export interface UsageCriteria {
  /** The first day and the last. */
  readonly from: string;
  readonly to: string;
  readonly codes: readonly VerificationCode[] | null;
  readonly resourceId: string | null;
}

const NOT_USED: UsedResources = { used: false, resourcesNamed: false, paths: [] };

/** What keys were used for, for one request: what is asked for together is read together. */
export class UsageRepository {
  private readonly lists: ListReader;
  private readonly used = loadOne<UsedByKey>(
    (ids) => readUsedResources(this.database, ids, this.now),
    ({ keyId }) => keyId,
  );

  constructor(
    private readonly database: Database,
    private readonly now: number,
  ) {
    this.lists = new ListReader(database);
  }

  /** The counts of a key that the caller may read, the latest days first. */
  async list(keyId: string, criteria: UsageCriteria, request: PageRequest): Promise<ListedPage<DailyUse>> {
    const query: ListQuery = {
      source: SOURCE,
      filter: fits(criteria),
      ordering: USAGE_ORDERING,
      descending: true,
    };
    const list = { key: keyId, ranges: [sql('u.api_key_id = ?', keyId)] };
    const { items, ...rest } = await this.lists.page<DailyUse>(list, query, request);
    const entries = items.map(({ item, position }) => ({
      item: { ...item, resourceId: item.resourceId === '' ? null : item.resourceId },
      position,
    }));
    return { page: { items: entries, ...rest }, count: () => this.lists.count(list, query) };
  }

  /** What a key that the caller may read was used for lately. */
  async usedResources(keyId: string): Promise<UsedResources> {
    return (await this.used.load(keyId)) ?? NOT_USED;
  }

  /** Forgets what has been read, since resources may have been changed. */
  forget(): void {
    this.lists.forget();
    this.used.clearAll();
  }
}

const SOURCE: ListSource = {
  columns: {
    day: 'u.day',
    resourceId: 'u.resource_id',
    code: 'u.code',
    uses: 'u.uses',
  } satisfies Record<keyof DailyUse, string>,
  from: 'api_key_usage u',
  idColumn: 'u.id',
  placedRow: 'u.api_key_id = page.listKey AND u.day = page.sortValue AND u.id = page.sortId',
};

function fits({ from, to, codes, resourceId }: UsageCriteria) {
  return [
    sql('u.day >= ? AND u.day <= ?', from, to),
    ...(codes === null ? [] : [isIn('u.code', codes)]),
    ...(resourceId === null ? [] : [sql('u.resource_id = ?', resourceId)]),
  ];
}
