import type { KeyState } from '../api-keys/changing/key-state';
import type { AuditAction } from '../audit/audit-event';
import type { AuditEventEntity } from '../audit/audit-event-entity';
import type { Transaction } from '../database/transaction';
import { isIn } from '../database/sql';
import { groupBy } from '../shared/group-by';
import { newId } from '../shared/ids';
import { toPayload, type ApiKeyEvent } from './api-key-event';
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

/** Puts a delivery into the outbox for each endpoint of the organizations that recorded events tell of. */
export async function enqueueDeliveries(
  transaction: Transaction,
  events: readonly AuditEventEntity[],
): Promise<void> {
  await enqueue(transaction, events.flatMap(toApiKeyEvents));
}

export async function enqueue(transaction: Transaction, events: readonly ApiKeyEvent[]): Promise<void> {
  if (events.length === 0) return;
  const organizations = isIn('organization_id', [
    ...new Set(events.map(({ organizationId }) => organizationId)),
  ]);
  const endpoints = await transaction.rows<{ id: string; organizationId: string }>(
    `SELECT id, organization_id AS organizationId FROM webhook_endpoints WHERE ${organizations.text}`,
    organizations.values,
  );
  const byOrganization = groupBy(endpoints, ({ organizationId }) => organizationId);
  const deliveries = events.flatMap((event) => {
    const told = byOrganization.get(event.organizationId);
    if (told === undefined) return [];
    const payload = toPayload(event);
    return told.map(({ id }) => toDelivery(event, payload, id));
  });
  await transaction.insert(WebhookDeliveryEntity, deliveries);
}

function toApiKeyEvents(event: AuditEventEntity): ApiKeyEvent[] {
  const type = EVENT_TYPES[event.action];
  if (type === undefined || event.after === null) return [];
  return [
    {
      type,
      organizationId: event.organizationId,
      apiKeyId: event.subjectId,
      occurredAt: event.occurredAt,
      state: JSON.parse(event.after) as KeyState,
      actor: { kind: event.actorKind, id: event.actorId, email: event.actorEmail },
    },
  ];
}

function toDelivery(
  { organizationId, type, occurredAt }: ApiKeyEvent,
  payload: string,
  endpointId: string,
): WebhookDeliveryEntity {
  return {
    id: newId(),
    organizationId,
    endpointId,
    eventType: type,
    payload,
    status: 'PENDING',
    attempts: 0,
    nextAttemptAt: occurredAt,
    lastResponseStatus: null,
    lastError: null,
    createdAt: occurredAt,
    deliveredAt: null,
  };
}
