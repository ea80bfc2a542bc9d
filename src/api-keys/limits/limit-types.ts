import { Field, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { EnumOf } from '../../shared/enum-of';
import { MAX_LIMIT, MAX_WINDOW_SECONDS } from './check-limits';
import type { Refill } from './key-limits';

const QuotaRefill: EnumOf<Refill> = { DAILY: 'DAILY', MONTHLY: 'MONTHLY' };

registerEnumType(QuotaRefill, {
  name: 'QuotaRefill',
  description: 'When a quota is there again as a whole.',
  valuesConfig: {
    DAILY: { description: 'Every day, at midnight in UTC.' },
    MONTHLY: { description: 'On the first day of every month, at midnight in UTC.' },
  },
});

@ObjectType('RateLimit', { description: 'How often a key may be used within a window of time.' })
export class RateLimitType {
  @Field(() => Int, { description: 'How many uses it allows.' })
  readonly limit: number;

  @Field(() => Int, {
    description: 'The length of the window in seconds. It begins with the first use in it.',
  })
  readonly windowSeconds: number;
}

@ObjectType('Quota', { description: 'How often a key may be used until the next refill.' })
export class QuotaType {
  @Field(() => Int, { description: 'How many uses it allows.' })
  readonly limit: number;

  @Field(() => QuotaRefill, { description: 'When all of it is there again.' })
  readonly refill: Refill;
}

@InputType({ description: 'How often a key may be used within a window of time.' })
export class RateLimitInput {
  @Field(() => Int, { description: `How many uses it allows: 1 to ${MAX_LIMIT}.` })
  readonly limit: number;

  @Field(() => Int, {
    description: `The length of the window in seconds: 1 to ${MAX_WINDOW_SECONDS} (30 days). It begins with the first use in it.`,
  })
  readonly windowSeconds: number;
}

@InputType({ description: 'How often a key may be used until the next refill.' })
export class QuotaInput {
  @Field(() => Int, { description: `How many uses it allows: 1 to ${MAX_LIMIT}.` })
  readonly limit: number;

  @Field(() => QuotaRefill, { description: 'When all of it is there again.' })
  readonly refill: Refill;
}
