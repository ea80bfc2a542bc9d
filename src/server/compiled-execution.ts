import { HeaderMap, type ApolloServerPlugin } from '@apollo/server';
import {
  GraphQLError,
  getOperationAST,
  getVariableValues,
  type DocumentNode,
  type GraphQLSchema,
} from 'graphql';
import { compileQuery, isCompiledQuery, type CompiledQuery } from 'graphql-jit';
import { LRUCache } from 'lru-cache';
import type { Logger } from '../shared/logger';
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
 * document each time. They answer what graphql-js answers, to which everything else is left.
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
          const compiled = operations.compiled(document, operationName);
          // As graphql-js has them, which also tells what is wrong with those that do not fit: graphql-jit would miss defaults.
          const { coerced } = getVariableValues(
            schema,
            operation.variableDefinitions ?? [],
            request.variables ?? {},
          );
          if (compiled === null || coerced === undefined) return null;
          const { data, errors: failures } = await compiled.query(undefined, contextValue, coerced);
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
  private readonly documents = new LRUCache<DocumentNode, Map<string | null, Operation>>({
    max: MAX_DOCUMENTS,
  });

  constructor(private readonly schema: GraphQLSchema) {}

  /** The function of an operation; null while it is not worth one. */
  compiled(document: DocumentNode, name: string | null): CompiledQuery | null {
    const operation = this.find(document, name);
    operation.uses++;
    if (operation.uses === COMPILED_AT_USE) operation.compiled = this.compile(document, name);
    return operation.compiled;
  }

  private find(document: DocumentNode, name: string | null): Operation {
    const operations = this.documents.get(document) ?? new Map<string | null, Operation>();
    const operation = operations.get(name) ?? { uses: 0, compiled: null };
    this.documents.set(document, operations.set(name, operation));
    return operation;
  }

  private compile(document: DocumentNode, name: string | null): CompiledQuery | null {
    const compiled = compileQuery(this.schema, document, name ?? undefined);
    return isCompiledQuery(compiled) ? compiled : null;
  }
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
