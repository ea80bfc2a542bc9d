import { ArgsType, Field, InputType, registerEnumType } from 'type-graphql';
import { ConnectionArgs, SortDirection } from '../shared/connection';
import { RESOURCE_ORDERINGS, type ResourceListing } from './resource-repository';

export enum ResourceOrderField {
  NAME = 'NAME',
  CREATED_AT = 'CREATED_AT',
}

registerEnumType(ResourceOrderField, {
  name: 'ResourceOrderField',
  description: 'What a list of resources can be sorted by.',
  valuesConfig: {
    NAME: { description: 'The name, whatever its case.' },
    CREATED_AT: { description: 'When the resource was made known here.' },
  },
});

@InputType({ description: 'How to sort a list of resources. The id breaks ties.' })
export class ResourceOrder {
  @Field(() => ResourceOrderField, { description: 'What to sort by.' })
  readonly field: ResourceOrderField;

  @Field(() => SortDirection, { defaultValue: SortDirection.ASC, description: 'Which end comes first.' })
  readonly direction: SortDirection;
}

@InputType({ description: 'Which resources to list: those that fit everything that is given.' })
export class ResourceFilter {
  @Field(() => String, { nullable: true, description: 'A part of the name, whatever its case.' })
  readonly nameContains?: string | null;
}

@ArgsType()
export class ResourceListArgs extends ConnectionArgs {
  @Field(() => ResourceFilter, { nullable: true, description: 'Which resources to list. Without it, all.' })
  readonly filter?: ResourceFilter | null;

  @Field(() => ResourceOrder, { nullable: true, description: 'How to sort. Without it, by name.' })
  readonly orderBy?: ResourceOrder | null;
}

export function toListing({ filter, orderBy }: ResourceListArgs): ResourceListing {
  return {
    nameContains: filter?.nameContains ?? null,
    ordering: RESOURCE_ORDERINGS[orderBy?.field ?? ResourceOrderField.NAME],
    descending: orderBy?.direction === SortDirection.DESC,
  };
}
