import { isObjectType, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql';
import { getMetadataStorage } from 'type-graphql';

type FieldResolverMetadata = ReturnType<typeof getMetadataStorage>['fieldResolvers'][number];

/** What is there for every call, without being made for it. */
type AtHand = 'root' | 'context' | 'info';

type Resolve = GraphQLFieldResolver<unknown, unknown>;
type Instance = Record<string, (...parameters: unknown[]) => unknown>;

/**
 * Lets field resolvers that take nothing but the root, the context and the info be called as they are.
 *
 * For every single call, type-graphql looks up the instance of the class, and sorts the parameters. With hundreds of nested
 * fields, that takes longer than all that they do. The decorators still say what is handed over, and how the schema looks.
 */
export function callResolversDirectly(schema: GraphQLSchema): void {
  const { fieldResolvers, objectTypes } = getMetadataStorage();
  const typeNames = new Map(objectTypes.map(({ target, name }) => [target as unknown, name]));
  const instances = new Map<object, Instance>();
  for (const resolver of fieldResolvers) {
    const parameters = parametersAtHand(resolver);
    const type = schema.getType(typeNames.get(resolver.getObjectType?.()) ?? '');
    const field = isObjectType(type) ? type.getFields()[resolver.schemaName] : undefined;
    if (parameters === null || field === undefined) continue;
    const instance = instances.get(resolver.target) ?? (Reflect.construct(resolver.target, []) as Instance);
    instances.set(resolver.target, instance);
    field.resolve = direct(instance, resolver.methodName, parameters);
  }
}

/** What the method takes, in its order; null when that is something else, or when anything comes before the method. */
function parametersAtHand(resolver: FieldResolverMetadata): readonly AtHand[] | null {
  const { kind, params = [], middlewares = [], roles } = resolver;
  if (kind !== 'external' || middlewares.length > 0 || roles !== undefined) return null;
  const parameters = params.toSorted((a, b) => a.index - b.index).flatMap(atHand);
  return parameters.length === params.length ? parameters : null;
}

function atHand(parameter: NonNullable<FieldResolverMetadata['params']>[number]): readonly AtHand[] {
  if (parameter.kind === 'info') return ['info'];
  const isWhole =
    (parameter.kind === 'root' || parameter.kind === 'context') && parameter.propertyName === undefined;
  return isWhole ? [parameter.kind] : [];
}

function direct(instance: Instance, method: string, parameters: readonly AtHand[]): Resolve {
  switch (parameters.join()) {
    case 'root':
      return (root) => instance[method]?.(root);
    case 'root,context':
      return (root, _args, context) => instance[method]?.(root, context);
    default:
      return (root, _args, context, info) => {
        const handed = { root, context, info };
        return instance[method]?.(...parameters.map((parameter) => handed[parameter]));
      };
  }
}
