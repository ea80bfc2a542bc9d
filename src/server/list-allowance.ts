import {
  defaultFieldResolver,
  getNullableType,
  isIntrospectionType,
  isListType,
  isObjectType,
  type FieldNode,
  type GraphQLFieldResolver,
  type GraphQLSchema,
} from 'graphql';
import { CHARGED_ABOVE } from '../shared/charged-above';
import { ApiError } from '../shared/errors';

/**
 * What the lists without pages of one request may hold. How long such a list is comes out only when it is read, so that
 * it is charged then: its items, times what was found that each of them costs.
 */
export class ListAllowance {
  private itemCosts: ReadonlyMap<FieldNode, number> = new Map();
  private maxCost = 0;
  private spent = 0;
  private granted = 0;

  /**
   * Lets an operation run if it does not cost too much, together with the others of its batch.
   *
   * @param itemCosts what an item of each list of the operation costs
   * @returns what the operations cost so far
   */
  grant(maxCost: number, cost: number, itemCosts: ReadonlyMap<FieldNode, number>): number {
    this.maxCost = maxCost;
    this.granted += cost;
    this.itemCosts = this.itemCosts.size === 0 ? itemCosts : new Map([...this.itemCosts, ...itemCosts]);
    return this.granted;
  }

  /** The same allowance, of which nothing has been spent yet: each event of a subscription has its own. */
  anew(): ListAllowance {
    const other = new ListAllowance();
    other.maxCost = this.maxCost;
    other.itemCosts = this.itemCosts;
    return other;
  }

  /** For an operation that is executed anew. */
  restore(): void {
    this.spent = 0;
  }

  /** @throws ApiError QUERY_TOO_COMPLEX when the lists hold more than is allowed */
  charge(fieldNodes: readonly FieldNode[], items: number): void {
    const itemCost = fieldNodes.reduce((sum, node) => sum + (this.itemCosts.get(node) ?? 0), 0);
    this.spent += items * Math.max(itemCost, 1);
    if (this.spent <= this.maxCost) return;
    throw new ApiError(
      'QUERY_TOO_COMPLEX',
      'The lists that have no pages hold too much for one query. Ask for fewer things at once, for fewer fields of ' +
        'each, or for the same as a connection, such as `grants` of a scope.',
      { maxCost: this.maxCost },
    );
  }
}

/** Lets each list of the schema be charged, but for those of connections: the size of a page is known beforehand. */
export function chargeLists(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || isIntrospectionType(type) || type.name.endsWith('Connection')) continue;
    for (const field of Object.values(type.getFields())) {
      if (isListType(getNullableType(field.type)) && !(CHARGED_ABOVE in field.extensions))
        field.resolve = charged(field.resolve);
    }
  }
  return schema;
}

type Resolve = GraphQLFieldResolver<unknown, { readonly listAllowance: ListAllowance }>;

function charged(resolve: Resolve = defaultFieldResolver): Resolve {
  return (source, args, context, info) => {
    const charge = (items: unknown) => {
      if (Array.isArray(items)) context.listAllowance.charge(info.fieldNodes, items.length);
      return items;
    };
    const items: unknown = resolve(source, args, context, info);
    // A list that is there already makes nobody wait.
    return items instanceof Promise ? items.then(charge) : charge(items);
  };
}
