import {
  GraphQLError,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
  getOperationAST,
  getVariableValues,
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import {
  fieldExtensionsEstimator,
  getComplexity,
  simpleEstimator,
  type ComplexityEstimator,
} from 'graphql-query-complexity';
import { LRUCache } from 'lru-cache';
import { ApiError } from '../shared/errors';
import { isRecord } from '../shared/is-record';
import { MAX_NESTING, isNestedTooDeep } from '../shared/nesting';
import { requestError } from './graphql-errors';
import type { RequestContext } from './request-context';

/**
 * Refuses operations that would cost too much, before they are executed. A field costs 1; a list what its page holds,
 * times what each item costs. So depth, width, aliases and nested lists are bounded by one number. Lists without pages are
 * charged as they are read: see `ListAllowance`.
 */
export class QueryCostLimit {
  private readonly known = new KnownCosts();

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly maxCost: number,
  ) {}

  /**
   * @throws GraphQLError QUERY_TOO_COMPLEX for one that costs too much, together with those of its batch before it;
   *   BAD_USER_INPUT when that cannot be told, since its variables do not fit their types, or are nested too deep
   */
  charge({ document, operationName, variables, contextValue }: Charged): void {
    const { schema, maxCost } = this;
    const { requestId, listAllowance } = contextValue;
    if (isNestedTooDeep(variables)) throw requestError(nestedTooDeep(), requestId);
    const { cost, itemCosts } = this.known.of({ query: document, variables, operationName }, (unknown) =>
      costOf(schema, unknown, requestId),
    );
    const total = listAllowance.grant(maxCost, cost, itemCosts);
    if (total > maxCost) throw requestError(tooComplex(total, maxCost), requestId);
  }
}

/** What is charged for. */
interface Charged {
  readonly document: DocumentNode;
  readonly operationName: string | null;
  readonly variables: Record<string, unknown>;
  readonly contextValue: Pick<RequestContext, 'requestId' | 'listAllowance'>;
}

interface Operation {
  readonly query: DocumentNode;
  readonly variables: Record<string, unknown>;
  readonly operationName: string | null;
}

interface Cost {
  readonly cost: number;
  /** What an item of each list costs. */
  readonly itemCosts: ReadonlyMap<FieldNode, number>;
}

/** In how many shapes of its variables the cost of a document is kept. */
const MAX_SHAPES = 50;
/** Longer ones are rare, and would take much memory. */
const MAX_SHAPE_LENGTH = 1000;

/**
 * What operations cost, which need not be worked out again for one that comes again. Estimators go by numbers, and by how
 * long lists are: variables that differ in their texts alone, or in what their lists hold, cost the same.
 */
class KnownCosts {
  /** For as long as anybody keeps the document. */
  private readonly documents = new WeakMap<DocumentNode, LRUCache<string, Cost>>();

  of(operation: Operation, workOut: (operation: Operation) => Cost): Cost {
    const costs = this.ofDocument(operation.query);
    const shape = `${operation.operationName} ${shapeOf(operation.variables)}`;
    const known = costs.get(shape);
    if (known !== undefined) return known;
    const cost = workOut(operation);
    if (shape.length <= MAX_SHAPE_LENGTH) costs.set(shape, cost);
    return cost;
  }

  private ofDocument(document: DocumentNode): LRUCache<string, Cost> {
    const known = this.documents.get(document);
    if (known !== undefined) return known;
    const costs = new LRUCache<string, Cost>({ max: MAX_SHAPES });
    this.documents.set(document, costs);
    return costs;
  }
}

/**
 * What a value is but for its texts, and for what its lists hold. No two that differ otherwise have the same: names, which
 * may hold anything, stand behind their lengths.
 */
function shapeOf(value: unknown): string {
  if (typeof value === 'string') return '""';
  if (Array.isArray(value)) return `[${value.length}]`;
  if (!isRecord(value)) return String(value);
  let shape = '{';
  for (const name in value) shape += `${name.length}:${name}${shapeOf(value[name])},`;
  return `${shape}}`;
}

/** Whether variables fit their types. Of one that does not, this is told at once, however many there are. */
export function fit(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
  variables: Record<string, unknown>,
): boolean {
  return getVariableValues(schema, variableDefinitions, variables, { maxErrors: 1 }).errors === undefined;
}

function costOf(
  schema: GraphQLSchema,
  { query, variables, operationName }: Operation,
  requestId: string,
): Cost {
  const itemCosts = new Map<FieldNode, number>();
  try {
    const operation = getOperationAST(query, operationName);
    // It would tell of each that does not.
    if (operation && !fit(schema, operation, variables))
      throw new GraphQLError('The variables do not fit their types.');
    const cost = getComplexity({
      schema,
      query,
      variables,
      ...(operationName !== null && { operationName }),
      estimators: [
        noteChildCosts(itemCosts),
        fieldExtensionsEstimator(),
        introspectionEstimator,
        simpleEstimator({ defaultComplexity: 1 }),
      ],
      // How many there are has been bounded by validation.
      maxQueryNodes: Infinity,
    });
    return { cost, itemCosts };
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    throw requestError(new ApiError('BAD_USER_INPUT', error.message), requestId);
  }
}

/** Estimates nothing, and leaves that to others. A field can be met again, as a field of another type. */
function noteChildCosts(costs: Map<FieldNode, number>): ComplexityEstimator {
  return ({ node, childComplexity }) => {
    costs.set(node, Math.max(childComplexity, costs.get(node) ?? 0));
    return undefined;
  };
}

/**
 * The schema is open to callers without a credential, so that many copies of it under aliases must cost what they are:
 * lists of types, and those of fields.
 */
const introspectionEstimator: ComplexityEstimator = ({ field, childComplexity }) => {
  switch (field) {
    case SchemaMetaFieldDef:
      return 1 + TYPICAL_SCHEMA * childComplexity;
    case TypeMetaFieldDef:
      return 1 + TYPICAL_TYPE * childComplexity;
    default:
      return undefined;
  }
};

/** How many fields a schema, and a type, is taken to have. */
const TYPICAL_SCHEMA = 500;
const TYPICAL_TYPE = 10;

function nestedTooDeep(): ApiError {
  return new ApiError('BAD_USER_INPUT', `The variables are nested more than ${MAX_NESTING} levels deep.`);
}

function tooComplex(cost: number, maxCost: number): ApiError {
  return new ApiError(
    'QUERY_TOO_COMPLEX',
    `The query costs up to ${cost}, and ${maxCost} is the most. Ask for smaller pages or fewer nested lists.`,
    { cost, maxCost },
  );
}
