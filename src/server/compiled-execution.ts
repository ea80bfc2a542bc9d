import { HeaderMap, type ApolloServerPlugin } from '@apollo/server';
import { getOperationAST } from 'graphql';
import { coercedVariables } from './coerced-variables';
import type { CompiledOperations } from './compiled-operations';
import type { RequestContext } from './request-context';

/** Asks for a trace of each field, which only graphql-js can give. */
export const TRACE_HEADER = 'apollo-federation-include-trace';

/** Executes operations as functions made for them, once they were asked for often enough. */
export function compiledExecution(operations: CompiledOperations): ApolloServerPlugin<RequestContext> {
  return {
    async requestDidStart({ request: { http } }) {
      if (http?.headers.has(TRACE_HEADER)) return;
      return {
        async responseForOperation({ source, document, operationName, request, contextValue }) {
          // The server asks even where there is no operation of that name.
          const operation = getOperationAST(document, operationName);
          if (operation == null) return null;
          const asked = { source, operationName: request.operationName ?? null };
          const compiled = operations.atUse({ ...asked, document, operation });
          // As graphql-js has them, which also tells what is wrong with those that do not fit: graphql-jit would miss defaults.
          const { coerced } = coercedVariables(operations.schema, operation, request);
          if (compiled === null || coerced === undefined) return null;
          const singleResult = await operations.execute(compiled, contextValue, coerced);
          if (singleResult === null) {
            contextValue.listAllowance.restore();
            return null;
          }
          return { http: { headers: new HeaderMap() }, body: { kind: 'single', singleResult } };
        },
      };
    },
  };
}
