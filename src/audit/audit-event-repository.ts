import type { Database } from '../database/database';
import { ListReader, type List, type ListQuery, type ListSource } from '../database/list-reader';
import { isIn, sql, type Fragment } from '../database/sql';
import type { ListedPage, Ordering, PageRequest } from '../shared/pagination';
import type { ActorKind, AuditAction, SubjectKind } from './audit-event';

export const AUDIT_EVENT_ORDERING = {
  name: 'OCCURRED_AT',
  column: 'e.occurred_at',
  holds: 'number',
} as const satisfies Ordering;

/** Something that was done, as it is read from the database. */
export interface AuditEvent {
  readonly id: string;
  readonly action: AuditAction;
  readonly subjectKind: SubjectKind;
  readonly subjectId: string;
  readonly actorKind: ActorKind;
  readonly actorId: string;
  readonly actorEmail: string | null;
  readonly occurredAt: number;
  readonly before: object | null;
  readonly after: object | null;
  readonly address: string | null;
  readonly userAgent: string | null;
  readonly requestId: string | null;
}

/** Which events to list: those that fit everything that is not null. */
export interface AuditEventCriteria {
  readonly actions: readonly AuditAction[] | null;
  readonly actorId: string | null;
  readonly subjectKind: SubjectKind | null;
  readonly subjectId: string | null;
  /** The first instant, and the first one after. */
  readonly from: number | null;
  readonly to: number | null;
}

/** Of what the events are listed. */
export interface AuditedThing {
  readonly organizationId: string;
  /** One subject; null: everything in the organization. */
  readonly subjectId: string | null;
}

/** A state is parsed already by the driver of MySQL, which has a type for JSON. The other databases have text. */
type State = string | object | null;
type EventRow = Omit<AuditEvent, 'before' | 'after'> & { readonly before: State; readonly after: State };

/** The record of what was done, for one request: lists that are asked for together are read together. */
export class AuditEventRepository {
  private readonly lists: ListReader;

  constructor(database: Database) {
    this.lists = new ListReader(database);
  }

  /** The events of a thing, the newest first. */
  async list(
    thing: AuditedThing,
    criteria: AuditEventCriteria,
    request: PageRequest,
  ): Promise<ListedPage<AuditEvent>> {
    const list = listOf(thing);
    const query: ListQuery = {
      source: SOURCE,
      filter: fits(criteria),
      ordering: AUDIT_EVENT_ORDERING,
      descending: true,
    };
    const { items, ...rest } = await this.lists.page<EventRow>(list, query, request);
    const entries = items.map(({ item, position }) => ({ item: toEvent(item), position }));
    return { page: { items: entries, ...rest }, count: () => this.lists.count(list, query) };
  }

  /** Forgets what has been read, since there is more now. */
  forget(): void {
    this.lists.forget();
  }
}

const SOURCE: ListSource = {
  columns: {
    id: 'e.id',
    action: 'e.action',
    subjectKind: 'e.subject_kind',
    subjectId: 'e.subject_id',
    actorKind: 'e.actor_kind',
    actorId: 'e.actor_id',
    actorEmail: 'e.actor_email',
    occurredAt: 'e.occurred_at',
    before: 'e.before_state',
    after: 'e.after_state',
    address: 'e.address',
    userAgent: 'e.user_agent',
    requestId: 'e.request_id',
  } satisfies Record<keyof EventRow, string>,
  from: 'audit_events e',
  idColumn: 'e.id',
};

function listOf({ organizationId, subjectId }: AuditedThing): List {
  const ofOrganization = sql('e.organization_id = ?', organizationId);
  if (subjectId === null) return { key: organizationId, ranges: [ofOrganization] };
  const range = sql('e.subject_id = ? AND e.organization_id = ?', subjectId, organizationId);
  return { key: `${organizationId}/${subjectId}`, ranges: [range] };
}

function fits({ actions, actorId, subjectKind, subjectId, from, to }: AuditEventCriteria): Fragment[] {
  return [
    ...(actions === null ? [] : [isIn('e.action', actions)]),
    ...(actorId === null ? [] : [sql('e.actor_id = ?', actorId)]),
    ...(subjectKind === null ? [] : [sql('e.subject_kind = ?', subjectKind)]),
    ...(subjectId === null ? [] : [sql('e.subject_id = ?', subjectId)]),
    ...(from === null ? [] : [sql('e.occurred_at >= ?', from)]),
    ...(to === null ? [] : [sql('e.occurred_at < ?', to)]),
  ];
}

function toEvent({ before, after, ...rest }: EventRow): AuditEvent {
  return { ...rest, before: parsed(before), after: parsed(after) };
}

function parsed(state: State): object | null {
  return typeof state === 'string' ? (JSON.parse(state) as object) : state;
}
