import { ArgsType, Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { ConnectionArgs, connectionTypes } from '../shared/connection';
import type { EnumOf } from '../shared/enum-of';
import { Payload } from '../shared/payload';
import type { DeliveryStatus } from './webhook-delivery';
import type { WebhookEndpoint } from './webhook-repository';
import { DateTimeISO } from '../shared/date-time';

const DeliveryStatusEnum: EnumOf<DeliveryStatus> = {
  PENDING: 'PENDING',
  DELIVERED: 'DELIVERED',
  FAILED: 'FAILED',
};

registerEnumType(DeliveryStatusEnum, {
  name: 'WebhookDeliveryStatus',
  description: 'What has become of a delivery so far.',
  valuesConfig: {
    PENDING: { description: 'It will be tried, or tried again.' },
    DELIVERED: { description: 'The endpoint has taken it, with a status of 200 to 299.' },
    FAILED: {
      description:
        'It was given up: after about three days of attempts, or at once if the endpoint answered 410.',
    },
  },
});

@ObjectType('WebhookEndpoint', {
  description:
    'Where an organization is told of what happens to its API keys. Messages are signed by the Standard Webhooks scheme, ' +
    'and each comes at least once: its `webhook-id` tells a repetition.',
})
export class WebhookEndpointType {
  @Field(() => ID, { description: 'The id of the endpoint.' })
  readonly id: string;

  @Field({ description: 'The URL that messages are posted to.' })
  readonly url: string;

  @Field(() => DateTimeISO, { description: 'When the endpoint was added.' })
  readonly createdAt: number;
}

@ObjectType('WebhookDelivery', { description: 'A message to an endpoint, and what became of it.' })
export class WebhookDeliveryType {
  @Field(() => ID, { description: 'The id of the message: its `webhook-id`, the same at each attempt.' })
  readonly id: string;

  @Field(() => ID, { description: 'The id of the endpoint that it goes to.' })
  readonly endpointId: string;

  @Field({
    description:
      'What it tells of: `api_key.created`, `.updated`, `.disabled`, `.enabled`, `.rotated`, `.revoked`, `.expiring` (within ' +
      '7 days) or `.expired`.',
  })
  readonly eventType: string;

  @Field(() => DeliveryStatusEnum, { description: 'What has become of it so far.' })
  readonly status: DeliveryStatus;

  @Field(() => Int, { description: 'How often it has been tried.' })
  readonly attempts: number;

  @Field(() => Int, {
    nullable: true,
    description: 'The HTTP status that the endpoint answered last; null if it did not answer.',
  })
  readonly lastResponseStatus: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'Why the last attempt failed, in words; null: it did not.',
  })
  readonly lastError: string | null;

  @Field(() => DateTimeISO, { description: 'When it happened what it tells of.' })
  readonly createdAt: number;

  @Field(() => DateTimeISO, {
    nullable: true,
    description: 'When the endpoint took it; null: not yet.',
  })
  readonly deliveredAt: number | null;
}

@InputType({ description: 'Which deliveries to list: those that fit everything that is given.' })
class WebhookDeliveryFilter {
  @Field(() => [DeliveryStatusEnum], {
    nullable: true,
    description: 'Deliveries that are in one of these states.',
  })
  readonly status?: DeliveryStatus[] | null;

  @Field(() => ID, { nullable: true, description: 'Deliveries to this endpoint.' })
  readonly endpointId?: string | null;
}

@ArgsType()
export class WebhookDeliveryListArgs extends ConnectionArgs {
  @Field(() => WebhookDeliveryFilter, {
    nullable: true,
    description: 'Which deliveries to list. Without it, all.',
  })
  readonly filter?: WebhookDeliveryFilter | null;
}

@InputType({ description: 'Where an organization shall be told of what happens to its API keys.' })
export class AddWebhookEndpointInput {
  @Field(() => ID, { description: 'The id of the organization.' })
  readonly organizationId: string;

  @Field({ description: 'Where to post to: an https URL without a user name and a password in it.' })
  readonly url: string;
}

@InputType({ description: 'Which endpoint to remove.' })
export class RemoveWebhookEndpointInput {
  @Field(() => ID, { description: 'The id of the endpoint.' })
  readonly id: string;
}

@ObjectType({ description: 'A new endpoint, with the secret that its messages are signed with.' })
export class AddWebhookEndpointPayload extends Payload {
  @Field(() => WebhookEndpointType, { nullable: true, description: 'The endpoint.' })
  readonly endpoint?: WebhookEndpoint;

  @Field(() => String, {
    nullable: true,
    description: 'What the receiver checks signatures with, shown this once: `whsec_` and base64.',
  })
  readonly signingSecret?: string;
}

@ObjectType({ description: 'What became of an endpoint that was to be removed.' })
export class RemoveWebhookEndpointPayload extends Payload {
  @Field(() => ID, { nullable: true, description: 'The id of the endpoint, which is no more.' })
  readonly removedId?: string;
}

export const WebhookEndpointConnection = connectionTypes<WebhookEndpointType>(
  'WebhookEndpoint',
  () => WebhookEndpointType,
).Connection;

export const WebhookDeliveryConnection = connectionTypes<WebhookDeliveryType>(
  'WebhookDelivery',
  () => WebhookDeliveryType,
).Connection;
