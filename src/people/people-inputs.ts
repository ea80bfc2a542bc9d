import { Field, ID, InputType } from 'type-graphql';
import type { Role } from '../auth/principal';
import { MAX_USER_ID_LENGTH } from './add-membership';
import { MembershipRole } from './membership-types';

@InputType({
  description:
    'Which part of its organization a membership reaches: these resources with all below them. Without any, nothing.',
})
export class NarrowingInput {
  @Field(() => ID, {
    nullable: true,
    description: 'The organization: all of its resources, without what concerns it as a whole.',
  })
  readonly organizationId?: string | null;

  @Field(() => [ID], { nullable: true, description: 'Accounts, with all below them.' })
  readonly accountIds?: readonly string[] | null;

  @Field(() => [ID], { nullable: true, description: 'Widgets, with their environments.' })
  readonly widgetIds?: readonly string[] | null;

  @Field(() => [ID], { nullable: true, description: 'Environments.' })
  readonly environmentIds?: readonly string[] | null;
}

@InputType({ description: 'Who gets a place in an organization, and which.' })
export class AddMembershipInput {
  @Field(() => ID, { description: 'The id of the organization.' })
  readonly organizationId: string;

  @Field({
    description: `The user: the \`sub\` of their tokens, to the letter, of 1 to ${MAX_USER_ID_LENGTH} characters.`,
  })
  readonly userId: string;

  @Field(() => MembershipRole, { description: 'What the user shall be there.' })
  readonly role: Role;

  @Field(() => NarrowingInput, {
    nullable: true,
    description: 'The part of the organization to narrow the user to. Without it, the whole.',
  })
  readonly narrowedTo?: NarrowingInput | null;
}

@InputType({
  description: 'What of a membership shall be changed. What is left out, or null, stays as it is.',
})
export class ChangeMembershipInput {
  @Field(() => ID, { description: 'The id of the membership.' })
  readonly id: string;

  @Field(() => MembershipRole, { nullable: true, description: 'What the user shall be.' })
  readonly role?: Role | null;

  @Field(() => NarrowingInput, {
    nullable: true,
    description: 'The part of the organization to narrow the user to, in the place of what it was.',
  })
  readonly narrowedTo?: NarrowingInput | null;

  @Field({ defaultValue: false, description: 'Whether the user shall reach the whole organization again.' })
  readonly widen: boolean;

  @Field({
    defaultValue: false,
    description:
      'Whether to revoke the API keys that the user made, and that reach beyond what they may touch then.',
  })
  readonly revokeKeys: boolean;
}

@InputType({ description: 'Whose place in an organization to take away.' })
export class RemoveMembershipInput {
  @Field(() => ID, { description: 'The id of the membership.' })
  readonly id: string;

  @Field({
    defaultValue: false,
    description:
      'Whether to revoke the API keys that the user made. Without it they go on, and are listed in `keysBeyondTheirMaker`.',
  })
  readonly revokeKeys: boolean;
}
