import { ApolloServerErrorCode, unwrapResolverError } from '@apollo/server/errors';
import type { FastifyReply } from 'fastify';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { ApiError, ERROR_CODES } from '../shared/errors';
import type { Logger } from '../shared/logger';
import { withoutValues } from './without-values';

const MASKED =
  'Something went wrong here. Nothing about your request needs to change; name the requestId to report it.';

/** Codes with which the GraphQL server itself refuses a request. Their messages speak of the request only. */
const REQUEST_CODES: ReadonlySet<unknown> = new Set([
  ...Object.values(ApolloServerErrorCode).filter(
    (code) => code !== ApolloServerErrorCode.INTERNAL_SERVER_ERROR,
  ),
  ...Object.keys(ERROR_CODES).filter((code) => code !== 'INTERNAL_SERVER_ERROR'),
]);

/** What the parser runs out of stack on. */
const TOO_DEEP = 'The query is nested too deeply.';

/** What callers see of an error: what is meant for them whole, everything else masked. */
export function formatError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const { locations, path, extensions } = formatted;
  const where = { ...(locations && { locations }), ...(path && { path }) };
  const cause = causeOf(error);
  if (cause instanceof ApiError) {
    return { message: cause.message, ...where, extensions: { code: cause.code, ...cause.details } };
  }
  if (cause instanceof RangeError && extensions?.['code'] === ApolloServerErrorCode.GRAPHQL_PARSE_FAILED)
    return { message: TOO_DEEP, extensions: { code: 'QUERY_TOO_COMPLEX' } };
  if (REQUEST_CODES.has(extensions?.['code']))
    return {
      ...formatted,
      message: withoutValues(formatted.message),
      extensions: { code: extensions?.['code'] },
    };
  const requestId = extensions?.['requestId'];
  return {
    message: MASKED,
    ...where,
    extensions: { code: 'INTERNAL_SERVER_ERROR', ...(requestId !== undefined && { requestId }) },
  };
}

/** What went wrong, whether in a field or with the request as a whole. */
function causeOf(error: unknown): unknown {
  return error instanceof GraphQLError && error.originalError ? causeOf(error.originalError) : error;
}

/**
 * Makes an error that ends the whole request, before any field is executed, with the HTTP status of its code. An error
 * of a field leaves the status at 200, since other fields may have answered.
 */
export function requestError(error: unknown, requestId: string): GraphQLError {
  const { status } = ERROR_CODES[error instanceof ApiError ? error.code : 'INTERNAL_SERVER_ERROR'];
  const headers = new Map(status === 401 ? [['www-authenticate', 'Bearer']] : []);
  return new GraphQLError(error instanceof Error ? error.message : MASKED, {
    originalError: error instanceof Error ? error : null,
    extensions: {
      code: error instanceof ApiError ? error.code : undefined,
      requestId,
      http: { status, headers },
    },
  });
}

/** Answers a request that did not get as far as GraphQL, in the form in which its clients read errors. */
export function sendGraphqlError(reply: FastifyReply, error: ApiError | null): FastifyReply {
  const code = error?.code ?? 'INTERNAL_SERVER_ERROR';
  return reply
    .code(ERROR_CODES[code].status)
    .type('application/json; charset=utf-8')
    .send({
      errors: [{ message: error?.message ?? MASKED, extensions: { code, requestId: reply.request.id } }],
    });
}

/** Errors of an execution that was not the GraphQL server's own, as callers see them. */
export function formatErrors(errors: readonly GraphQLError[]): readonly GraphQLFormattedError[] {
  return errors.map((error) => {
    const code = error.extensions['code'] ?? ApolloServerErrorCode.INTERNAL_SERVER_ERROR;
    return formatError({ ...error.toJSON(), extensions: { ...error.extensions, code } }, error);
  });
}

/** Logs those of the errors that callers are not told, marked with the id of the request, by which the line is found. */
export function logFailures(logger: Logger, errors: readonly GraphQLError[], requestId: string): void {
  for (const error of errors) {
    const cause = unwrapResolverError(error);
    if (cause instanceof ApiError || REQUEST_CODES.has(error.extensions['code'])) continue;
    error.extensions['requestId'] = requestId;
    logger.error({ requestId, err: cause, path: error.path }, 'a request failed');
  }
}
