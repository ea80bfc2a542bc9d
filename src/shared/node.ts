import { Field, ID, InterfaceType } from 'type-graphql';

@InterfaceType({
  description: 'Anything that has an id of its own, which is unique over all types.',
})
export abstract class Node {
  @Field(() => ID, { description: 'A UUID. It never changes and is never used again.' })
  readonly id: string;
}
