import { HeaderMap, type ApolloServerPlugin } from '@apollo/server';
import {
  GraphQLError,
  GraphQLScalarType,
  Kind,
  OperationTypeNode,
  getOperationAST,
  type DocumentNode,
  type GraphQLSchema,
  type NamedTypeNode,
  type OperationDefinitionNode,
} from 'graphql';
import { compileQuery, isCompiledQuery, type CompiledQuery } from 'graphql-jit';
import { LRUCache } from 'lru-cache';
import type { Logger } from '../shared/logger';
import { coercedVariables } from './coerced-variables';
import { fieldsToCompile } from './fields-to-compile';
import { formatErrors, logFailures } from './graphql-errors';
import type { RequestContext } from './request-context';

/** How many operations are remembered as asked for, and how many fields are kept compiled: some kilobytes each. */
const MAX_OPERATIONS = 1000;
const MAX_FIELDS = 20_000;

/** Compiling costs more than executing once: it is worth it only for what is asked for again and again. */
const COMPILED_AT_USE = 3;

/** Asks for a trace of each field, which only graphql-js can give. */
const TRACE_HEADER = 'apollo-federation-include-trace';

/** A function, and how many fields it is made of. */
interface Compiled {
  readonly query: CompiledQuery;
  readonly fields: number;
}

/**
 * Executes operations that are asked for again and again as functions made for them, rather than by walking through the
 * document each time. They answer what graphql-js answers, to which everything else is left: see `fieldsToCompile`.
 */
export function compiledExecution(schema: GraphQLSchema, logger: Logger): ApolloServerPlugin<RequestContext> {
  const operations = new Operations(schema);
  return {
    async requestDidStart({ request: { http } }) {
      if (http?.headers.has(TRACE_HEADER)) return;
      return {
        async responseForOperation({ document, operationName, request, contextValue }) {
          // The server asks even where there is no operation of that name.
          const operation = getOperationAST(document, operationName);
          if (operation == null) return null;
          const compiled = operations.compiledAtUse(document, operation);
          // As graphql-js has them, which also tells what is wrong with those that do not fit: graphql-jit would miss defaults.
          const { coerced } = coercedVariables(schema, operation, request);
          if (compiled === null || coerced === undefined) return null;
          const { data, errors: failures } = await compiled.query(undefined, contextValue, coerced);
          // How many errors are told of what became null because of one is up to who executes: so graphql-js says. But no
          // change is made twice.
          if (failures !== undefined && operation.operation !== OperationTypeNode.MUTATION) {
            contextValue.listAllowance.restore();
            return null;
          }
          const errors = failures?.map(toGraphqlError);
          if (errors) logFailures(logger, errors, contextValue.requestId);
          const singleResult = { data: data ?? null, ...(errors && { errors: formatErrors(errors) }) };
          return { http: { headers: new HeaderMap() }, body: { kind: 'single', singleResult } };
        },
      };
    },
  };
}

class Operations {
  private readonly uses = new LRUCache<OperationDefinitionNode, number>({ max: MAX_OPERATIONS });
  private readonly compiled = new LRUCache<OperationDefinitionNode, Compiled>({
    maxSize: MAX_FIELDS,
    sizeCalculation: ({ fields }) => fields,
    dispose: (_, operation) => this.uses.delete(operation),
  });
  private readonly schemaWithCoerced: GraphQLSchema;

  constructor(private readonly schema: GraphQLSchema) {
    this.schemaWithCoerced = withCoerced(schema);
  }

  /** The function of an operation; null while it is not worth one. */
  compiledAtUse(document: DocumentNode, operation: OperationDefinitionNode): CompiledQuery | null {
    const known = this.compiled.get(operation);
    if (known !== undefined) return known.query;
    const uses = (this.uses.get(operation) ?? 0) + 1;
    this.uses.set(operation, uses);
    return uses === COMPILED_AT_USE ? this.compile(document, operation) : null;
  }

  private compile(document: DocumentNode, operation: OperationDefinitionNode): CompiledQuery | null {
    const fields = fieldsToCompile(this.schema, document, operation);
    if (fields === null) return null;
    const prepared = withCoercedVariables(document, operation);
    const query = compileQuery(this.schemaWithCoerced, prepared, operation.name?.value);
    if (!isCompiledQuery(query)) return null;
    this.compiled.set(operation, { query, fields });
    return query;
  }
}

/** What variables are that have been coerced already. Coerced once more, some would not be what they are. */
const COERCED = new GraphQLScalarType({ name: 'Coerced' });
const COERCED_NODE: NamedTypeNode = { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: COERCED.name } };

/** The same schema, that knows that type besides. */
function withCoerced(schema: GraphQLSchema): GraphQLSchema {
  const getType = (name: string) => (name === COERCED.name ? COERCED : schema.getType(name));
  return Object.create(schema, { getType: { value: getType } }) as GraphQLSchema;
}

function withCoercedVariables(document: DocumentNode, operation: OperationDefinitionNode): DocumentNode {
  const variableDefinitions = operation.variableDefinitions?.map(({ kind, variable }) => ({
    kind,
    variable,
    type: COERCED_NODE,
  }));
  const changed = { ...operation, ...(variableDefinitions && { variableDefinitions }) };
  const definitions = document.definitions.map((definition) =>
    definition === operation ? changed : definition,
  );
  return { ...document, definitions };
}

/** An error as graphql-js makes it, which always has extensions. */
function toGraphqlError({ message, path, locations, originalError }: GraphQLError): GraphQLError {
  const error = new GraphQLError(message, { path, originalError });
  return Object.assign(error, { locations });
}
