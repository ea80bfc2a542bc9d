import { Field, InterfaceType, ObjectType, type ClassType } from 'type-graphql';
import { Node } from '../shared/node';
import type { Level } from '../scopes';
import { DateTimeISO } from '../shared/date-time';

@InterfaceType({
  implements: Node,
  description: 'A node of the resource tree: an organization, an account, a widget or an environment.',
})
export abstract class Resource extends Node {
  @Field({ description: 'The name, for people. It need not be unique.' })
  readonly name: string;

  @Field(() => DateTimeISO, { description: 'When the resource was made known here.' })
  readonly createdAt: number;

  @Field(() => DateTimeISO, { description: 'When the resource was last changed.' })
  readonly modifiedAt: number;
}

@ObjectType({
  implements: [Node, Resource],
  description: 'A customer of the platform: the root of a resource tree.',
})
export class Organization extends Resource {
  @Field({ description: 'The name in addresses: unique, in lower case.' })
  readonly slug: string;
}

@ObjectType({ implements: [Node, Resource], description: 'A part of an organization. It owns widgets.' })
class Account extends Resource {
  @parentField(() => Organization, 'account')
  readonly organization: Resource | null;
}

@ObjectType({ implements: [Node, Resource], description: 'A product of an account. It owns environments.' })
class Widget extends Resource {
  @parentField(() => Account, 'widget')
  readonly account: Resource | null;
}

@ObjectType({
  implements: [Node, Resource],
  description:
    'Where a widget runs, such as production or staging. The narrowest thing that a key can be given.',
})
class Environment extends Resource {
  @parentField(() => Widget, 'environment')
  readonly widget: Resource | null;
}

/** The field of a type that shows what is right above. It is called as that is. */
function parentField(parentType: () => ClassType<Resource>, one: string): PropertyDecorator {
  return (prototype, name) => {
    const description = `The ${String(name)} that the ${one} belongs to; null when you may not read it.`;
    Field(parentType, { nullable: true, description })(prototype, name);
  };
}

interface ResourceType {
  readonly type: ClassType<Resource>;
  /** The name of a field that holds one. */
  readonly one: string;
  /** The name of a field that holds many. */
  readonly many: string;
}

/** The types of the four levels: one shape, of which the resolvers are made too. */
export const RESOURCE_TYPES: Readonly<Record<Level, ResourceType>> = {
  ORGANIZATION: { type: Organization, one: 'organization', many: 'organizations' },
  ACCOUNT: { type: Account, one: 'account', many: 'accounts' },
  WIDGET: { type: Widget, one: 'widget', many: 'widgets' },
  ENVIRONMENT: { type: Environment, one: 'environment', many: 'environments' },
};
