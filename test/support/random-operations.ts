import {
  getNamedType,
  getNullableType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  parse,
  validate,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';
import type { Random } from '../../src/demo/seeding/random';

export interface RandomOperation {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** What arguments are made of. */
export interface Things {
  /** Ids, by the names of the fields that take them. */
  readonly ids: Readonly<Record<string, readonly string[]>>;
  /** Text for arguments and fields of inputs of these names. */
  readonly texts: Readonly<Record<string, readonly string[]>>;
}

type Composite = GraphQLObjectType | GraphQLInterfaceType;

const MOST_LEVELS = 6;
const SIZES = [1, 1, 2, 2, 3, 5, 20, 0, 101];

/** Makes operations that are valid for a schema, the same for the same seed. */
export class RandomOperations {
  private variables: { readonly definition: string; readonly name: string; readonly value?: unknown }[] = [];
  private fragments: string[] = [];
  private names = 0;
  private fieldsLeft = 0;
  private plain = true;

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly random: Random,
    private readonly things: Things,
  ) {}

  /**
   * @param plain whether arguments are variables, and nothing has directives: as clients send what they ask for again and again
   * @param roots the fields to choose from
   */
  make(kind: 'query' | 'mutation', plain: boolean, roots: readonly string[]): RandomOperation {
    for (;;) {
      this.variables = [];
      this.fragments = [];
      this.names = 0;
      this.fieldsLeft = 30;
      this.plain = plain;
      const type = kind === 'query' ? this.schema.getQueryType() : this.schema.getMutationType();
      const fields = this.some(roots, 1, 2).map((root) => this.field(type?.getFields()[root], MOST_LEVELS));
      const definitions = this.variables.map(({ definition }) => definition).join(', ');
      const head = definitions === '' ? kind : `${kind}(${definitions})`;
      const query = [`${head} { ${fields.join(' ')} }`, ...this.fragments].join('\n');
      if (validate(this.schema, parse(query)).length > 0) continue;
      const given = this.variables.filter((variable) => 'value' in variable);
      return { query, variables: Object.fromEntries(given.map(({ name, value }) => [name, value])) };
    }
  }

  private field(field: GraphQLField<unknown, unknown> | undefined, levels: number): string {
    if (field === undefined) throw new Error('There is no such field.');
    this.fieldsLeft--;
    const args = field.args.flatMap((argument) => this.argument(field.name, argument));
    const needsAlias = field.args.length > 0 || this.random.chance(0.1);
    const alias = needsAlias ? `${this.random.chance(0.01) ? '__proto__' : this.name('f')}: ` : '';
    const type = getNamedType(field.type);
    const selection = isCompositeType(type) ? ` { ${this.selection(type as Composite, levels - 1)} }` : '';
    const call = args.length === 0 ? '' : `(${args.join(', ')})`;
    return `${alias}${field.name}${call}${this.directive()}${selection}`;
  }

  private selection(type: Composite, levels: number): string {
    const fields = Object.values(type.getFields());
    const wanted = fields.filter(
      ({ type: of }) => !isCompositeType(getNamedType(of)) || this.mayGoOn(levels),
    );
    const parts = this.some(wanted, 1, 5).map((field) => this.field(field, levels));
    if (this.random.chance(0.2)) parts.push('__typename');
    if (isAbstractType(type) && this.mayGoOn(levels)) {
      for (const possible of this.some(this.schema.getPossibleTypes(type), 1, 3))
        parts.push(this.fragment(possible, levels));
    } else if (this.random.chance(0.15) && this.mayGoOn(levels)) {
      parts.push(this.fragment(type, levels));
    }
    return parts.join(' ') || '__typename';
  }

  private fragment(type: Composite, levels: number): string {
    this.fieldsLeft--;
    const selection = this.selection(type, levels - 1);
    const directive = this.directive();
    if (this.random.chance(0.5)) return `... on ${type.name}${directive} { ${selection} }`;
    const name = this.name('F');
    this.fragments.push(`fragment ${name} on ${type.name} { ${selection} }`);
    return this.random.chance(0.2)
      ? `...${name}${directive} ...${name}${this.directive()}`
      : `...${name}${directive}`;
  }

  private directive(): string {
    if (this.plain || this.random.chance(0.85)) return '';
    const condition = this.random.chance(0.3)
      ? String(this.random.chance(0.5))
      : this.variable('Boolean!', this.random.chance(0.5));
    return ` @${this.random.pick(['skip', 'include'])}(if: ${condition})`;
  }

  private argument(field: string, { name, type }: GraphQLArgument): string[] {
    const required = isNonNullType(type);
    if (!required && !this.random.chance(['last', 'before', 'after'].includes(name) ? 0.06 : 0.5)) return [];
    const value = this.value(name === 'id' ? field : name, type);
    const simple = ['number', 'boolean'].includes(typeof value);
    const inPlace = this.plain ? simple && this.random.chance(0.3) : this.random.chance(0.5);
    return [`${name}: ${inPlace ? this.literal(value, type) : this.variableOf(type, value)}`];
  }

  /** Sometimes with a default that is used, or not, and sometimes left out or null. */
  private variableOf(type: GraphQLInputType, value: unknown): string {
    const optional = String(getNullableType(type));
    const chance = this.random.next();
    if (chance < 0.15) return this.variable(`${optional} = ${this.literal(value, type, false)}`);
    if (chance < 0.25) return this.variable(`${optional} = ${this.literal(value, type, false)}`, value);
    if (isNonNullType(type)) return this.variable(String(type), chance < 0.27 ? 'none such' : value);
    if (chance < 0.35) return this.variable(optional);
    return this.variable(optional, chance < 0.45 ? null : value);
  }

  private variable(type: string, ...value: readonly unknown[]): string {
    const name = this.name('v');
    const definition = `$${name}: ${type}`;
    this.variables.push({ definition, name, ...(value.length > 0 && { value: value[0] }) });
    return `$${name}`;
  }

  private value(name: string, type: GraphQLInputType): unknown {
    const nullable = getNullableType(type);
    if (isListType(nullable)) {
      const items = Array.from({ length: this.random.between(0, 2) });
      return items.map(() => this.value(name, nullable.ofType));
    }
    if (isEnumType(nullable)) return this.random.pick(nullable.getValues()).name;
    if (isInputObjectType(nullable)) {
      const fields = Object.values(nullable.getFields());
      const given = fields.filter((field) => isNonNullType(field.type) || this.random.chance(0.3));
      return Object.fromEntries(given.map((field) => [field.name, this.value(field.name, field.type)]));
    }
    const { ids, texts } = this.things;
    switch (nullable.name) {
      case 'Int':
        return ['first', 'last'].includes(name) ? this.random.pick(SIZES) : this.random.between(1, 5);
      case 'Boolean':
        return this.random.chance(0.5);
      case 'ID':
        return this.random.pick(
          (this.random.chance(0.9) ? ids[name] : undefined) ?? Object.values(ids).flat(),
        );
      case 'JSONObject':
        return { team: this.random.between(1, 9) };
      case 'DateTimeISO':
        return this.random.pick(['2024-01-01T03:00:00.000Z', '2031-01-01T00:00:00Z', 'yesterday']);
      case 'Date':
        return this.random.pick(['2026-01-01', '2026-02-28', '2026-02-30']);
      default:
        return this.random.pick(texts[name] ?? ['e', 'none']);
    }
  }

  /** @param variables whether some of what is in it may be variables */
  private literal(value: unknown, type: GraphQLInputType, variables = true): string {
    const nullable = getNullableType(type);
    if (Array.isArray(value) && isListType(nullable))
      return `[${value.map((item) => this.part(item, nullable.ofType, variables)).join(', ')}]`;
    if (isEnumType(nullable)) return String(value);
    if (isInputObjectType(nullable)) {
      const fields = nullable.getFields();
      const parts = Object.entries(value as object).map(([name, part]) => {
        const field = fields[name];
        return field === undefined ? '' : `${name}: ${this.part(part, field.type, variables)}`;
      });
      return `{ ${parts.join(', ')} }`;
    }
    if (typeof value === 'object' && value !== null)
      return `{ ${Object.entries(value)
        .map(([name, part]) => `${name}: ${JSON.stringify(part)}`)
        .join(', ')} }`;
    return JSON.stringify(value);
  }

  private part(value: unknown, type: GraphQLInputType, variables: boolean): string {
    const asVariable = variables && this.random.chance(0.3);
    return asVariable ? this.variableOf(type, value) : this.literal(value, type, variables);
  }

  private mayGoOn(levels: number): boolean {
    return levels > 0 && this.fieldsLeft > 0;
  }

  private some<Item>(items: readonly Item[], least: number, most: number): Item[] {
    return items.length === 0 ? [] : this.random.sample(items, this.random.between(least, most));
  }

  private name(prefix: string): string {
    return `${prefix}${this.names++}`;
  }
}
