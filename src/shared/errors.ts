/** The codes of errors that callers see, with the HTTP status and the title that each has over REST. */
export const ERROR_CODES = {
  BAD_USER_INPUT: { status: 400, title: 'Bad input' },
  UNAUTHENTICATED: { status: 401, title: 'Not authenticated' },
  FORBIDDEN: { status: 403, title: 'Forbidden' },
  NOT_FOUND: { status: 404, title: 'Not found' },
  CONFLICT: { status: 409, title: 'Conflict' },
  PRECONDITION_FAILED: { status: 412, title: 'Precondition failed' },
  PAYLOAD_TOO_LARGE: { status: 413, title: 'Body too large' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, title: 'Unsupported media type' },
  UNPROCESSABLE_INPUT: { status: 422, title: 'Input that cannot be taken' },
  QUERY_TOO_COMPLEX: { status: 400, title: 'Query too complex' },
  RATE_LIMITED: { status: 429, title: 'Too many requests' },
  SERVICE_UNAVAILABLE: { status: 503, title: 'Service unavailable' },
  INTERNAL_SERVER_ERROR: { status: 500, title: 'Internal error' },
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

/**
 * An error that is meant for the caller. Its message says what was expected and what to do, and nothing internal:
 * what led to it goes into `cause`, which is logged and never sent. Any other error reaches callers masked.
 */
export class ApiError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly details: Readonly<Record<string, unknown>> = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'ApiError';
  }
}

export function serviceUnavailable(cause: unknown): ApiError {
  return new ApiError(
    'SERVICE_UNAVAILABLE',
    'The service cannot answer right now. Nothing was changed; try again in a few seconds.',
    {},
    { cause },
  );
}

/** For a change that was being made for good when the connection was lost: nobody can say here whether it was. */
export class OutcomeUnknown extends ApiError {
  constructor(cause: unknown) {
    super(
      'SERVICE_UNAVAILABLE',
      'The service cannot tell right now whether the change was made. Look in a few seconds, before you try again.',
      {},
      { cause },
    );
  }
}

/** The one answer to every credential that is not good, so that it tells nothing about why. */
export function unauthenticated(cause?: unknown): ApiError {
  return new ApiError(
    'UNAUTHENTICATED',
    'Expected a valid credential: a token as "Authorization: Bearer <token>", or a secret key there or in X-API-Key.',
    {},
    { cause },
  );
}
