import { GraphQLJSONObject } from 'graphql-scalars';
import { Arg, Args, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import type { MakeChange } from '../audit/change';
import type { Permissions } from '../auth/authorize';
import type { ResourceNode } from '../resources/resource-node';
import { Organization } from '../resources/resource-types';
import { ConnectionArgs, connectionCost, toConnection, type Connection } from '../shared/connection';
import { parseId } from '../shared/ids';
import { parsePage } from '../shared/pagination';
import { answer } from '../shared/payload';
import { addWebhookEndpoint, removeWebhookEndpoint } from './change-webhook-endpoints';
import type { EndpointRules } from './endpoint-url';
import {
  WEBHOOK_ORDERING,
  type WebhookDelivery,
  type WebhookEndpoint,
  type WebhookRepository,
} from './webhook-repository';
import {
  AddWebhookEndpointInput,
  AddWebhookEndpointPayload,
  RemoveWebhookEndpointInput,
  RemoveWebhookEndpointPayload,
  WebhookDeliveryConnection,
  WebhookDeliveryListArgs,
  WebhookDeliveryType,
  WebhookEndpointConnection,
} from './webhook-types';
import { DateTimeISO } from '../shared/date-time';

/** What the resolvers of webhooks need of a request. */
export interface WebhookContext {
  readonly permissions: Permissions;
  readonly webhooks: WebhookRepository;
  readonly webhookRules: EndpointRules;
  readonly change: MakeChange;
}

@Resolver(() => Organization)
class WebhookResolver {
  @FieldResolver(() => WebhookEndpointConnection, {
    nullable: true,
    complexity: connectionCost,
    description:
      'Where the organization is told of what happens to its API keys, the newest first; null unless you are an owner or ' +
      'admin of all of it.',
  })
  async webhookEndpoints(
    @Root() { id }: ResourceNode,
    @Args() args: ConnectionArgs,
    @Ctx() { permissions, webhooks }: WebhookContext,
  ): Promise<Connection<WebhookEndpoint> | null> {
    if (!permissions.may('webhooks:change', id)) return null;
    return toConnection(await webhooks.endpoints(id, parsePage(args, WEBHOOK_ORDERING)), WEBHOOK_ORDERING);
  }

  @FieldResolver(() => WebhookDeliveryConnection, {
    nullable: true,
    complexity: connectionCost,
    description:
      'The messages to the endpoints of the organization, the newest first; null unless you are an owner or admin of all ' +
      'of it.',
  })
  async webhookDeliveries(
    @Root() { id }: ResourceNode,
    @Args() args: WebhookDeliveryListArgs,
    @Ctx() { permissions, webhooks }: WebhookContext,
  ): Promise<Connection<WebhookDelivery> | null> {
    if (!permissions.may('webhooks:change', id)) return null;
    const endpointId = args.filter?.endpointId;
    const criteria = {
      statuses: args.filter?.status ?? null,
      endpointId: endpointId == null ? null : parseId(endpointId, 'filter.endpointId'),
    };
    const page = parsePage(args, WEBHOOK_ORDERING);
    return toConnection(await webhooks.deliveries(id, criteria, page), WEBHOOK_ORDERING);
  }

  @Mutation(() => AddWebhookEndpointPayload, {
    description: 'Adds an endpoint, and shows its signing secret this once. For owners and admins.',
  })
  async addWebhookEndpoint(
    @Arg('input', () => AddWebhookEndpointInput, { description: 'Which endpoint.' })
    { organizationId, url }: AddWebhookEndpointInput,
    @Ctx() { change, webhookRules }: WebhookContext,
  ): Promise<AddWebhookEndpointPayload> {
    const input = { organizationId: parseId(organizationId, 'input.organizationId'), url };
    return answer(() => change((open) => addWebhookEndpoint(open, webhookRules, input)));
  }

  @Mutation(() => RemoveWebhookEndpointPayload, {
    description:
      'Removes an endpoint with its deliveries: those that are still pending are not sent any more. For owners and admins.',
  })
  async removeWebhookEndpoint(
    @Arg('input', () => RemoveWebhookEndpointInput, { description: 'Which endpoint.' })
    input: RemoveWebhookEndpointInput,
    @Ctx() { change }: WebhookContext,
  ): Promise<RemoveWebhookEndpointPayload> {
    const id = parseId(input.id, 'input.id');
    return answer(() => change(async (open) => ({ removedId: await removeWebhookEndpoint(open, id) })));
  }
}

@Resolver(() => WebhookDeliveryType)
class WebhookDeliveryResolver {
  @FieldResolver(() => DateTimeISO, {
    nullable: true,
    description: 'When it is tried next; null: not any more.',
  })
  nextAttemptAt(@Root() { status, nextAttemptAt }: WebhookDelivery): number | null {
    return status === 'PENDING' ? nextAttemptAt : null;
  }

  @FieldResolver(() => GraphQLJSONObject, { description: 'The body of the message.' })
  payload(@Root() { payload }: WebhookDelivery): object {
    return JSON.parse(payload) as object;
  }
}

export const WEBHOOK_RESOLVERS = [WebhookResolver, WebhookDeliveryResolver];
