import { isInterfaceType, isObjectType, type GraphQLSchema } from 'graphql';
import { apiKeyReference } from '../../api-keys/api-key-reference';
import { RESOURCE_TYPES } from '../../resources/resource-types';
import { resourceReference } from '../../resources/resource-references';
import { LEVELS } from '../../scopes';
import { nodeTypeName } from '../node-type-name';
import type { RequestContext } from '../request-context';
import type { SubgraphParts } from './build-subgraph';
import type { ResolveReference } from './references';

export interface SubgraphOptions {
  /** Whether the subgraph has the resources' own fields: their names, dates and neighbours, and the look-ups of them. */
  readonly ownsResources: boolean;
  /** Whether to tell routers which fields need a caller. Not all routers can compose that. */
  readonly authDirectives: boolean;
}

/** Not higher: what newer versions have is not needed, and not every composition knows them. */
const SPECIFICATION = 'https://specs.apollo.dev/federation/v2.9';

const SUBSCRIPTIONS = ['Subscription', 'ApiKeyEvent', 'ApiKeyEventKind'];

const TYPES = LEVELS.map((level) => RESOURCE_TYPES[level]);
const KEYS = ['id', 'slug'];

/** What another subgraph may know of a resource too, or better: the platform itself. */
const DESCRIBING = ['name', 'createdAt', 'modifiedAt', ...TYPES.map(({ one }) => one)];
const OWN = [...DESCRIBING, ...TYPES.map(({ many }) => many)];

/**
 * How our schema takes part in a graph.
 *
 * - Keys and the four kinds of resources are entities. What others may know of resources too is shareable, so that they can
 *   share or override it; where they own it, it can be left out.
 * - What we add to a resource may be null, so that where the caller may not read it here, the rest of it stays.
 * - Subscriptions are left out: they are served to front ends, at an address of their own.
 * - The field `node` and its interface are left out: each subgraph has its own, and none can look up for all.
 */
export function scopegateFederation(
  schema: GraphQLSchema,
  { ownsResources, authDirectives }: SubgraphOptions,
): SubgraphParts<RequestContext> {
  const resources = TYPES.map(({ type }) => type.name);
  const leftOut = ['Node', 'Query.node', ...SUBSCRIPTIONS, ...(ownsResources ? [] : ownedByOthers(schema))];
  const isLeft = ({ coordinate }: Field) => !leftOut.includes(coordinate);
  const fields = [...resources, 'Resource'].flatMap((type) => fieldsOf(schema, type)).filter(isLeft);
  const shareable = fields.filter(({ type, field }) => type !== 'Resource' && DESCRIBING.includes(field));
  const nullable = fields.filter(({ field }) => !KEYS.includes(field));
  const auth = authDirectives ? callersNeeded(schema, isLeft) : [];
  const imports = ['@key', '@shareable', ...(authDirectives ? ['@authenticated', '@requiresScopes'] : [])];
  return {
    links: `extend schema @link(url: "${SPECIFICATION}", import: ${JSON.stringify(imports)})`,
    directives: joined([
      ...['ApiKey', ...resources].map((type): Applied => [type, '@key(fields: "id")']),
      ['Organization', '@key(fields: "slug")'],
      ['PageInfo', '@shareable'],
      ...shareable.map(({ coordinate }): Applied => [coordinate, '@shareable']),
      ...auth,
    ]),
    leftOut,
    nullable: nullable.map(({ coordinate }) => coordinate),
    references: new Map<string, ResolveReference<RequestContext>>([
      ['ApiKey', apiKeyReference],
      ...LEVELS.map((level) => [RESOURCE_TYPES[level].type.name, resourceReference(level)] as const),
    ]),
    typeNameOf: nodeTypeName,
  };
}

/** A directive, by the coordinate that it is applied to. */
type Applied = readonly [coordinate: string, directive: string];

interface Field {
  readonly type: string;
  readonly field: string;
  readonly coordinate: string;
}

/** The resources' own fields, the look-ups of resources, and the types that nothing else has a use for. */
function ownedByOthers(schema: GraphQLSchema): readonly string[] {
  const types = [...TYPES.map(({ type }) => type.name), 'Resource', 'Query'];
  const fields = types.flatMap((type) => fieldsOf(schema, type)).filter(({ field }) => OWN.includes(field));
  const lists = TYPES.flatMap(({ type }) => [`${type.name}Connection`, `${type.name}Edge`]);
  return [...fields.map(({ coordinate }) => coordinate), ...lists];
}

/** Which fields need a caller at all, and which a service with a permission. */
function callersNeeded(schema: GraphQLSchema, isLeft: (field: Field) => boolean): readonly Applied[] {
  const fields = ['Query', 'Mutation'].flatMap((type) => fieldsOf(schema, type));
  return [
    ...fields.filter(isLeft).map(({ coordinate }): Applied => [coordinate, '@authenticated']),
    ['ApiKey', '@authenticated'],
    ['Mutation.syncResources', '@requiresScopes(scopes: [["resources:sync"]])'],
  ];
}

function fieldsOf(schema: GraphQLSchema, type: string): readonly Field[] {
  const definition = schema.getType(type);
  const hasFields = isObjectType(definition) || isInterfaceType(definition);
  const fields = hasFields ? Object.keys(definition.getFields()) : [];
  return fields.map((field) => ({ type, field, coordinate: `${type}.${field}` }));
}

/** All directives of a coordinate in one text. */
function joined(applied: readonly Applied[]): Record<string, string> {
  const byCoordinate: Record<string, string> = {};
  for (const [coordinate, directive] of applied) {
    const before = byCoordinate[coordinate];
    byCoordinate[coordinate] = before === undefined ? directive : `${before} ${directive}`;
  }
  return byCoordinate;
}
