import type { Database } from '../database/database';
import { ListReader, type ListQuery, type ListSource } from '../database/list-reader';
import { isIn, sql } from '../database/sql';
import type { ListedPage, Ordering, PageRequest } from '../shared/pagination';
import type { DeliveryStatus } from './webhook-delivery';

export const WEBHOOK_ORDERING = {
  name: 'CREATED_AT',
  column: 'w.created_at',
  holds: 'number',
} as const satisfies Ordering;

/** Where an organization wants to be told of events, without the secret. */
export interface WebhookEndpoint {
  readonly id: string;
  readonly organizationId: string;
  readonly url: string;
  readonly createdAt: number;
}

/** An event on its way to an endpoint. */
export interface WebhookDelivery {
  readonly id: string;
  readonly endpointId: string;
  readonly eventType: string;
  /** The body, as JSON. */
  readonly payload: string;
  readonly status: DeliveryStatus;
  readonly attempts: number;
  readonly nextAttemptAt: number;
  readonly lastResponseStatus: number | null;
  readonly lastError: string | null;
  readonly createdAt: number;
  readonly deliveredAt: number | null;
}

/** Which deliveries to list: those that fit everything that is not null. */
export interface DeliveryCriteria {
  readonly statuses: readonly DeliveryStatus[] | null;
  readonly endpointId: string | null;
}

/** The webhooks of organizations, for one request: lists that are asked for together are read together. */
export class WebhookRepository {
  private readonly lists: ListReader;

  constructor(database: Database) {
    this.lists = new ListReader(database);
  }

  /** The endpoints of an organization, the newest first. */
  async endpoints(organizationId: string, request: PageRequest): Promise<ListedPage<WebhookEndpoint>> {
    return this.list(organizationId, { ...NEWEST_FIRST, source: ENDPOINTS, filter: [] }, request);
  }

  /** The deliveries of an organization, the newest first. */
  async deliveries(
    organizationId: string,
    { statuses, endpointId }: DeliveryCriteria,
    request: PageRequest,
  ): Promise<ListedPage<WebhookDelivery>> {
    const filter = [
      ...(statuses === null ? [] : [isIn('w.status', statuses)]),
      ...(endpointId === null ? [] : [sql('w.endpoint_id = ?', endpointId)]),
    ];
    return this.list(organizationId, { ...NEWEST_FIRST, source: DELIVERIES, filter }, request);
  }

  /** Forgets what has been read, since it has been changed. */
  forget(): void {
    this.lists.forget();
  }

  private async list<Row extends object>(
    organizationId: string,
    query: ListQuery,
    request: PageRequest,
  ): Promise<ListedPage<Row>> {
    const list = { key: organizationId, ranges: [sql('w.organization_id = ?', organizationId)] };
    return {
      page: await this.lists.page<Row>(list, query, request),
      count: () => this.lists.count(list, query),
    };
  }
}

const NEWEST_FIRST = { ordering: WEBHOOK_ORDERING, descending: true };

const ENDPOINTS: ListSource = {
  columns: {
    id: 'w.id',
    organizationId: 'w.organization_id',
    url: 'w.url',
    createdAt: 'w.created_at',
  } satisfies Record<keyof WebhookEndpoint, string>,
  from: 'webhook_endpoints w',
  idColumn: 'w.id',
};

const DELIVERIES: ListSource = {
  columns: {
    id: 'w.id',
    endpointId: 'w.endpoint_id',
    eventType: 'w.event_type',
    payload: 'w.payload',
    status: 'w.status',
    attempts: 'w.attempts',
    nextAttemptAt: 'w.next_attempt_at',
    lastResponseStatus: 'w.last_response_status',
    lastError: 'w.last_error',
    createdAt: 'w.created_at',
    deliveredAt: 'w.delivered_at',
  } satisfies Record<keyof WebhookDelivery, string>,
  from: 'webhook_deliveries w',
  idColumn: 'w.id',
};
