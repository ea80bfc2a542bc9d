import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Principal } from '../../auth/principal';
import { ApiError, unauthenticated } from '../../shared/errors';
import { parseId } from '../../shared/ids';
import { MAX_PAGE_SIZE, encodeCursor, parsePage } from '../../shared/pagination';
import type { MaybePromise } from '../../shared/when-ready';
import type { ApiKey } from '../api-key';
import { toRecord, type ApiKeyRecord } from './api-key-record';
import { API_KEY_ORDERINGS, type ApiKeyListing } from '../api-key-repository';
import type { ApiKeyContext } from '../api-key-resolver';

/** What the routes of API keys need of a request. */
interface RouteContext extends ApiKeyContext {
  readonly principal: Principal | null;
}

const LIST_PATH = '/v1/api-keys';

/** Revoked keys are left out: a record does not say what became of its key, so what is listed must be there. */
const LISTING: ApiKeyListing = {
  criteria: {
    creatorId: null,
    nameContains: null,
    breadths: null,
    statuses: ['ACTIVE', 'DISABLED', 'EXPIRED'],
    violatesPolicy: null,
    expiresBefore: null,
    unusedSince: null,
  },
  ordering: API_KEY_ORDERINGS.CREATED_AT,
  descending: true,
};

export function registerApiKeyRoutes(
  app: FastifyInstance,
  contextOf: (request: FastifyRequest) => MaybePromise<RouteContext>,
): void {
  app.get(LIST_PATH, async (request, reply): Promise<ApiKeyRecord[]> => {
    const { principal, apiKeys } = await contextOf(request);
    if (principal === null) throw unauthenticated();
    const page = parsePage(pageArguments(request.query as Record<string, unknown>), LISTING.ordering);
    const listed = await apiKeys.list({ organizationId: null, reaching: null }, LISTING, page);
    const last = listed.page.items.at(-1);
    if (listed.page.hasNextPage && last)
      linkNext(reply, page.size, encodeCursor(last.position, LISTING.ordering));
    return Promise.all(
      listed.page.items.map(async ({ item }) => toRecord(item, await apiKeys.scopeOf(item))),
    );
  });

  app.get<{ readonly Params: { readonly id: string } }>(
    `${LIST_PATH}/:id`,
    async (request, reply): Promise<ApiKeyRecord> => {
      const { principal, apiKeys } = await contextOf(request);
      if (principal === null) throw unauthenticated();
      const key = await apiKeys.find(parseId(request.params.id, 'id'));
      if (key?.revokedAt !== null)
        throw new ApiError('NOT_FOUND', 'There is no key of this id that you may read.');
      void reply.header('etag', etagOf(key));
      return toRecord(key, await apiKeys.scopeOf(key));
    },
  );
}

/** Tells the versions of a key apart, for `If-Match` (RFC 9110, section 8.8.3). */
export function etagOf({ version }: ApiKey): string {
  return `"${version}"`;
}

/** `limit` and `after`, since what is a page here is a bare array there: see the `Link` header. */
function pageArguments(query: Record<string, unknown>): { first: number; after: string | null } {
  for (const name of Object.keys(query)) {
    if (!['limit', 'after'].includes(name))
      throw badParameter(name, 'is not known here; there are limit and after.');
  }
  const { limit = String(MAX_PAGE_SIZE), after = null } = query;
  if (typeof limit !== 'string' || !/^\d{1,9}$/.test(limit) || !isPageSize(Number(limit)))
    throw badParameter('limit', `takes one whole number from 1 to ${MAX_PAGE_SIZE}.`);
  if (after !== null && typeof after !== 'string') throw badParameter('after', 'takes one cursor.');
  return { first: Number(limit), after };
}

function isPageSize(size: number): boolean {
  return size >= 1 && size <= MAX_PAGE_SIZE;
}

function badParameter(name: string, message: string): ApiError {
  return new ApiError('BAD_USER_INPUT', `${name} ${message}`, { argument: name });
}

/** Tells where the list goes on (RFC 8288). */
function linkNext(reply: FastifyReply, limit: number, after: string): void {
  const query = new URLSearchParams({ limit: String(limit), after }).toString();
  void reply.header('link', `<${LIST_PATH}?${query}>; rel="next"`);
}
