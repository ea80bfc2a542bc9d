import { jest } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { createLogger } from '../../src/shared/logger';
import { WebhookSender, type WebhookSenderParts } from '../../src/webhooks/webhook-sender';
import { ask, type Page } from './every-page';
import { mutate } from './mutate';
import type { Credential, TestProgram } from './test-program';
import type { ReceivedWebhook } from './webhook-receiver';

export interface EndpointView {
  readonly id: string;
  readonly url: string;
  readonly createdAt: string;
}

export interface DeliveryView {
  readonly id: string;
  readonly endpointId: string;
  readonly eventType: string;
  readonly status: string;
  readonly attempts: number;
  readonly nextAttemptAt: string | null;
  readonly lastResponseStatus: number | null;
  readonly lastError: string | null;
  readonly createdAt: string;
  readonly deliveredAt: string | null;
  readonly payload: WebhookBody;
}

/** The body of a message. */
export interface WebhookBody {
  readonly type: string;
  readonly timestamp: string;
  readonly data: Readonly<Record<string, unknown>>;
}

interface AddedEndpoint {
  readonly endpoint: EndpointView | null;
  readonly signingSecret: string | null;
}

export const tryToAddEndpoint = (
  program: TestProgram,
  credential: Credential,
  organizationId: string,
  url: string,
) =>
  mutate<AddedEndpoint>(
    program,
    credential,
    'addWebhookEndpoint',
    'endpoint { id url createdAt } signingSecret',
    { organizationId, url },
  );

export const tryToRemoveEndpoint = (program: TestProgram, credential: Credential, id: string) =>
  mutate<{ removedId: string | null }>(program, credential, 'removeWebhookEndpoint', 'removedId', { id });

/** Answers a new endpoint with its secret, and fails when there are errors of any kind. */
export async function addedEndpoint(...request: Parameters<typeof tryToAddEndpoint>) {
  const { endpoint, signingSecret, userErrors } = await tryToAddEndpoint(...request);
  if (!endpoint || !signingSecret) throw new Error(`The endpoint was refused: ${JSON.stringify(userErrors)}`);
  return { ...endpoint, signingSecret };
}

const DELIVERY_FIELDS =
  'id endpointId eventType status attempts nextAttemptAt lastResponseStatus lastError createdAt deliveredAt payload';

/** The newest deliveries of an organization; null without the right to see them. */
export async function deliveriesOf(
  program: TestProgram,
  credential: Credential,
  organizationId: string,
  filter: object | null = null,
): Promise<readonly DeliveryView[] | null> {
  const data = await ask<{ organization: { webhookDeliveries: Page<DeliveryView> | null } }>(
    program,
    credential,
    `query($id: ID!, $filter: WebhookDeliveryFilter) { organization(id: $id) {
      webhookDeliveries(first: 100, filter: $filter) { totalCount nodes { ${DELIVERY_FIELDS} } } } }`,
    { id: organizationId, filter },
  );
  return data.organization.webhookDeliveries?.nodes ?? null;
}

/** The endpoints of an organization, the newest first; null without the right to see them. */
export async function endpointsOf(
  program: TestProgram,
  credential: Credential,
  organizationId: string,
): Promise<readonly EndpointView[] | null> {
  const data = await ask<{ organization: { webhookEndpoints: Page<EndpointView> | null } }>(
    program,
    credential,
    'query($id: ID!) { organization(id: $id) { webhookEndpoints { totalCount nodes { id url createdAt } } } }',
    { id: organizationId },
  );
  return data.organization.webhookEndpoints?.nodes ?? null;
}

/** Removes every endpoint, with its deliveries. */
export async function removeEndpoints({ database }: TestProgram): Promise<void> {
  await database.transaction((transaction) => transaction.execute('DELETE FROM webhook_endpoints'));
}

/** A sender that sends when it is told to. */
export function senderOf(
  { database }: TestProgram,
  settings: Pick<WebhookSenderParts, 'clock'> & Partial<WebhookSenderParts>,
): WebhookSender {
  const logger = createLogger('silent');
  return new WebhookSender({
    database,
    logger,
    pollMs: 0,
    timeoutMs: 5000,
    privateAddresses: true,
    ...settings,
  });
}

/** The message as the library for receivers takes it, at a time. It throws unless the signature is good. */
export function verified({ body, headers }: ReceivedWebhook, secret: string, now: number): WebhookBody {
  const clock = jest.spyOn(Date, 'now').mockReturnValue(now);
  try {
    return new Webhook(secret).verify(body, headers as Record<string, string>) as WebhookBody;
  } finally {
    clock.mockRestore();
  }
}
