import { randomBytes } from 'node:crypto';
import type { Change } from '../audit/change';
import { newId } from '../shared/ids';
import { rejected } from '../shared/user-errors';
import { checkEndpointUrl, type EndpointRules } from './endpoint-url';
import { WebhookEndpointEntity } from './webhook-endpoint-entity';
import type { WebhookEndpoint } from './webhook-repository';

const MAX_ENDPOINTS = 20;

/** The Standard Webhooks scheme asks for 24 to 64 random bytes. */
const SECRET_BYTES = 32;

export interface AddWebhookEndpoint {
  readonly organizationId: string;
  readonly url: string;
}

export interface AddedEndpoint {
  readonly endpoint: WebhookEndpoint;
  /** Shown only now. */
  readonly signingSecret: string;
}

/** Adds an endpoint, which is told of what happens from now on. */
export async function addWebhookEndpoint(
  change: Change,
  rules: EndpointRules,
  { organizationId, url }: AddWebhookEndpoint,
): Promise<AddedEndpoint> {
  const { permissions, transaction, now } = change;
  permissions.requireUser();
  if (!permissions.may('webhooks:change', organizationId)) {
    const message = 'There is no organization of this id whose webhooks you may change.';
    throw rejected('NOT_FOUND', message, ['organizationId']);
  }
  const endpoint = { id: newId(), organizationId, url: checkEndpointUrl(url, rules), createdAt: now };
  await checkRoom(change, organizationId);
  const signingSecret = `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;
  await transaction.insert(WebhookEndpointEntity, [{ ...endpoint, signingSecret }]);
  await change.record([
    {
      organizationId,
      action: 'WEBHOOK_ENDPOINT_ADDED',
      subject: { kind: 'WEBHOOK_ENDPOINT', id: endpoint.id },
      before: null,
      after: { url: endpoint.url },
    },
  ]);
  return { endpoint, signingSecret };
}

/** Removes an endpoint, with its deliveries. */
export async function removeWebhookEndpoint(change: Change, id: string): Promise<string> {
  const { permissions, transaction } = change;
  permissions.requireUser();
  const [endpoint] = await transaction.lockedRows<AddWebhookEndpoint>(
    'SELECT organization_id AS organizationId, url FROM webhook_endpoints WHERE id = ?',
    [id],
  );
  if (endpoint === undefined || !permissions.may('webhooks:change', endpoint.organizationId)) {
    throw rejected('NOT_FOUND', 'There is no endpoint of this id that you may change.', ['id']);
  }
  await transaction.execute('DELETE FROM webhook_endpoints WHERE id = ?', [id]);
  await change.record([
    {
      organizationId: endpoint.organizationId,
      action: 'WEBHOOK_ENDPOINT_REMOVED',
      subject: { kind: 'WEBHOOK_ENDPOINT', id },
      before: { url: endpoint.url },
      after: null,
    },
  ]);
  return id;
}

/** Those who add endpoints take turns on the organization's row, so that two of them do not both take the last place. */
async function checkRoom({ transaction }: Change, organizationId: string): Promise<void> {
  await transaction.lockedRows('SELECT id FROM resources WHERE id = ?', [organizationId]);
  const endpoints = await transaction.rows('SELECT id FROM webhook_endpoints WHERE organization_id = ?', [
    organizationId,
  ]);
  if (endpoints.length < MAX_ENDPOINTS) return;
  throw rejected(
    'LIMIT_REACHED',
    `An organization has at most ${MAX_ENDPOINTS} endpoints. Remove one first.`,
  );
}
