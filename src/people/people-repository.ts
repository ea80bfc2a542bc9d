import { readMemberships } from '../auth/membership-repository';
import type { Membership } from '../auth/principal';
import { loadOne } from '../database/batch-by-key';
import type { Database } from '../database/database';
import { ListReader, type ListQuery } from '../database/list-reader';
import { isIn, sql } from '../database/sql';
import type { ListedPage, Ordering, PageRequest } from '../shared/pagination';

export const MEMBERSHIP_ORDERING = {
  name: 'USER_ID',
  column: 'm.user_id',
  holds: 'string',
} as const satisfies Ordering;

const QUERY: ListQuery = {
  source: { columns: { id: 'm.id' }, from: 'memberships m', idColumn: 'm.id' },
  filter: [],
  ordering: MEMBERSHIP_ORDERING,
  descending: false,
};

/** The people of organizations, for one request: what is asked for together is read together, and only once. */
export class PeopleRepository {
  private readonly lists: ListReader;
  private readonly byId = loadOne<Membership>(
    (ids) => readMemberships(this.database, isIn('m.id', ids)),
    ({ id }) => id,
  );

  constructor(private readonly database: Database) {
    this.lists = new ListReader(database);
  }

  /** A page of the memberships of an organization. */
  async list(organizationId: string, request: PageRequest): Promise<ListedPage<Membership>> {
    const list = { key: organizationId, ranges: [sql('m.organization_id = ?', organizationId)] };
    const { items, ...rest } = await this.lists.page<{ id: string }>(list, QUERY, request);
    const entries = await Promise.all(
      items.map(async ({ item, position }) => ({ item: await this.byId.load(item.id), position })),
    );
    // A membership that was removed between the two statements is left out.
    const found = entries.flatMap(({ item, position }) => (item === null ? [] : [{ item, position }]));
    return { page: { items: found, ...rest }, count: () => this.lists.count(list, QUERY) };
  }

  /** Forgets what has been read, since it has been changed. */
  forget(): void {
    this.byId.clearAll();
    this.lists.forget();
  }
}
