import type { IncomingHttpHeaders } from 'node:http';
import type { ApiKeyMutationContext } from '../api-keys/changing/api-key-mutations';
import { ApiKeyRepository } from '../api-keys/api-key-repository';
import type { ToldEvent } from '../api-keys/events/api-key-event';
import type { ApiKeyEventContext } from '../api-keys/events/api-key-event-resolver';
import { KEYS_ON_TREE } from '../api-keys/keys-on-tree';
import type { ScopeMemory } from '../api-keys/scope-memory';
import { ScopeReader } from '../api-keys/scope-reader';
import type { SecretKeys } from '../api-keys/secrets/secret-key';
import { AuditEventRepository } from '../audit/audit-event-repository';
import type { AuditContext } from '../audit/audit-event-resolvers';
import { change, type ChangeListener, type MakeChange, type Origin } from '../audit/change';
import type { Authenticator } from '../auth/authenticate';
import { Permissions } from '../auth/authorize';
import { findRightsOf } from '../auth/membership-repository';
import type { Principal } from '../auth/principal';
import type { Database, RowSource } from '../database/database';
import { PolicyRepository } from '../policies/policy-repository';
import type { PolicyContext } from '../policies/policy-resolvers';
import type { PeopleMutationContext } from '../people/people-mutations';
import { PeopleRepository } from '../people/people-repository';
import type { ResourceMutationContext } from '../resources/resource-mutations';
import { ResourceFinder, ResourceRepository } from '../resources/resource-repository';
import type { TreeMemory } from '../resources/tree-memory';
import type { Clock } from '../shared/clock';
import { whenReady, type MaybePromise } from '../shared/when-ready';
import type { ExplanationContext } from '../verification/explain/explanation-resolvers';
import { ScopePreviewer } from '../verification/explain/scope-previewer';
import { UsageRepository } from '../verification/usage/usage-repository';
import type { UsageContext } from '../verification/usage/usage-resolvers';
import type { VerificationContext } from '../verification/verification-mutations';
import type { Verifier } from '../verification/verifier';
import type { ViewerContext } from '../viewer/viewer-resolvers';
import type { EndpointRules } from '../webhooks/endpoint-url';
import { WebhookRepository } from '../webhooks/webhook-repository';
import type { WebhookContext } from '../webhooks/webhook-resolvers';
import { ListAllowance } from './list-allowance';

/**
 * Everything that belongs to one request. Nothing of a request lives anywhere else: resolvers and routes keep no state,
 * and what the repositories have loaded goes with the request.
 */
export interface RequestContext
  extends
    ViewerContext,
    ApiKeyMutationContext,
    ApiKeyEventContext,
    PolicyContext,
    AuditContext,
    ResourceMutationContext,
    PeopleMutationContext,
    VerificationContext,
    UsageContext,
    ExplanationContext,
    WebhookContext {
  readonly requestId: string;
  readonly origin: Origin;
  /** Who calls; null without a credential. */
  readonly principal: Principal | null;
  /** What the caller may do. */
  readonly permissions: Permissions;
  /** When the request came, in milliseconds. */
  readonly now: number;
  readonly resources: ResourceRepository;
  readonly apiKeys: ApiKeyRepository;
  readonly people: PeopleRepository;
  readonly policies: PolicyRepository;
  readonly auditEvents: AuditEventRepository;
  readonly webhooks: WebhookRepository;
  readonly usage: UsageRepository;
  /** What lists without pages may hold. */
  readonly listAllowance: ListAllowance;
  /** Makes a change on behalf of the caller; what is read afterwards is as it is since. */
  readonly change: MakeChange;
}

export interface ContextParts {
  readonly authenticator: Pick<Authenticator, 'authenticate'>;
  readonly database: Database;
  readonly clock: Clock;
  readonly secretKeys: SecretKeys;
  readonly verifier: Verifier;
  readonly tree: TreeMemory;
  readonly scopes: ScopeMemory;
  /** Is told of the changes that requests make. */
  readonly changes: ChangeListener;
  readonly webhookRules: EndpointRules;
  readonly apiKeyFollowers: ApiKeyEventContext['apiKeyFollowers'];
}

/** What of an HTTP request its context is made of. */
export interface IncomingRequest {
  readonly id: string;
  readonly headers: IncomingHttpHeaders;
  /** The address of the client. */
  readonly ip: string;
}

/**
 * At once for a caller who is remembered.
 *
 * @throws ApiError UNAUTHENTICATED for a credential that is not good, SERVICE_UNAVAILABLE when that cannot be told
 */
export function createRequestContext(
  parts: ContextParts,
  request: IncomingRequest,
): MaybePromise<RequestContext> {
  const now = parts.clock();
  const database = parts.database.forRequest();
  return whenReady(parts.authenticator.authenticate(request.headers, database, now), (principal) => {
    const call = { requestId: request.id, origin: originOf(request), principal, now, database };
    return contextOf(parts, call, new CommonReads(database, parts, readAtOf(principal)));
  });
}

/** The position of the change feed by which it is known what the caller may do: nothing older is shown to them. */
function readAtOf(principal: Principal | null): number | null {
  return principal === null || principal.kind === 'SERVICE' ? null : principal.readAt;
}

/**
 * What several callers may read together: it holds only what is the same for all of them, and is asked for by those who
 * have been found to be allowed to read it.
 */
export class CommonReads {
  readonly resources: ResourceFinder;
  readonly scopes: ScopeReader;
  readonly policies: PolicyRepository;

  /** @param asOf a position of the change feed: what is read is no older. Null: nothing is taken from memory */
  constructor(
    database: Database,
    { tree, scopes }: Pick<ContextParts, 'tree' | 'scopes'>,
    asOf: number | null,
  ) {
    const knownTree = tree.asOf(asOf);
    this.resources = new ResourceFinder(database, knownTree);
    this.scopes = new ScopeReader(database, scopes.asOf(asOf), knownTree);
    this.policies = new PolicyRepository(database);
  }
}

/** The context in which a subscription tells of an event: with the rights that its caller has by then. */
export function createEventContext(
  parts: ContextParts,
  { requestId, origin, listAllowance }: RequestContext,
  { principal }: ToldEvent,
  common: CommonReads,
): RequestContext {
  const call = { requestId, origin, principal, now: parts.clock(), database: parts.database };
  return { ...contextOf(parts, call, common), listAllowance: listAllowance.anew() };
}

/** Who calls, when, and where from. */
interface Call {
  readonly requestId: string;
  readonly origin: Origin;
  readonly principal: Principal | null;
  readonly now: number;
  readonly database: Database;
}

function contextOf(parts: ContextParts, call: Call, common: CommonReads): RequestContext {
  const { requestId, origin, principal, now, database } = call;
  const permissions = new Permissions(principal);
  const repositories = {
    resources: new ResourceRepository(database, common.resources),
    apiKeys: new ApiKeyRepository(database, permissions, now, common.scopes),
    people: new PeopleRepository(database),
    policies: common.policies,
    auditEvents: new AuditEventRepository(database),
    webhooks: new WebhookRepository(database),
    usage: new UsageRepository(database, now),
  };
  return {
    requestId,
    origin,
    principal,
    permissions,
    now,
    ...repositories,
    keysOnTree: KEYS_ON_TREE,
    webhookRules: parts.webhookRules,
    secretKeys: parts.secretKeys,
    verifier: parts.verifier,
    apiKeyFollowers: parts.apiKeyFollowers,
    scopePreviewer: new ScopePreviewer(database, permissions),
    listAllowance: new ListAllowance(),
    change: async (work) => {
      const caller = { principal, origin, now };
      const { result, rights } = await change(
        database,
        caller,
        async (open) => {
          const done = await work(open);
          // Read before the change is made for good: afterwards, nothing may fail that would tell that nothing was changed.
          return { result: done, rights: principal && (await renewed(principal, open.transaction)) };
        },
        parts.changes,
      );
      if (rights !== null) permissions.renew(rights);
      for (const repository of Object.values(repositories)) repository.forget();
      return result;
    },
  };
}

/** What the caller may do, for requests that need no more of a context. */
export function permissionsOf(
  parts: ContextParts,
  { headers }: Pick<IncomingRequest, 'headers'>,
): MaybePromise<Permissions> {
  const { authenticator, database, clock } = parts;
  const authenticating = authenticator.authenticate(headers, database, clock());
  return whenReady(authenticating, (principal) => new Permissions(principal));
}

/** Makes a change for which nobody's rights are needed: it is recorded as the system's own, whatever the credential. */
export function systemChange(parts: ContextParts, request: IncomingRequest): MakeChange {
  const caller = { principal: null, origin: originOf(request), now: parts.clock() };
  return (work) => change(parts.database.forRequest(), caller, work, parts.changes);
}

function originOf({ id, ip, headers }: IncomingRequest): Origin {
  return { address: ip, userAgent: headers['user-agent'] ?? null, requestId: id };
}

/** The principal with the memberships that it has since its own change. */
async function renewed(principal: Principal, source: RowSource): Promise<Principal> {
  return principal.kind === 'USER'
    ? { ...principal, ...(await findRightsOf(source, principal.id)) }
    : principal;
}
