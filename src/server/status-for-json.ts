import type { GraphQLRequestContextWillSendResponse } from '@apollo/server';
import { ApolloServerErrorCode, unwrapResolverError } from '@apollo/server/errors';
import type { GraphQLError } from 'graphql';
import { ApiError } from '../shared/errors';
import type { RequestContext } from './request-context';

/** What GraphQL itself refuses: documents that do not parse, do not fit the schema, or do not go with their variables. */
const REFUSED_BY_GRAPHQL: ReadonlySet<unknown> = new Set([
  ApolloServerErrorCode.GRAPHQL_PARSE_FAILED,
  ApolloServerErrorCode.GRAPHQL_VALIDATION_FAILED,
  ApolloServerErrorCode.OPERATION_RESOLUTION_FAILURE,
  ApolloServerErrorCode.BAD_USER_INPUT,
]);

/**
 * Answers 200 with such a refusal to clients that ask for `application/json`: to them another status says that something
 * on the way was wrong, and that the body is none of GraphQL's (GraphQL over HTTP, section 6.4.1).
 */
export function setStatusForJson({
  request,
  response,
  errors = [],
}: GraphQLRequestContextWillSendResponse<RequestContext>): void {
  if (errors.length === 0 || !errors.every(isRefusedByGraphql)) return;
  if (wantsPlainJson(request.http?.headers.get('accept') ?? '')) response.http.status = 200;
}

function wantsPlainJson(accept: string): boolean {
  return /\bapplication\/json\b/i.test(accept) && !/\bapplication\/graphql-response\+json\b/i.test(accept);
}

function isRefusedByGraphql(error: GraphQLError): boolean {
  return (
    REFUSED_BY_GRAPHQL.has(error.extensions['code']) && !(unwrapResolverError(error) instanceof ApiError)
  );
}
