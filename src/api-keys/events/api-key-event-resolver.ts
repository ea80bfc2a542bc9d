import { Arg, ID, Resolver, Root, Subscription, type SubscribeResolverData } from 'type-graphql';
import type { Permissions } from '../../auth/authorize';
import { parseId } from '../../shared/ids';
import type { ApiKeyEvent, ToldEvent } from './api-key-event';
import { ApiKeyEventType } from './api-key-event-types';
import type { ApiKeyFollowers } from './api-key-followers';

/** What the subscription needs of a request. */
export interface ApiKeyEventContext {
  readonly permissions: Permissions;
  readonly apiKeyFollowers: ApiKeyFollowers;
}

@Resolver()
export class ApiKeyEventResolver {
  @Subscription(() => ApiKeyEventType, {
    subscribe,
    description:
      'Tells of the changes of those keys of an organization that you may read, by whomever they are made. It begins with a ' +
      'REFRESH, and ends with an error when your token does or when you may not read the organization any more.',
  })
  apiKeyEvents(
    @Arg('organizationId', () => ID, { description: 'The id of the organization.' }) _organizationId: string,
    @Root() { event }: ToldEvent,
  ): ApiKeyEvent {
    return event;
  }
}

function subscribe({ args, context }: SubscribeData): AsyncIterable<ToldEvent> {
  const { permissions, apiKeyFollowers } = context;
  return apiKeyFollowers.follow(parseId(args.organizationId, 'organizationId'), permissions);
}

type SubscribeData = SubscribeResolverData<unknown, { readonly organizationId: string }, ApiKeyEventContext>;
