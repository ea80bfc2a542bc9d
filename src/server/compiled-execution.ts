import { HeaderMap, type ApolloServerPlugin } from '@apollo/server';
import {
  GraphQLError,
  GraphQLScalarType,
  Kind,
  OperationTypeNode,
  getOperationAST,
  getVariableValues,
  type DocumentNode,
  type GraphQLSchema,
  type NamedTypeNode,
  type OperationDefinitionNode,
} from 'graphql';
import { compileQuery, isCompiledQuery, type CompiledQuery } from 'graphql-jit';
import { LRUCache } from 'lru-cache';
import type { Logger } from '../shared/logger';
import { isCompilable } from './compilable';
import { formatError, logFailures } from './graphql-errors';
import type { RequestContext } from './request-context';

/** How many documents are kept compiled. */
const MAX_DOCUMENTS = 500;

/** Compiling costs more than executing once: it is worth it only for what is asked for again and again. */
const COMPILED_AT_USE = 3;

/** Asks for a trace of each field, which only graphql-js can give. */
const TRACE_HEADER = 'apollo-federation-include-trace';

/** An operation of a document. */
interface Operation {
  uses: number;
  /** Null: it has not been compiled yet, or cannot be. */
  compiled: CompiledQuery | null;
}

/**
 * Executes operations that are asked for again and again as functions made for them, rather than by walking through the
 * document each time. They answer what graphql-js answers, to which everything else is left: see `isCompilable`.
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
          const compiled = operations.compiled(document, operation);
          // As graphql-js has them, which also tells what is wrong with those that do not fit: graphql-jit would miss defaults.
          const { coerced } = getVariableValues(
            schema,
            operation.variableDefinitions ?? [],
            request.variables ?? {},
          );
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
          const singleResult = { data: data ?? null, ...(errors && { errors: errors.map(toFormatted) }) };
          return { http: { headers: new HeaderMap() }, body: { kind: 'single', singleResult } };
        },
      };
    },
  };
}

class Operations {
  private readonly documents = new LRUCache<DocumentNode, Map<OperationDefinitionNode, Operation>>({
    max: MAX_DOCUMENTS,
  });

  private readonly schemaWithCoerced: GraphQLSchema;

  constructor(private readonly schema: GraphQLSchema) {
    this.schemaWithCoerced = withCoerced(schema);
  }

  /** The function of an operation; null while it is not worth one. */
  compiled(document: DocumentNode, node: OperationDefinitionNode): CompiledQuery | null {
    const operation = this.find(document, node);
    operation.uses++;
    if (operation.uses === COMPILED_AT_USE) operation.compiled = this.compile(document, node);
    return operation.compiled;
  }

  private find(document: DocumentNode, node: OperationDefinitionNode): Operation {
    const operations = this.documents.get(document) ?? new Map<OperationDefinitionNode, Operation>();
    const operation = operations.get(node) ?? { uses: 0, compiled: null };
    this.documents.set(document, operations.set(node, operation));
    return operation;
  }

  private compile(document: DocumentNode, operation: OperationDefinitionNode): CompiledQuery | null {
    if (!isCompilable(this.schema, document, operation)) return null;
    const prepared = withCoercedVariables(document, operation);
    const compiled = compileQuery(this.schemaWithCoerced, prepared, operation.name?.value);
    return isCompiledQuery(compiled) ? compiled : null;
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

function toFormatted(error: GraphQLError) {
  const code = error.extensions['code'] ?? 'INTERNAL_SERVER_ERROR';
  return formatError({ ...error.toJSON(), extensions: { ...error.extensions, code } }, error);
}
