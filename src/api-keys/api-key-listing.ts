import { ArgsType, Field, ID, InputType, registerEnumType } from 'type-graphql';
import { ConnectionArgs, SortDirection } from '../shared/connection';
import type { Breadth } from '../scopes';
import { KeyStatus, ScopeBreadth } from './api-key-enums';
import { API_KEY_ORDERINGS, type ApiKeyListing } from './api-key-repository';
import type { ApiKeyStatus } from './api-key-status';
import { DateTimeISO } from '../shared/date-time';

enum ApiKeyOrderField {
  CREATED_AT = 'CREATED_AT',
  MODIFIED_AT = 'MODIFIED_AT',
  NAME = 'NAME',
}

registerEnumType(ApiKeyOrderField, {
  name: 'ApiKeyOrderField',
  description: 'What a list of API keys can be sorted by.',
  valuesConfig: {
    CREATED_AT: { description: 'When the key was made.' },
    MODIFIED_AT: { description: 'When the key was last changed.' },
    NAME: { description: 'The name, whatever its case.' },
  },
});

@InputType({ description: 'How to sort a list of API keys. The id breaks ties.' })
class ApiKeyOrder {
  @Field(() => ApiKeyOrderField, { description: 'What to sort by.' })
  readonly field: ApiKeyOrderField;

  @Field(() => SortDirection, { defaultValue: SortDirection.DESC, description: 'Which end comes first.' })
  readonly direction: SortDirection;
}

@InputType({
  description:
    'Which of the API keys that reach a resource to list: those that fit everything that is given.',
})
export class ReachingApiKeyFilter {
  @Field(() => String, { nullable: true, description: 'Keys that this user made.' })
  readonly creatorId?: string | null;

  @Field(() => String, { nullable: true, description: 'A part of the name, whatever its case.' })
  readonly nameContains?: string | null;

  @Field(() => [ScopeBreadth], {
    nullable: true,
    description: 'Keys whose scope is of one of these breadths.',
  })
  readonly breadth?: Breadth[] | null;

  @Field(() => [KeyStatus], { nullable: true, description: 'Keys that are in one of these states.' })
  readonly status?: ApiKeyStatus[] | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Keys that are against the policy of their organization (true), or that fit it or have been revoked (false).',
  })
  readonly violatesPolicy?: boolean | null;

  @Field(() => DateTimeISO, {
    nullable: true,
    description: 'Keys that end by themselves before this time, or have ended so; none that were revoked.',
  })
  readonly expiresBefore?: Date | null;

  @Field(() => DateTimeISO, {
    nullable: true,
    description:
      'Keys that were not used since this time. One that never was used counts as unused since it was made.',
  })
  readonly unusedSince?: Date | null;
}

@InputType({ description: 'Which API keys to list: those that fit everything that is given.' })
export class ApiKeyFilter extends ReachingApiKeyFilter {
  @Field(() => ID, { nullable: true, description: 'Keys of this organization.' })
  readonly organizationId?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'Keys that may touch this organization, account, widget or environment.',
  })
  readonly reaches?: string | null;
}

@ArgsType()
abstract class OrderedArgs extends ConnectionArgs {
  @Field(() => ApiKeyOrder, { nullable: true, description: 'How to sort. Without it, the newest first.' })
  readonly orderBy?: ApiKeyOrder | null;
}

@ArgsType()
export class ReachingApiKeyListArgs extends OrderedArgs {
  @Field(() => ReachingApiKeyFilter, { nullable: true, description: 'Which keys to list. Without it, all.' })
  readonly filter?: ReachingApiKeyFilter | null;
}

@ArgsType()
export class ApiKeyListArgs extends OrderedArgs {
  @Field(() => ApiKeyFilter, { nullable: true, description: 'Which keys to list. Without it, all.' })
  readonly filter?: ApiKeyFilter | null;
}

export function toListing({ filter, orderBy }: ReachingApiKeyListArgs): ApiKeyListing {
  return {
    criteria: {
      creatorId: filter?.creatorId ?? null,
      nameContains: filter?.nameContains ?? null,
      breadths: filter?.breadth ?? null,
      statuses: filter?.status ?? null,
      violatesPolicy: filter?.violatesPolicy ?? null,
      expiresBefore: filter?.expiresBefore?.getTime() ?? null,
      unusedSince: filter?.unusedSince?.getTime() ?? null,
    },
    ordering: API_KEY_ORDERINGS[orderBy?.field ?? ApiKeyOrderField.CREATED_AT],
    descending: (orderBy?.direction ?? SortDirection.DESC) === SortDirection.DESC,
  };
}
