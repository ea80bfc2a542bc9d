import { buildSubgraphSchema } from '@apollo/subgraph';
import {
  Kind,
  isInterfaceType,
  isObjectType,
  parse,
  print,
  printSchema,
  type DocumentNode,
  type GraphQLSchema,
} from 'graphql';
import { createResolversMap } from 'type-graphql';
import { federatedDocument, type Federation } from './federated-document';
import { resolveReferences, type ReferenceResolvers } from './references';

export interface SubgraphParts<Context> extends Federation {
  /** How each entity is found by its key, by the name of its type. */
  readonly references: ReferenceResolvers<Context>;
  /** The name of the type of an entity that was found. */
  readonly typeNameOf: (entity: object) => string;
}

export interface Subgraph {
  readonly schema: GraphQLSchema;
  /** What `_service` answers: the subgraph as routers and composition read it. */
  readonly sdl: string;
}

/**
 * Makes a subgraph of a schema: the same fields with the same resolvers and costs, the directives by which it is composed
 * with others, and the two fields that routers ask for.
 */
export function buildSubgraph<Context>(
  source: GraphQLSchema,
  { references, typeNameOf, ...federation }: SubgraphParts<Context>,
): Subgraph {
  const typeDefs = federatedDocument(parse(printSchema(source)), federation);
  const sdl = `${print(typeDefs)}\n`;
  // Two descriptions of the same map: each library has its own.
  const resolvers = createResolversMap(source) as NonNullable<SchemaModule['resolvers']>;
  const routerFields = { _service: () => ({ sdl }), _entities: resolveReferences(references) };
  const schema = buildSubgraphSchema([
    { typeDefs, resolvers },
    { typeDefs: NOTHING, resolvers: { Query: routerFields, _Entity: { __resolveType: typeNameOf } } },
  ]);
  copyCosts(source, schema);
  return { schema, sdl };
}

type Modules = Extract<Parameters<typeof buildSubgraphSchema>[0], readonly unknown[]>;
type SchemaModule = Exclude<Modules[number], DocumentNode>;

const NOTHING: DocumentNode = { kind: Kind.DOCUMENT, definitions: [] };

/** What is known of a field beside its SDL, such as its cost, is lost on the way through it. */
function copyCosts(source: GraphQLSchema, target: GraphQLSchema): void {
  for (const type of Object.values(target.getTypeMap())) {
    const original = source.getType(type.name);
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    const fields = isObjectType(original) || isInterfaceType(original) ? original.getFields() : {};
    for (const field of Object.values(type.getFields())) {
      field.extensions = { ...fields[field.name]?.extensions, ...ROUTER_COSTS[field.name] };
    }
  }
}

/** References cost like a list of as many items. */
const ROUTER_COSTS: Readonly<Record<string, object>> = {
  _entities: {
    complexity: ({ args, childComplexity }: EntitiesCost) =>
      1 + args.representations.length * childComplexity,
  },
};

interface EntitiesCost {
  readonly args: { readonly representations: readonly unknown[] };
  readonly childComplexity: number;
}
