import { Field, ObjectType, registerEnumType } from 'type-graphql';
import type { EnumOf } from './enum-of';

/** What a user can mend. */
export const UserErrorCode = {
  INVALID: 'INVALID',
  NOT_FOUND: 'NOT_FOUND',
  CONFLICT: 'CONFLICT',
  TAKEN: 'TAKEN',
  LIMIT_REACHED: 'LIMIT_REACHED',
  BEYOND_YOUR_SCOPE: 'BEYOND_YOUR_SCOPE',
  AGAINST_POLICY: 'AGAINST_POLICY',
  REVOKED: 'REVOKED',
  LAST_OWNER: 'LAST_OWNER',
} as const;

export type UserErrorCode = (typeof UserErrorCode)[keyof typeof UserErrorCode];

registerEnumType(UserErrorCode satisfies EnumOf<UserErrorCode>, {
  name: 'UserErrorCode',
  description: 'What was wrong with an input.',
  valuesConfig: {
    INVALID: { description: 'A value is not of the form or length that is expected.' },
    NOT_FOUND: { description: 'There is nothing of that id that you may change, or that you may grant.' },
    CONFLICT: { description: 'Somebody else has changed it since you read it. Read it again, then decide.' },
    TAKEN: { description: 'Something else has this name or value already.' },
    LIMIT_REACHED: { description: 'There are as many as there may be.' },
    BEYOND_YOUR_SCOPE: { description: 'You cannot give away more than you may touch yourself.' },
    AGAINST_POLICY: { description: 'The policy of the organization does not allow it.' },
    REVOKED: { description: 'The key has been revoked, which is final.' },
    LAST_OWNER: { description: 'An organization must keep an owner.' },
  },
});

@ObjectType({ description: 'Something in the input that you can mend.' })
export class UserError {
  @Field(() => UserErrorCode, { description: 'What was wrong.' })
  readonly code: UserErrorCode;

  @Field({ description: 'What was expected, and what to do, in words.' })
  readonly message: string;

  @Field(() => [String], {
    nullable: true,
    description: 'The path to the field of the input, if there is one.',
  })
  readonly field: readonly string[] | null;

  @Field(() => [String], { description: 'The ids that the error is about, if it is about some.' })
  readonly ids: readonly string[];
}

/**
 * An input that cannot be taken as it is. Thrown out of a transaction it leaves nothing behind; the mutation answers with
 * its errors.
 */
export class Rejection extends Error {
  override readonly name = 'Rejection';

  constructor(readonly userErrors: readonly UserError[]) {
    super(userErrors.map(({ message }) => message).join(' '));
  }
}

export function userError(
  code: UserErrorCode,
  message: string,
  field: readonly string[] | null = null,
  ids: readonly string[] = [],
): UserError {
  return { code, message, field, ids };
}

export function rejected(...error: Parameters<typeof userError>): Rejection {
  return new Rejection([userError(...error)]);
}
