import type { AuditAction } from '../audit/audit-event';
import type { AuditEventEntity } from '../audit/audit-event-entity';
import type { Transaction } from '../database/transaction';
import { isIn } from '../database/sql';
import { groupBy } from '../shared/group-by';
import { newId } from '../shared/ids';
import { WebhookDeliveryEntity } from './webhook-delivery-entity';

/** The events that webhooks are told of, by what is recorded. */
const EVENT_TYPES: Partial<Record<AuditAction, string>> = {
  API_KEY_CREATED: 'api_key.created',
  API_KEY_IMPORTED: 'api_key.created',
  API_KEY_UPDATED: 'api_key.updated',
  API_KEY_DISABLED: 'api_key.disabled',
  API_KEY_ENABLED: 'api_key.enabled',
  API_KEY_ROTATED: 'api_key.rotated',
  API_KEY_REVOKED: 'api_key.revoked',
  API_KEY_LEAKED: 'api_key.revoked',
};

/** An event that an organization's endpoints are told of. */
export interface WebhookEvent {
  readonly organizationId: string;
  readonly type: string;
  readonly occurredAt: number;
  /** What the event is about, without secrets. */
  readonly subject: { readonly id: string };
}

/** Puts a delivery into the outbox for each endpoint of the organizations that recorded events tell of. */
export async function enqueueDeliveries(
  transaction: Transaction,
  events: readonly AuditEventEntity[],
): Promise<void> {
  await enqueue(
    transaction,
    events.flatMap(({ organizationId, action, subjectId, occurredAt }) => {
      const type = EVENT_TYPES[action];
      return type === undefined ? [] : [{ organizationId, type, occurredAt, subject: { id: subjectId } }];
    }),
  );
}

export async function enqueue(transaction: Transaction, events: readonly WebhookEvent[]): Promise<void> {
  if (events.length === 0) return;
  const organizations = isIn('organization_id', [
    ...new Set(events.map(({ organizationId }) => organizationId)),
  ]);
  const endpoints = await transaction.rows<{ id: string; organizationId: string }>(
    `SELECT id, organization_id AS organizationId FROM webhook_endpoints WHERE ${organizations.text}`,
    organizations.values,
  );
  const byOrganization = groupBy(endpoints, ({ organizationId }) => organizationId);
  const deliveries = events.flatMap((event) =>
    (byOrganization.get(event.organizationId) ?? []).map(({ id }) => toDelivery(event, id)),
  );
  await transaction.insert(WebhookDeliveryEntity, deliveries);
}

function toDelivery(event: WebhookEvent, endpointId: string): WebhookDeliveryEntity {
  const { organizationId, type, occurredAt, subject } = event;
  return {
    id: newId(),
    organizationId,
    endpointId,
    eventType: type,
    payload: JSON.stringify({
      type,
      timestamp: new Date(occurredAt).toISOString(),
      data: { organizationId, apiKeyId: subject.id },
    }),
    status: 'PENDING',
    attempts: 0,
    nextAttemptAt: occurredAt,
    lastResponseStatus: null,
    lastError: null,
    createdAt: occurredAt,
    deliveredAt: null,
  };
}
