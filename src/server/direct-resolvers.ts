import { isObjectType, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql';
import { getMetadataStorage } from 'type-graphql';

type Metadata = ReturnType<typeof getMetadataStorage>;
type FieldResolverMetadata = Metadata['fieldResolvers'][number];
type ResolverMetadata = Metadata['queries'][number] | FieldResolverMetadata;

type Resolve = GraphQLFieldResolver<unknown, unknown>;
type Instance = Record<string, (...parameters: unknown[]) => unknown>;

/** How a parameter of a method is told from what a resolver is called with. */
type Parameter = (...call: Parameters<Resolve>) => unknown;

/**
 * Lets resolvers be called as they are, with what their decorators say.
 *
 * For every single call, type-graphql looks up the instance of the class, sorts the parameters, and makes instances of the
 * classes of inputs. Of those, nothing but the properties is used here, which GraphQL has checked and filled in already; and
 * with hundreds of nested fields, all that takes longer than what the resolvers do. The decorators still say what is handed
 * over, and how the schema looks.
 */
export function callResolversDirectly(schema: GraphQLSchema): void {
  const { queries, mutations, fieldResolvers, objectTypes } = getMetadataStorage();
  const typeNames = new Map(objectTypes.map(({ target, name }) => [target as unknown, name]));
  const instances = new Map<object, Instance>();
  const callDirectly = (typeName: string | undefined, resolver: ResolverMetadata) => {
    const parameters = parametersOf(resolver);
    const type = schema.getType(typeName ?? '');
    const field = isObjectType(type) ? type.getFields()[resolver.schemaName] : undefined;
    if (parameters === null || field === undefined) return;
    const instance = instances.get(resolver.target) ?? (Reflect.construct(resolver.target, []) as Instance);
    instances.set(resolver.target, instance);
    field.resolve = direct(instance, resolver.methodName, parameters);
  };
  for (const query of queries) callDirectly(schema.getQueryType()?.name, query);
  for (const mutation of mutations) callDirectly(schema.getMutationType()?.name, mutation);
  for (const resolver of fieldResolvers) {
    if (resolver.kind === 'external') callDirectly(typeNames.get(resolver.getObjectType?.()), resolver);
  }
}

/** What the method takes, in its order; null when that is something else, or when anything comes before the method. */
function parametersOf({
  params = [],
  middlewares = [],
  roles,
}: ResolverMetadata): readonly Parameter[] | null {
  if (middlewares.length > 0 || roles !== undefined) return null;
  const parameters = params
    .toSorted((a, b) => a.index - b.index)
    .flatMap((parameter) => told(parameter) ?? []);
  return parameters.length === params.length ? parameters : null;
}

const root: Parameter = (parent) => parent;
const context: Parameter = (_parent, _args, ofRequest) => ofRequest;
const info: Parameter = (_parent, _args, _context, ofField) => ofField;
const allArguments: Parameter = (_parent, args: unknown) => args;

function told(parameter: NonNullable<ResolverMetadata['params']>[number]): Parameter | null {
  switch (parameter.kind) {
    case 'root':
      return parameter.propertyName === undefined ? root : null;
    case 'context':
      return parameter.propertyName === undefined ? context : null;
    case 'info':
      return info;
    case 'args':
      return allArguments;
    case 'arg': {
      const { name } = parameter;
      return (_parent, args: Record<string, unknown>) => args[name];
    }
    default:
      return null;
  }
}

/** Those that pages call for each of their items are called without a list of parameters. */
function direct(instance: Instance, method: string, parameters: readonly Parameter[]): Resolve {
  const [first, second, third] = parameters;
  if (parameters.length === 1 && first === root) return (parent) => instance[method]?.(parent);
  if (parameters.length === 2 && first === root && second === context)
    return (parent, _args, ofRequest) => instance[method]?.(parent, ofRequest);
  if (parameters.length === 3 && first === root && second === context && third === info)
    return (parent, _args, ofRequest, ofField) => instance[method]?.(parent, ofRequest, ofField);
  return (...call) => instance[method]?.(...parameters.map((parameter) => parameter(...call)));
}
