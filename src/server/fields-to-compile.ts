import {
  Kind,
  OperationTypeNode,
  TypeNameMetaFieldDef,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  typeFromAST,
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  type GraphQLType,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';

/**
 * The most fields that are compiled, each as often as there are types that it could be of, and those of inputs beside: so much
 * code is made.
 */
const MAX_FIELDS = 300;

/** How deep they may lie. What is made for a field grows with that, too. */
const MAX_LEVELS = 30;

/** Literals that stand in the function as they are. */
const PLAIN: ReadonlySet<ValueNode['kind']> = new Set([
  Kind.VARIABLE,
  Kind.INT,
  Kind.FLOAT,
  Kind.BOOLEAN,
  Kind.ENUM,
  Kind.NULL,
]);

/**
 * How many fields graphql-jit would compile of an operation of a valid document; null for one that it may not be given. Those are
 * for graphql-js:
 *
 * - With text, lists or objects among the arguments, rather than variables: text is put into the code of the function, where some
 *   of it would be run; and a variable that is left out would be null in an object, which is not the same to an update.
 * - With directives: conditions of one place, or of one operation, would hold for others that share a fragment with it.
 * - Subscriptions, which are not executed as a whole.
 * - Changes of several things: graphql-js makes none after one that failed, graphql-jit all of them.
 * - With introspection, and with names that JavaScript gives a meaning of its own, such as `__proto__`.
 * - With more fields, or deeper ones, than are worth it. Below interfaces their number grows with the number of types at each level.
 */
export function fieldsToCompile(
  schema: GraphQLSchema,
  { definitions }: DocumentNode,
  { operation, directives, variableDefinitions, selectionSet }: OperationDefinitionNode,
): number | null {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  const variables = variableDefinitions ?? [];
  const plain = variables.every(({ variable }) => isPlainName(variable.name.value)) && !hasAny(directives);
  const root = schema.getRootType(operation);
  if (!plain || root == null || operation === OperationTypeNode.SUBSCRIPTION) return null;
  if (operation === OperationTypeNode.MUTATION && !isOneField(selectionSet)) return null;
  const count = new FieldCount(schema, fragments);
  for (const { type } of variables) count.addInput(typeFromAST(schema, type), []);
  return count.fits(selectionSet, root, { copies: 1, level: 1 }) ? count.fields : null;
}

interface Place {
  /** How often the fields here are compiled. */
  readonly copies: number;
  readonly level: number;
}

/** Counts fields until there are too many, or one that is not to be compiled. */
class FieldCount {
  fields = 0;

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  ) {}

  /**
   * Counts a variable, or a field of an input, with all fields below it.
   *
   * @param within the types that it is a part of. One that is a part of itself would be made without end
   */
  addInput(type: GraphQLType | undefined, within: readonly GraphQLNamedType[]): void {
    this.fields++;
    const named = getNamedType(type);
    if (!isInputObjectType(named) || this.fields > MAX_FIELDS) return;
    if (within.includes(named)) this.fields = Infinity;
    for (const field of Object.values(named.getFields())) this.addInput(field.type, [...within, named]);
  }

  fits({ selections }: SelectionSetNode, parent: GraphQLNamedType, place: Place): boolean {
    return selections.every((selection) => this.fitsSelection(selection, parent, place));
  }

  private fitsSelection(selection: SelectionNode, parent: GraphQLNamedType, place: Place): boolean {
    if (hasAny(selection.directives)) return false;
    if (selection.kind === Kind.FIELD) return this.fitsField(selection, parent, place);
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : this.fragments.get(selection.name.value);
    if (fragment === undefined || hasAny(fragment.directives)) return false;
    const type = fragment.typeCondition ? typeFromAST(this.schema, fragment.typeCondition) : parent;
    return isCompositeType(type) && this.fits(fragment.selectionSet, type, place);
  }

  private fitsField(field: FieldNode, parent: GraphQLNamedType, { copies, level }: Place): boolean {
    this.fields += copies;
    const name = field.name.value;
    if (this.fields > MAX_FIELDS || level > MAX_LEVELS || !isPlainName(field.alias?.value ?? ''))
      return false;
    if (name === TypeNameMetaFieldDef.name) return true;
    if (!isPlainName(name) || !(field.arguments ?? []).every(({ value }) => PLAIN.has(value.kind)))
      return false;
    if (field.selectionSet === undefined) return true;
    if (!isObjectType(parent) && !isInterfaceType(parent)) return false;
    const type = getNamedType(parent.getFields()[name]?.type);
    if (type === undefined) return false;
    const types = isAbstractType(type) ? this.schema.getPossibleTypes(type).length : 1;
    return this.fits(field.selectionSet, type, { copies: copies * types, level: level + 1 });
  }
}

function isOneField({ selections: [first, ...others] }: SelectionSetNode): boolean {
  return first?.kind === Kind.FIELD && others.length === 0;
}

function hasAny(directives: readonly DirectiveNode[] | undefined): boolean {
  return directives !== undefined && directives.length > 0;
}

function isPlainName(name: string): boolean {
  return !name.startsWith('__') && !(name in Object.prototype);
}
