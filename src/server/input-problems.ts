import type { FastifySchemaValidationError } from 'fastify';
import { ApiError, type ErrorCode } from '../shared/errors';
import { userError, type Rejection, type UserError, type UserErrorCode } from '../shared/user-errors';
import { withoutValues } from './without-values';

/** How what a user can mend is told over REST. A conflict is one with the version that `If-Match` asks for. */
const CODES: Readonly<Record<UserErrorCode, ErrorCode>> = {
  INVALID: 'BAD_USER_INPUT',
  NOT_FOUND: 'UNPROCESSABLE_INPUT',
  CONFLICT: 'PRECONDITION_FAILED',
  TAKEN: 'CONFLICT',
  LIMIT_REACHED: 'UNPROCESSABLE_INPUT',
  BEYOND_YOUR_SCOPE: 'UNPROCESSABLE_INPUT',
  AGAINST_POLICY: 'UNPROCESSABLE_INPUT',
  REVOKED: 'CONFLICT',
  LAST_OWNER: 'CONFLICT',
};

/** The problem that a rejected input is, with all of its errors. */
export function rejectedInput(rejection: Rejection): ApiError {
  const [first] = rejection.userErrors;
  return new ApiError(codeOf(first), rejection.message, { errors: rejection.userErrors });
}

/** The problem that a body is which does not have the form that is expected. */
export function invalidBody(validation: readonly FastifySchemaValidationError[]): ApiError {
  const errors = validation.map(({ instancePath, message, params }) => {
    const missing = params['missingProperty'] ?? params['additionalProperty'];
    const path = [...instancePath.split('/').slice(1), ...(typeof missing === 'string' ? [missing] : [])];
    const field = path.map(withoutValues);
    return userError('INVALID', `The body ${field.join('.')} ${message ?? 'is not valid'}.`, field);
  });
  return new ApiError('BAD_USER_INPUT', errors.map(({ message }) => message).join(' '), { errors });
}

function codeOf(error: UserError | undefined): ErrorCode {
  if (error === undefined) return 'BAD_USER_INPUT';
  // The id of the address itself, not one that the body names.
  if (error.code === 'NOT_FOUND' && error.field?.join() === 'id') return 'NOT_FOUND';
  return CODES[error.code];
}
