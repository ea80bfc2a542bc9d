import { GraphQLDate, GraphQLSafeInt } from 'graphql-scalars';
import { ArgsType, Field, ID, ObjectType } from 'type-graphql';
import { ConnectionArgs, connectionTypes } from '../../shared/connection';
import { VerificationCode } from '../verification-code';
import type { DailyUse } from './usage-repository';

/** How many days can be asked for at once: a year, whether it is a leap year or not. */
export const MAX_DAYS = 366;

@ObjectType('ApiKeyUsage', {
  description: 'How often an API key was verified on a day, for one resource, with one outcome.',
})
export class ApiKeyUsageType {
  @Field(() => GraphQLDate, { description: 'The day, in UTC.' })
  readonly day: string;

  @Field(() => ID, {
    nullable: true,
    description:
      'The id of the resource that the service asked about, which may be there no more. Null when it asked about none, when ' +
      'there was none in the organization (RESOURCE_NOT_FOUND), or when it did not come to that, since the key itself was ' +
      'not good.',
  })
  readonly resourceId: string | null;

  @Field(() => VerificationCode, { description: 'What came of it.' })
  readonly code: VerificationCode;

  @Field(() => GraphQLSafeInt, { description: 'How often, on that day.' })
  readonly uses: number;
}

@ArgsType()
export class UsageListArgs extends ConnectionArgs {
  @Field(() => GraphQLDate, { description: 'The first day, in UTC.' })
  readonly from: Date;

  @Field(() => GraphQLDate, {
    description: `The last day, in UTC, which counts too: ${MAX_DAYS} days in all at most.`,
  })
  readonly to: Date;

  @Field(() => [VerificationCode], { nullable: true, description: 'Only these outcomes.' })
  readonly codes?: readonly VerificationCode[] | null;

  @Field(() => ID, { nullable: true, description: 'Only what was asked about this resource.' })
  readonly resourceId?: string | null;
}

export const ApiKeyUsageConnection = connectionTypes<DailyUse>(
  'ApiKeyUsage',
  () => ApiKeyUsageType,
).Connection;
