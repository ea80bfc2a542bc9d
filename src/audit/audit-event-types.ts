import { GraphQLJSON } from 'graphql-scalars';
import { ArgsType, Field, ID, InputType, ObjectType } from 'type-graphql';
import { ConnectionArgs, connectionTypes } from '../shared/connection';
import type { ActorKind, AuditAction, SubjectKind } from './audit-event';
import { ActorKindEnum, AuditActionEnum, SubjectKindEnum } from './audit-event-enums';
import { DateTimeISO } from '../shared/date-time';

@ObjectType('AuditActor', { description: 'Who did something.' })
export class AuditActorType {
  @Field(() => ActorKindEnum, { description: 'What kind of caller it was.' })
  readonly kind: ActorKind;

  @Field(() => ID, {
    description:
      'The `sub` of the token of a user or a service; the id of an API key; `scopegate` for the system.',
  })
  readonly id: string;

  @Field(() => String, {
    nullable: true,
    description: 'The email address that the user had then, if the token told it.',
  })
  readonly email: string | null;
}

@ObjectType('AuditEvent', {
  description: 'Something that was done. Events are never changed or deleted, and hold no secrets.',
})
export class AuditEventType {
  @Field(() => ID, { description: 'The id of the event.' })
  readonly id: string;

  @Field(() => AuditActionEnum, { description: 'What was done.' })
  readonly action: AuditAction;

  @Field(() => SubjectKindEnum, { description: 'What kind of thing it was done to.' })
  readonly subjectKind: SubjectKind;

  @Field(() => ID, { description: 'The id of the thing that it was done to, which may be there no more.' })
  readonly subjectId: string;

  @Field(() => DateTimeISO, { description: 'When it was done.' })
  readonly occurredAt: number;

  @Field(() => GraphQLJSON, {
    nullable: true,
    description: 'The thing as it was before; null for one that was not there.',
  })
  readonly before: object | null;

  @Field(() => GraphQLJSON, {
    nullable: true,
    description: 'The thing as it was afterwards; null for one that was no more.',
  })
  readonly after: object | null;

  @Field(() => String, { nullable: true, description: 'The address that the request came from.' })
  readonly address: string | null;

  @Field(() => String, { nullable: true, description: 'The program that the request said it came from.' })
  readonly userAgent: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The id of the request, as it was answered in `X-Request-Id`.',
  })
  readonly requestId: string | null;
}

@InputType({ description: 'Which events to list: those that fit everything that is given.' })
class AuditEventFilter {
  @Field(() => [AuditActionEnum], { nullable: true, description: 'Events of one of these actions.' })
  readonly actions?: readonly AuditAction[] | null;

  @Field(() => String, { nullable: true, description: 'What this caller did: see `AuditActor.id`.' })
  readonly actorId?: string | null;

  @Field(() => SubjectKindEnum, { nullable: true, description: 'What was done to things of this kind.' })
  readonly subjectKind?: SubjectKind | null;

  @Field(() => ID, { nullable: true, description: 'What was done to the thing of this id.' })
  readonly subjectId?: string | null;

  @Field(() => DateTimeISO, { nullable: true, description: 'What was done at this time or later.' })
  readonly from?: Date | null;

  @Field(() => DateTimeISO, { nullable: true, description: 'What was done before this time.' })
  readonly to?: Date | null;
}

@ArgsType()
export class AuditEventListArgs extends ConnectionArgs {
  @Field(() => AuditEventFilter, { nullable: true, description: 'Which events to list. Without it, all.' })
  readonly filter?: AuditEventFilter | null;
}

export const AuditEventConnection = connectionTypes<AuditEventType>(
  'AuditEvent',
  () => AuditEventType,
).Connection;
