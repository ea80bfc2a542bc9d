import { getNamedType, type FieldNode, type GraphQLObjectType, type GraphQLResolveInfo } from 'graphql';
import { collectSubfields } from 'graphql/execution/collectFields';
import type { ResourceNode } from '../resources/resource-node';
import { readable, readableOnceFound, type ResourceContext } from '../resources/resource-resolvers';
import type { Breadth, Level } from '../scopes';
import { whenReady, type MaybePromise } from '../shared/when-ready';
import type { ApiKey } from './api-key';
import type { ApiKeyRepository } from './api-key-repository';
import { mostDetailed, type ReadScope, type ScopeDetail } from './scope-reader';

/**
 * The scope of a key as its caller may read it, with the properties that the fields of `Scope` show. A page shows a hundred
 * scopes: to call a function for each field of each would take longer than all else that is done for them.
 *
 * What was not asked for may be null.
 */
export interface KeyScope {
  readonly key: ApiKey;
  readonly breadth: Breadth | null;
  readonly organizationId: string | null;
  readonly organization: ResourceNode | null;
  readonly accountIds: readonly string[] | null;
  readonly widgetIds: readonly string[] | null;
  readonly environmentIds: readonly string[] | null;
  readonly accounts: readonly ResourceNode[] | null;
  readonly widgets: readonly ResourceNode[] | null;
  readonly environments: readonly ResourceNode[] | null;
}

/** What it takes to show scopes. */
export interface KeyScopeContext extends ResourceContext {
  readonly apiKeys: ApiKeyRepository;
  /** What the lists of a scope are charged to, which have no pages. */
  readonly listAllowance: { charge(fieldNodes: readonly FieldNode[], items: number): void };
}

type Info = Pick<GraphQLResolveInfo, 'schema' | 'fragments' | 'variableValues' | 'returnType' | 'fieldNodes'>;

/**
 * Reads of the scope of a key what an operation asks for.
 *
 * @throws ApiError QUERY_TOO_COMPLEX when the lists of the operation hold more than is allowed
 */
export function readKeyScope(key: ApiKey, context: KeyScopeContext, info: Info): MaybePromise<KeyScope> {
  const asked = askedOf(info);
  const read = asked.detail === null ? NOTHING_READ : context.apiKeys.readScope(key, asked.detail);
  return whenReady<Read, KeyScope>(read, (known) =>
    whenReady(asked.organization ? grantedOrganization(key, known, context) : null, (organization) => {
      const scope = toKeyScope(key, known, organization, context);
      for (const { name, nodes } of asked.fields) {
        const value = scope[name];
        if (Array.isArray(value)) context.listAllowance.charge(nodes, value.length);
      }
      return scope;
    }),
  );
}

type Read = ReadScope | typeof NOTHING_READ;
const NOTHING_READ = { breadth: null, scope: null, resources: null };

function toKeyScope(
  key: ApiKey,
  { breadth, scope, resources }: Read,
  organization: ResourceNode | null,
  context: ResourceContext,
): KeyScope {
  const ids = (level: Level) => scope?.idsAt(level) ?? null;
  const granted = (level: Level) =>
    resources?.filter((resource) => resource.level === level && readable(resource, context) !== null) ?? null;
  return {
    key,
    breadth,
    // Only that of the key itself can be granted.
    organizationId: breadth === 'ORGANIZATION' ? key.organizationId : null,
    organization,
    accountIds: ids('ACCOUNT'),
    widgetIds: ids('WIDGET'),
    environmentIds: ids('ENVIRONMENT'),
    accounts: granted('ACCOUNT'),
    widgets: granted('WIDGET'),
    environments: granted('ENVIRONMENT'),
  };
}

/** The organization, if it is granted as a whole. */
function grantedOrganization(
  { organizationId }: ApiKey,
  { breadth, resources }: Read,
  context: ResourceContext,
): MaybePromise<ResourceNode | null> {
  if (breadth !== 'ORGANIZATION') return null;
  // The widest comes first, if resources were read.
  return readableOnceFound(resources?.[0] ?? context.resources.find(organizationId), context);
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
} as const satisfies Record<Exclude<keyof KeyScope, 'key'>, ScopeDetail>;

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
