import { Field, Int, ObjectType } from 'type-graphql';
import { ScopeBreadth } from '../../api-keys/api-key-enums';
import type { Breadth } from '../../scopes';
import type { Reach } from './scope-preview';

@ObjectType('ScopeReach', { description: 'How much of the tree a scope reaches, each thing counted once.' })
class ScopeReachType {
  @Field(() => Int, { description: 'How many accounts: those that it grants, or all of its organization.' })
  readonly accounts: number;

  @Field(() => Int, { description: 'How many widgets, those below what it grants among them.' })
  readonly widgets: number;

  @Field(() => Int, { description: 'How many environments, those below what it grants among them.' })
  readonly environments: number;
}

@ObjectType('ScopePreview', {
  description: 'What a key with a scope would reach. What is added to the tree later may be reached too.',
})
export class ScopePreviewType {
  @Field(() => ScopeBreadth, { description: 'How wide the scope is: the level of its widest grants.' })
  readonly breadth: Breadth;

  @Field(() => ScopeReachType, { description: 'What it reaches now.' })
  readonly reach: Reach;

  @Field(() => ScopeReachType, {
    description:
      'How much of that it reaches by its widest grants alone: what the same scope would not reach without those of ' +
      'the level of its breadth.',
  })
  readonly addedByWidest: Reach;

  @Field(() => [String], { description: 'What you should know of the scope, in words.' })
  readonly warnings: readonly string[];
}
