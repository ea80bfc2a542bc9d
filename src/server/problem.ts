import type { FastifyError, FastifyReply } from 'fastify';
import { ApiError, ERROR_CODES, type ErrorCode } from '../shared/errors';
import { Rejection } from '../shared/user-errors';
import { invalidBody, rejectedInput } from './input-problems';

/** Errors of the HTTP server itself that say what was wrong with a request, by their status. */
const CODES_BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  400: 'BAD_USER_INPUT',
  404: 'NOT_FOUND',
  413: 'PAYLOAD_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
};

/** The error that a caller is meant to see; null for one that must be masked. */
export function publicError(
  error: Error & Partial<Pick<FastifyError, 'statusCode' | 'validation'>>,
): ApiError | null {
  if (error instanceof ApiError) return error;
  if (error instanceof Rejection) return rejectedInput(error);
  if (error.validation) return invalidBody(error.validation);
  const code = CODES_BY_STATUS[error.statusCode ?? 500];
  return code === undefined ? null : new ApiError(code, error.message, {}, { cause: error });
}

/** Answers with problem details (RFC 9457). */
export function sendProblem(reply: FastifyReply, error: ApiError | null): FastifyReply {
  const code = error?.code ?? 'INTERNAL_SERVER_ERROR';
  const { status, title } = ERROR_CODES[code];
  if (status === 401) void reply.header('www-authenticate', 'Bearer');
  const { retryAfter } = error?.details ?? {};
  if (typeof retryAfter === 'number') void reply.header('retry-after', retryAfter);
  return reply
    .code(status)
    .type('application/problem+json')
    .send({
      type: 'about:blank',
      title,
      status,
      detail: error?.message ?? 'Something went wrong here. Name the requestId to report it.',
      ...error?.details,
      code,
      requestId: reply.request.id,
    });
}
