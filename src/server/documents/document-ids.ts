import { createHash } from 'node:crypto';
import type { ApolloServerPlugin, GraphQLRequest } from '@apollo/server';
import { ApiError } from '../../shared/errors';
import { requestError } from '../graphql-errors';
import type { RequestContext } from '../request-context';
import type { TrustedDocuments } from './trusted-documents';

export interface DocumentRules {
  readonly trusted: TrustedDocuments;
  /** Whether documents that are not trusted are refused. */
  readonly trustedOnly: boolean;
}

/**
 * Puts trusted documents in the place of their ids, and where these are the only ones, refuses all others. Clients send an
 * id as they send the hash of an automatically persisted query, in `extensions.persistedQuery.sha256Hash`. What comes out
 * is a request like any other: it is validated, charged for, and needs a caller.
 */
export function documentIds(rules: DocumentRules): ApolloServerPlugin<RequestContext> {
  const texts = new Set(rules.trusted.values());
  return {
    async requestDidStart({ request, contextValue: { requestId } }) {
      const wrongId = replaceId(request, rules.trusted, texts);
      const refusal = wrongId ?? (rules.trustedOnly ? untrusted(request, texts) : null);
      if (refusal === null) return;
      // The server has no place for a refusal before it has parsed and validated a document, which is spared what is refused.
      request.query = NOTHING;
      delete request.operationName;
      delete request.extensions;
      return {
        async didResolveOperation() {
          throw requestError(refusal, requestId);
        },
      };
    },
  };
}

const NOTHING = '{ __typename }';

/** Answers why the id cannot be one, or null. */
function replaceId(
  request: GraphQLRequest,
  trusted: TrustedDocuments,
  texts: ReadonlySet<string>,
): ApiError | null {
  const { persistedQuery, ...otherExtensions } = request.extensions ?? {};
  if (persistedQuery === undefined || persistedQuery === null) return null;
  const id = idOf(persistedQuery);
  if (id === null) return new ApiError('BAD_USER_INPUT', MALFORMED);
  const { query = trusted.get(id) } = request;
  if (query === undefined) return null;
  if (query !== trusted.get(id) && hashOf(query) !== id) {
    return new ApiError(
      'BAD_USER_INPUT',
      'extensions.persistedQuery.sha256Hash: it is not that of the query.',
    );
  }
  if (texts.has(query)) {
    request.query = query;
    request.extensions = otherExtensions;
  }
  return null;
}

const MALFORMED = 'extensions.persistedQuery: expected { "version": 1, "sha256Hash": "…" }.';

function idOf(persistedQuery: unknown): string | null {
  if (typeof persistedQuery !== 'object' || persistedQuery === null) return null;
  const { version, sha256Hash } = persistedQuery as Partial<Record<string, unknown>>;
  return version === 1 && typeof sha256Hash === 'string' ? sha256Hash : null;
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function untrusted({ query }: GraphQLRequest, texts: ReadonlySet<string>): ApiError | null {
  if (query !== undefined && texts.has(query)) return null;
  return new ApiError('FORBIDDEN', 'Only trusted documents are run here, and this is none of them.');
}
