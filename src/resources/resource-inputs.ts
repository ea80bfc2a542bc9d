import { Field, ID, InputType } from 'type-graphql';
import { MAX_RESOURCE_NAME_LENGTH, SLUG_FORM } from './resource-fields';

const NAME = `The name, for people: 1 to ${MAX_RESOURCE_NAME_LENGTH} characters. It need not be unique.`;

@InputType({ description: 'What a new organization shall be.' })
export class CreateOrganizationInput {
  @Field({ description: NAME })
  readonly name: string;

  @Field({ description: `The name in addresses, which no other organization has: ${SLUG_FORM}.` })
  readonly slug: string;
}

@InputType({ description: 'What a new resource shall be.' })
export class CreateResourceInput {
  @Field(() => ID, {
    description:
      'What the resource shall belong to: an organization gets an account, an account a widget, a widget an environment.',
  })
  readonly parentId: string;

  @Field({ description: NAME })
  readonly name: string;
}

@InputType({ description: 'Which resource gets another name.' })
export class RenameResourceInput {
  @Field(() => ID, { description: 'The id of the resource.' })
  readonly id: string;

  @Field({ description: NAME })
  readonly name: string;
}

@InputType({ description: 'Which resource moves, and where.' })
export class MoveResourceInput {
  @Field(() => ID, { description: 'The id of a widget or an environment.' })
  readonly id: string;

  @Field(() => ID, {
    description: 'The account that the widget, or the widget that the environment, shall belong to.',
  })
  readonly parentId: string;
}

@InputType({ description: 'Which resource to delete.' })
export class DeleteResourceInput {
  @Field(() => ID, { description: 'The id of the resource.' })
  readonly id: string;
}
