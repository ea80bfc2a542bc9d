import type { IncomingHttpHeaders } from 'node:http';
import { ApiKeyRepository } from '../api-keys/api-key-repository';
import type { Authenticator } from '../auth/authenticate';
import { Permissions } from '../auth/authorize';
import type { Principal } from '../auth/principal';
import type { Database } from '../database/database';
import { ResourceRepository } from '../resources/resource-repository';
import type { Clock } from '../shared/clock';
import type { ViewerContext } from '../viewer/viewer-resolvers';

/**
 * Everything that belongs to one request. Nothing of a request lives anywhere else: resolvers and routes keep no state,
 * and what the repositories have loaded goes with the request.
 */
export interface RequestContext extends ViewerContext {
  readonly requestId: string;
  /** Who calls; null without a credential. */
  readonly principal: Principal | null;
  /** What the caller may do. */
  readonly permissions: Permissions;
  /** When the request came, in milliseconds. */
  readonly now: number;
  readonly resources: ResourceRepository;
  readonly apiKeys: ApiKeyRepository;
}

export interface ContextParts {
  readonly authenticator: Authenticator;
  readonly database: Database;
  readonly clock: Clock;
}

/** What of an HTTP request its context is made of. */
export interface IncomingRequest {
  readonly id: string;
  readonly headers: IncomingHttpHeaders;
}

/** @throws ApiError UNAUTHENTICATED for a credential that is not good, SERVICE_UNAVAILABLE when that cannot be told */
export async function createRequestContext(
  parts: ContextParts,
  request: IncomingRequest,
): Promise<RequestContext> {
  const now = parts.clock();
  const database = parts.database.forRequest();
  const principal = await parts.authenticator.authenticate(request.headers, database, now);
  const permissions = new Permissions(principal);
  return {
    requestId: request.id,
    principal,
    permissions,
    now,
    resources: new ResourceRepository(database),
    apiKeys: new ApiKeyRepository(database, permissions, now),
  };
}
