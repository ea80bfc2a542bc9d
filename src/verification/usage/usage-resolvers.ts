import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { ApiKey } from '../../api-keys/api-key';
import { ApiKeyType } from '../../api-keys/api-key-types';
import type { ResourceContext } from '../../resources/resource-resolvers';
import { readable, type ShownResource } from '../../resources/shown-resource';
import { Resource } from '../../resources/resource-types';
import { connectionCost, toConnection, type Connection } from '../../shared/connection';
import { ApiError } from '../../shared/errors';
import { parseId } from '../../shared/ids';
import { parsePage } from '../../shared/pagination';
import { dayName, dayNumber } from './usage-day';
import { USAGE_ORDERING, type DailyUse, type UsageCriteria, type UsageRepository } from './usage-repository';
import { ApiKeyUsageConnection, ApiKeyUsageType, MAX_DAYS, UsageListArgs } from './usage-types';

/** What the resolvers of usage need of a request. */
export interface UsageContext extends ResourceContext {
  readonly usage: UsageRepository;
}

@Resolver(() => ApiKeyType)
class ApiKeyUsageResolver {
  @FieldResolver(() => ApiKeyUsageConnection, {
    nullable: true,
    complexity: connectionCost,
    description:
      'How often the key was verified, by day, resource and outcome, the latest days first. Counts come some seconds late, ' +
      'and old days are forgotten. People who may read the key may read this, too; null for the key itself, as with ' +
      '`auditEvents`: whoever has found a secret need not learn what it is used for.',
  })
  async usage(
    @Root() { id }: ApiKey,
    @Args() args: UsageListArgs,
    @Ctx() { permissions, usage }: UsageContext,
  ): Promise<Connection<DailyUse> | null> {
    const criteria = toCriteria(args);
    const page = parsePage(args, USAGE_ORDERING);
    if (!permissions.mayReadUseOfKeys()) return null;
    return toConnection(await usage.list(id, criteria, page), USAGE_ORDERING);
  }
}

@Resolver(() => ApiKeyUsageType)
class UsedResourceResolver {
  @FieldResolver(() => Resource, {
    nullable: true,
    description:
      'The resource that the service asked about; null when it is gone, or when you may not read it.',
  })
  async resource(
    @Root() { resourceId }: DailyUse,
    @Ctx() context: UsageContext,
  ): Promise<ShownResource | null> {
    return resourceId === null ? null : readable(await context.resources.find(resourceId), context);
  }
}

/** @throws ApiError BAD_USER_INPUT for a range that ends before it begins, or is too long */
function toCriteria({ from, to, codes, resourceId }: UsageListArgs): UsageCriteria {
  const first = dayNumber(from.getTime());
  const last = dayNumber(to.getTime());
  if (last < first || last - first >= MAX_DAYS) {
    const message = `to: expected a day from ${dayName(first)} on, and at most ${MAX_DAYS} days in all.`;
    throw new ApiError('BAD_USER_INPUT', message, { argument: 'to' });
  }
  return {
    from: dayName(first),
    to: dayName(last),
    codes: codes ?? null,
    resourceId: resourceId == null ? null : parseId(resourceId, 'resourceId'),
  };
}

export const USAGE_RESOLVERS = [ApiKeyUsageResolver, UsedResourceResolver];
