import { HeaderMap, type ApolloServerPlugin } from '@apollo/server';
import { getOperationAST } from 'graphql';
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
          if (compiled === null) return null;
          const singleResult = await operations.execute(compiled, contextValue, request.variables ?? {});
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
