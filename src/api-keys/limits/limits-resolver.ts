import { FieldResolver, Resolver, Root } from 'type-graphql';
import type { ApiKey } from '../api-key';
import { ApiKeyType } from '../api-key-types';
import { parseLimits, type Quota, type RateLimit } from './key-limits';
import { QuotaType, RateLimitType } from './limit-types';

@Resolver(() => ApiKeyType)
export class LimitsResolver {
  @FieldResolver(() => [RateLimitType], {
    description:
      'How often services may find the key valid, in windows of different lengths, each of which holds. Empty: no limit.',
  })
  rateLimits(@Root() key: ApiKey): readonly RateLimit[] {
    return parseLimits(key.limits).rateLimits;
  }

  @FieldResolver(() => QuotaType, {
    nullable: true,
    description: 'How often services may find the key valid until the next refill; null: no limit.',
  })
  quota(@Root() key: ApiKey): Quota | null {
    return parseLimits(key.limits).quota;
  }
}
