import { getNamedType, type FieldNode, type GraphQLObjectType, type GraphQLResolveInfo } from 'graphql';
import { collectSubfields } from 'graphql/execution/collectFields';
import type { ResourceNode } from '../resources/resource-node';
import type { ResourceContext } from '../resources/resource-resolvers';
import { readable, readableOnceFound, shownWhole, type ShownResource } from '../resources/shown-resource';
import type { Breadth, Level } from '../scopes';
import { onceFor } from '../shared/once-for';
import { whenReady, type MaybePromise } from '../shared/when-ready';
import type { ApiKeyRepository } from './api-key-repository';
import type { ReadScope, ScopedKey } from './read-scope';
import { scopeIds } from './scope-ids';
import { mostDetailed, type ScopeDetail } from './scope-reader';

/**
 * The scope of a key with the properties that the fields of `Scope` show. A page shows a hundred scopes: to call a function
 * for each field of each would take longer than all else that is done for them.
 *
 * What was not asked for may be null.
 */
export interface KeyScope {
  readonly keyId: string;
  readonly breadth: Breadth | null;
  readonly organizationId: string | null;
  readonly organization: ShownResource | null;
  readonly accountIds: readonly string[] | null;
  readonly widgetIds: readonly string[] | null;
  readonly environmentIds: readonly string[] | null;
  readonly accounts: readonly ShownResource[] | null;
  readonly widgets: readonly ShownResource[] | null;
  readonly environments: readonly ShownResource[] | null;
}

/** What it takes to show scopes. */
export interface KeyScopeContext extends ResourceContext {
  readonly apiKeys: ApiKeyRepository;
  /** What the lists of a scope are charged to, which have no pages. */
  readonly listAllowance: { charge(fieldNodes: readonly FieldNode[], items: number): void };
}

type Info = Pick<GraphQLResolveInfo, 'schema' | 'fragments' | 'variableValues' | 'returnType' | 'fieldNodes'>;

/**
 * Reads of the scope of a key what an operation asks for, and the caller may read.
 *
 * @throws ApiError QUERY_TOO_COMPLEX when the lists of the operation hold more than is allowed
 */
export function readKeyScope(key: ScopedKey, context: KeyScopeContext, info: Info): MaybePromise<KeyScope> {
  const asked = askedOf(info);
  if (asked.detail === null) return unread(key);
  return whenReady<ReadScope, KeyScope>(context.apiKeys.readScope(key, asked.detail), (read) => {
    const scope = readableScope(read, context);
    for (const { name, nodes } of asked.fields) {
      const value = scope[name];
      if (Array.isArray(value)) context.listAllowance.charge(nodes, value.length);
    }
    return asked.organization ? withOrganization(scope, read, context) : scope;
  });
}

function unread({ id, organizationId }: ScopedKey): KeyScope {
  return shownScope({ id, organizationId, breadth: null, scope: null, resources: null }, shownWhole);
}

function readableScope(read: ReadScope, context: ResourceContext): KeyScope {
  return context.permissions.mayReadAllOf(read.organizationId)
    ? keptWholeScope(read)
    : shownScope(read, (resource) => readable(resource, context));
}

/** Kept for as long as what was read is remembered: what those are shown who may read all of the organization. */
const keptWholeScope = onceFor<ReadScope, KeyScope>((read) =>
  // They may read what is in it without being asked again, so that nothing may lie elsewhere.
  shownScope(read, (resource) =>
    resource.organizationId === read.organizationId ? shownWhole(resource) : null,
  ),
);

function shownScope(
  { id, organizationId, breadth, scope, resources }: Omit<ReadScope, 'breadth'> & Pick<KeyScope, 'breadth'>,
  show: (resource: ResourceNode) => ShownResource | null,
): KeyScope {
  const granted = (level: Level) =>
    resources?.filter((resource) => resource.level === level).flatMap((resource) => show(resource) ?? []) ??
    null;
  const ids = scope === null ? UNREAD_IDS : scopeIds(scope);
  // Spelled out, as `ShownResource` is.
  return {
    keyId: id,
    breadth,
    accountIds: ids.accountIds,
    widgetIds: ids.widgetIds,
    environmentIds: ids.environmentIds,
    // Only that of the key itself can be granted, so that it is known by how wide the scope is.
    organizationId: breadth === 'ORGANIZATION' ? organizationId : null,
    organization: granted('ORGANIZATION')?.[0] ?? null,
    accounts: granted('ACCOUNT'),
    widgets: granted('WIDGET'),
    environments: granted('ENVIRONMENT'),
  };
}

const UNREAD_IDS = { accountIds: null, widgetIds: null, environmentIds: null };

/** The organization is found by itself where it is granted as a whole, and no resources were read. */
function withOrganization(
  scope: KeyScope,
  { organizationId, breadth, resources }: ReadScope,
  context: ResourceContext,
): MaybePromise<KeyScope> {
  if (breadth !== 'ORGANIZATION' || resources !== null) return scope;
  const found = readableOnceFound(context.resources.find(organizationId), context);
  return whenReady<ShownResource | null, KeyScope>(found, (organization) => ({ ...scope, organization }));
}

/** How much has to be read of a scope to show each field. */
const DETAILS = {
  breadth: 'BREADTH',
  organizationId: 'BREADTH',
  organization: 'BREADTH',
  accountIds: 'GRANTS',
  widgetIds: 'GRANTS',
  environmentIds: 'GRANTS',
  accounts: 'RESOURCES',
  widgets: 'RESOURCES',
  environments: 'RESOURCES',
} as const satisfies Record<Exclude<keyof KeyScope, 'keyId'>, ScopeDetail>;

interface AskedField {
  readonly name: keyof typeof DETAILS;
  readonly nodes: readonly FieldNode[];
}

/** What an operation asks for of a scope. */
interface AskedScope {
  /** Without those that read by themselves what they show. */
  readonly fields: readonly AskedField[];
  readonly organization: boolean;
  /** Null: nothing has to be read. */
  readonly detail: ScopeDetail | null;
}

/** By the nodes of the field that shows a scope, which are the same for all keys of a list in an execution. */
const remembered = new WeakMap<readonly FieldNode[], AskedScope>();

function askedOf(info: Info): AskedScope {
  const known = remembered.get(info.fieldNodes);
  if (known !== undefined) return known;
  const asked = toAsked(info);
  remembered.set(info.fieldNodes, asked);
  return asked;
}

function toAsked({ schema, fragments, variableValues, returnType, fieldNodes }: Info): AskedScope {
  const type = getNamedType(returnType) as GraphQLObjectType;
  const selected = collectSubfields(schema, fragments, variableValues, type, fieldNodes).values();
  const fields = Array.from(selected, (nodes) => ({ name: nodes[0]?.name.value, nodes })).filter(isRead);
  return {
    fields,
    organization: fields.some(({ name }) => name === 'organization'),
    detail: mostDetailed(fields.map(({ name }) => DETAILS[name])),
  };
}

function isRead<Field extends { readonly name: string | undefined }>(
  field: Field,
): field is Field & Pick<AskedField, 'name'> {
  return field.name !== undefined && Object.hasOwn(DETAILS, field.name);
}
