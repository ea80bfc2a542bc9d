import { GraphQLDate } from 'graphql-scalars';
import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { ScopeBreadth } from '../../api-keys/api-key-enums';
import { GrantType } from '../../api-keys/api-key-types';
import { UpdateApiKeyPayload } from '../../api-keys/changing/api-key-payloads';
import type { Breadth, Grant } from '../../scopes';
import type { EnumOf } from '../../shared/enum-of';
import { ADVICE_DAYS, type NoAdviceReason } from './scope-advice';

const NoScopeAdviceReason: EnumOf<NoAdviceReason> = {
  NOT_USED: 'NOT_USED',
  NO_RESOURCE_NAMED: 'NO_RESOURCE_NAMED',
  NOTHING_LEFT: 'NOTHING_LEFT',
  NARROWEST_ALREADY: 'NARROWEST_ALREADY',
};

registerEnumType(NoScopeAdviceReason, {
  name: 'NoScopeAdviceReason',
  description: 'Why no narrower scope is advised.',
  valuesConfig: {
    NOT_USED: { description: 'The key was not used. It may not be needed at all.' },
    NO_RESOURCE_NAMED: {
      description:
        'Services asked whether the key is good, but never for what, so that its use tells nothing.',
    },
    NOTHING_LEFT: {
      description: 'All that the key was used for is gone, or is beyond its present scope.',
    },
    NARROWEST_ALREADY: { description: 'The key has the narrowest scope that does.' },
  },
});

@ObjectType('ScopeAdvice', {
  description: `The narrowest scope that would have covered everything that the key was used for in ${ADVICE_DAYS} days.`,
})
export class ScopeAdviceType {
  @Field(() => GraphQLDate, {
    description: 'The first of the days that were looked at, in UTC; the last is today.',
  })
  readonly since: string;

  @Field(() => NoScopeAdviceReason, {
    nullable: true,
    description: 'Why no other scope is advised; null when one is.',
  })
  readonly reason: NoAdviceReason | null;

  @Field(() => [GrantType], {
    nullable: true,
    description: 'The whole scope that is advised, never wider than the present one; null when none is.',
  })
  readonly grants: readonly Grant[] | null;

  @Field(() => ScopeBreadth, {
    nullable: true,
    description: 'How wide that scope is; null when none is advised.',
  })
  readonly breadth: Breadth | null;

  @Field(() => [GrantType], { description: 'The present grants that would go.' })
  readonly removedGrants: readonly Grant[];

  @Field(() => [GrantType], { description: 'The narrower grants that would take their place.' })
  readonly addedGrants: readonly Grant[];

  @Field(() => String, {
    nullable: true,
    description: 'Tells this advice from any other, for `applyScopeAdvice`; null when none is given.',
  })
  readonly revision: string | null;
}

@InputType({ description: 'Which key shall take the scope that is advised for it.' })
export class ApplyScopeAdviceInput {
  @Field(() => ID, { description: 'The id of the key.' })
  readonly id: string;

  @Field(() => Int, {
    description: 'The version that you have seen. If there is a newer one, nothing is changed.',
  })
  readonly version: number;

  @Field(() => String, {
    nullable: true,
    description:
      'The `revision` of the advice that you have seen: if another is given by now, nothing is changed. Without it, the ' +
      'advice of the moment is taken.',
  })
  readonly revision?: string | null;
}

@ObjectType({ description: 'A key that has taken the scope which was advised for it.' })
export class ApplyScopeAdvicePayload extends UpdateApiKeyPayload {
  @Field(() => ScopeAdviceType, { nullable: true, description: 'The advice that was taken.' })
  readonly applied?: ScopeAdviceType;
}
