import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { ApiKey } from '../api-keys/api-key';
import { ApiKeyType } from '../api-keys/api-key-types';
import type { Permissions } from '../auth/authorize';
import type { ResourceNode } from '../resources/resource-node';
import { Organization } from '../resources/resource-types';
import { connectionCost, toConnection, type Connection } from '../shared/connection';
import { parseId } from '../shared/ids';
import { parsePage } from '../shared/pagination';
import {
  AUDIT_EVENT_ORDERING,
  type AuditEvent,
  type AuditEventCriteria,
  type AuditEventRepository,
  type AuditedThing,
} from './audit-event-repository';
import {
  AuditActorType,
  AuditEventConnection,
  AuditEventListArgs,
  AuditEventType,
} from './audit-event-types';

/** What the resolvers of the record need of a request. */
export interface AuditContext {
  readonly permissions: Permissions;
  readonly auditEvents: AuditEventRepository;
}

@Resolver(() => Organization)
class OrganizationAuditResolver {
  @FieldResolver(() => AuditEventConnection, {
    nullable: true,
    complexity: connectionCost,
    description:
      'What was done in the organization, the newest first; null unless you are an owner or admin of all of it.',
  })
  async auditEvents(
    @Root() organization: ResourceNode,
    @Args() args: AuditEventListArgs,
    @Ctx() context: AuditContext,
  ): Promise<Connection<AuditEvent> | null> {
    if (!context.permissions.may('audit-events:read', organization.id)) return null;
    return listed({ organizationId: organization.id, subjectId: null }, args, context);
  }
}

@Resolver(() => ApiKeyType)
class ApiKeyAuditResolver {
  @FieldResolver(() => AuditEventConnection, {
    nullable: true,
    complexity: connectionCost,
    description:
      'What was done to the key, the newest first; null for the key itself, since events tell of people.',
  })
  async auditEvents(
    @Root() { id, organizationId }: ApiKey,
    @Args() args: AuditEventListArgs,
    @Ctx() context: AuditContext,
  ): Promise<Connection<AuditEvent> | null> {
    if (!context.permissions.mayReadEventsOfKeys()) return null;
    return listed({ organizationId, subjectId: id }, args, context);
  }
}

@Resolver(() => AuditEventType)
class AuditActorResolver {
  @FieldResolver(() => AuditActorType, { description: 'Who did it.' })
  actor(@Root() { actorKind, actorId, actorEmail }: AuditEvent): AuditActorType {
    return { kind: actorKind, id: actorId, email: actorEmail };
  }
}

async function listed(
  thing: AuditedThing,
  args: AuditEventListArgs,
  { auditEvents }: AuditContext,
): Promise<Connection<AuditEvent>> {
  const page = parsePage(args, AUDIT_EVENT_ORDERING);
  return toConnection(await auditEvents.list(thing, toCriteria(args), page), AUDIT_EVENT_ORDERING);
}

function toCriteria({ filter }: AuditEventListArgs): AuditEventCriteria {
  return {
    actions: filter?.actions ?? null,
    actorId: filter?.actorId ?? null,
    subjectKind: filter?.subjectKind ?? null,
    subjectId: filter?.subjectId == null ? null : parseId(filter.subjectId, 'filter.subjectId'),
    from: filter?.from?.getTime() ?? null,
    to: filter?.to?.getTime() ?? null,
  };
}

export const AUDIT_RESOLVERS = [OrganizationAuditResolver, ApiKeyAuditResolver, AuditActorResolver];
