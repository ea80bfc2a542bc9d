import {
  astFromValue,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  typeFromAST,
  valueFromASTUntyped,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLSchema,
  type ValueNode,
  type VariableDefinitionNode,
} from 'graphql';
import { isRecord } from '../shared/is-record';

type Values = Record<string, unknown>;

interface Input {
  readonly name: string;
  readonly type: GraphQLInputType;
  /** Nothing where there is none. */
  readonly defaultNode?: ValueNode | null | undefined;
}

/**
 * Completes variables for graphql-jit, which takes them as graphql-js does but for two things: it knows no defaults for what
 * must not be null, and takes a list for an input. So defaults are filled in, in the variables themselves, since copies take
 * longer than all the rest; nobody who reads them later is told anything else by that.
 *
 * @param definitions whose types are not parts of themselves
 * @returns how many items the lists among them hold, each of which can be an error that graphql-jit makes; Infinity for variables
 *   that it may not be given
 */
export function completeVariables(
  schema: GraphQLSchema,
  definitions: readonly VariableDefinitionNode[],
): (variables: Values) => number {
  const variables = definitions.flatMap(({ variable, type: node, defaultValue }): Input[] => {
    const type = typeFromAST(schema, node);
    if (!isInputType(type)) return [];
    return [{ name: variable.name.value, type, defaultNode: defaultValue }];
  });
  return completeAll(variables);
}

function completeAll(inputs: readonly Input[]): (values: Values) => number {
  // As somebody would send them, since they are coerced yet.
  const defaults = inputs.flatMap(({ name, defaultNode }) =>
    defaultNode == null ? [] : [{ name, value: valueFromASTUntyped(defaultNode) }],
  );
  const parts = inputs.flatMap(({ name, type }) => {
    const complete = completeOne(type);
    return complete === null ? [] : [{ name, complete }];
  });
  return (values) => {
    for (const { name, value } of defaults) if (values[name] === undefined) values[name] = value;
    let items = 0;
    for (const { name, complete } of parts) items += complete(values[name]);
    return items;
  };
}

/** Null for a type whose values need nothing. */
function completeOne(type: GraphQLInputType): ((value: unknown) => number) | null {
  if (isNonNullType(type)) return completeOne(type.ofType);
  if (isListType(type)) {
    const complete = completeOne(type.ofType) ?? (() => 0);
    return (value) =>
      Array.isArray(value)
        ? value.reduce((items: number, item) => items + complete(item), value.length)
        : complete(value);
  }
  if (!isInputObjectType(type)) return null;
  const complete = completeAll(Object.values(type.getFields()).map(fieldOf));
  return (value) => {
    if (isRecord(value)) return complete(value);
    return Array.isArray(value) ? Infinity : 0;
  };
}

function fieldOf({ name, type, defaultValue }: GraphQLInputField): Input {
  return { name, type, defaultNode: defaultValue === undefined ? null : astFromValue(defaultValue, type) };
}
