import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { Level } from '../../scopes';
import { Payload } from '../../shared/payload';
import { MAX_RESOURCE_NAME_LENGTH, SLUG_FORM } from '../resource-fields';
import { ResourceLevel } from '../resource-level';
import { MAX_SYNCED } from './sync-call';

@InputType({ description: 'What a resource shall be, whether it is there already or not.' })
export class ResourceUpsertInput {
  @Field(() => ID, { description: 'The id that the platform gave it: a UUID.' })
  readonly id: string;

  @Field(() => ResourceLevel, { description: 'The level, which never changes.' })
  readonly level: Level;

  @Field(() => ID, {
    nullable: true,
    description:
      'What it belongs to: a resource of the level above, here or in the call. Null for an organization only.',
  })
  readonly parentId?: string | null;

  @Field({ description: `The name, for people: 1 to ${MAX_RESOURCE_NAME_LENGTH} characters.` })
  readonly name: string;

  @Field(() => String, {
    nullable: true,
    description: `The name of an organization in addresses: ${SLUG_FORM}. Null at the other levels.`,
  })
  readonly slug?: string | null;
}

@InputType({
  description: `What a platform tells of its tree: at most ${MAX_SYNCED} upserts and deletes together, in any order.`,
})
export class SyncResourcesInput {
  @Field(() => [ResourceUpsertInput], {
    defaultValue: [],
    description: 'Resources that are there: they are made, renamed or moved as needed.',
  })
  readonly upserts: readonly ResourceUpsertInput[];

  @Field(() => [ID], {
    defaultValue: [],
    description:
      'The ids of resources that are no more, with all that lies below them then. Unknown ids do no harm.',
  })
  readonly deletes: readonly string[];
}

@ObjectType({ description: 'What a call changed.' })
export class SyncResourcesPayload extends Payload {
  @Field(() => Int, { nullable: true, description: 'How many resources are new.' })
  readonly created?: number;

  @Field(() => Int, {
    nullable: true,
    description: 'How many got another name or slug, and stayed where they were.',
  })
  readonly updated?: number;

  @Field(() => Int, {
    nullable: true,
    description: 'How many got another parent, and perhaps another name too.',
  })
  readonly moved?: number;

  @Field(() => Int, {
    nullable: true,
    description: 'How many are no more, with those below what was to be deleted.',
  })
  readonly deleted?: number;

  @Field(() => Int, { nullable: true, description: 'How many upserts told what was so already.' })
  readonly unchanged?: number;
}
