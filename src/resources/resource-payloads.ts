import { Field, ObjectType } from 'type-graphql';
import { Payload } from '../shared/payload';
import { Organization, Resource } from './resource-types';
import type { ShownResource } from './shown-resource';

@ObjectType({ description: 'A new organization, of which you are the owner.' })
export class CreateOrganizationPayload extends Payload {
  @Field(() => Organization, { nullable: true, description: 'The organization.' })
  readonly organization?: ShownResource;
}

@ObjectType({ description: 'What became of a resource.' })
export class ResourcePayload extends Payload {
  @Field(() => Resource, { nullable: true, description: 'The resource as it is now.' })
  readonly resource?: ShownResource;
}

@ObjectType({ description: 'A resource that is no more.' })
export class DeleteResourcePayload extends Payload {
  @Field(() => Resource, { nullable: true, description: 'The resource as it was.' })
  readonly resource?: ShownResource;
}
