import { Field, ObjectType } from 'type-graphql';
import { Rejection, UserError } from './user-errors';

/** What every mutation answers beside its result. */
@ObjectType()
export abstract class Payload {
  @Field(() => [UserError], {
    description: 'What you can mend in the input. If there is anything here, nothing was changed.',
  })
  readonly userErrors: readonly UserError[];
}

/** Runs a mutation, and turns a rejection into the errors of its payload. */
export async function answer<Result extends object>(
  work: () => Promise<Result>,
): Promise<Partial<Result> & Payload> {
  try {
    return { ...(await work()), userErrors: [] };
  } catch (error) {
    if (!(error instanceof Rejection)) throw error;
    const nothing: Partial<Result> = {};
    return { ...nothing, userErrors: error.userErrors };
  }
}
