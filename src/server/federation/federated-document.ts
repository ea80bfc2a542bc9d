import {
  Kind,
  isTypeDefinitionNode,
  parse,
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type InterfaceTypeDefinitionNode,
  type NamedTypeNode,
  type ObjectTypeDefinitionNode,
} from 'graphql';

/** How a schema is composed with others. Types and fields are named by their coordinates: `Type`, or `Type.field`. */
export interface Federation {
  /** SDL: the specifications that are linked, and the definitions of directives that these do not bring. */
  readonly links: string;
  /** What is written behind a type or a field. */
  readonly directives: Readonly<Record<string, string>>;
  /** Types and fields that the subgraph does not have. */
  readonly leftOut: readonly string[];
  /** Fields that may be null in the subgraph, whatever they are in the schema itself. */
  readonly nullable: readonly string[];
}

/** @throws Error when the federation speaks of a type or field that the schema does not have */
export function federatedDocument(document: DocumentNode, federation: Federation): DocumentNode {
  const { links, directives, leftOut, nullable } = federation;
  const unmet = new Set([...Object.keys(directives), ...leftOut, ...nullable]);
  const editor = new Editor(federation, unmet);
  const definitions = document.definitions.flatMap((definition) => editor.definition(definition));
  if (unmet.size > 0) throw new Error(`The schema has no ${[...unmet].join(', ')}.`);
  return { kind: Kind.DOCUMENT, definitions: [...parse(links).definitions, ...definitions] };
}

class Editor {
  private readonly leftOut: ReadonlySet<string>;
  private readonly nullable: ReadonlySet<string>;

  /** @param unmet the coordinates that have not been met yet */
  constructor(
    private readonly federation: Federation,
    private readonly unmet: Set<string>,
  ) {
    this.leftOut = new Set(federation.leftOut);
    this.nullable = new Set(federation.nullable);
  }

  definition(node: DefinitionNode): readonly DefinitionNode[] {
    if (!isTypeDefinitionNode(node)) return [node];
    const name = node.name.value;
    if (this.meets(name, this.leftOut)) return [];
    const edited = { ...node, directives: this.directivesOf(name, node.directives) };
    return edited.kind === Kind.OBJECT_TYPE_DEFINITION || edited.kind === Kind.INTERFACE_TYPE_DEFINITION
      ? [this.withFields(edited)]
      : [edited];
  }

  private withFields<Node extends ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode>(node: Node): Node {
    const fields = node.fields?.flatMap((field) => this.field(node.name.value, field)) ?? [];
    return { ...node, interfaces: node.interfaces?.filter((type) => this.stays(type)) ?? [], fields };
  }

  private field(typeName: string, field: FieldDefinitionNode): readonly FieldDefinitionNode[] {
    const coordinate = `${typeName}.${field.name.value}`;
    if (this.meets(coordinate, this.leftOut)) return [];
    const directives = this.directivesOf(coordinate, field.directives);
    const mayBeNull = this.meets(coordinate, this.nullable) && field.type.kind === Kind.NON_NULL_TYPE;
    return [{ ...field, directives, type: mayBeNull ? field.type.type : field.type }];
  }

  private stays({ name }: NamedTypeNode): boolean {
    return !this.leftOut.has(name.value);
  }

  private directivesOf(
    coordinate: string,
    own: readonly ConstDirectiveNode[] | undefined,
  ): readonly ConstDirectiveNode[] {
    const text = this.federation.directives[coordinate];
    this.unmet.delete(coordinate);
    return [...(own ?? []), ...(text === undefined ? [] : parseDirectives(text))];
  }

  private meets(coordinate: string, coordinates: ReadonlySet<string>): boolean {
    if (!coordinates.has(coordinate)) return false;
    this.unmet.delete(coordinate);
    return true;
  }
}

function parseDirectives(text: string): readonly ConstDirectiveNode[] {
  const [definition] = parse(`scalar Anything ${text}`).definitions;
  return definition !== undefined && isTypeDefinitionNode(definition) ? (definition.directives ?? []) : [];
}
