import type { FastifyRequest } from 'fastify';
import { isRecord } from '../shared/is-record';
import { whenReady, type MaybePromise } from '../shared/when-ready';
import { TRACE_HEADER } from './compiled-execution';
import type { CompiledOperation, CompiledOperations } from './compiled-operations';
import type { OperationRules } from './operation-rules';
import type { RequestContext } from './request-context';

/** A request for an operation that is known. */
export interface KnownRequest {
  readonly operation: CompiledOperation;
  readonly variables: Record<string, unknown>;
}

const JSON_BODY = /^application\/json(?:; ?charset=utf-8)?$/i;

/** All that a plain request says. */
const MEMBERS: ReadonlySet<string> = new Set(['query', 'operationName', 'variables']);

/**
 * Answers plain requests for operations that were compiled, as the GraphQL server would, without the steps that it takes for
 * all that could be in a request: a document to parse and to validate, a hash of it, forms of answers to choose from.
 *
 * Only what is certain is answered here. Everything else is left to the GraphQL server, from the beginning: whatever there
 * is to refuse, too, so that it is told in one place.
 */
export class KnownOperations {
  constructor(
    private readonly operations: CompiledOperations,
    private readonly rules: OperationRules,
  ) {}

  /** Null for an operation that is not known, and for a request that wants more than its answer in JSON. */
  find({ method, headers, body }: FastifyRequest): KnownRequest | null {
    if (method !== 'POST' || !isPlain(headers) || !isRecord(body)) return null;
    for (const member in body) if (!MEMBERS.has(member)) return null;
    const { query: source, operationName = null, variables = null } = body;
    if (typeof source !== 'string' || !isNameOrNull(operationName)) return null;
    if (variables !== null && !isRecord(variables)) return null;
    const operation = this.operations.known({ source, operationName });
    return operation && { operation, variables: variables ?? {} };
  }

  /**
   * The text of the answer; null when the GraphQL server has to answer, as where variables do not fit their types. The context
   * is used up then.
   */
  answer({ operation, variables }: KnownRequest, context: RequestContext): MaybePromise<string | null> {
    if (!this.isAdmitted({ operation, variables }, context)) return null;
    return whenReady(
      this.operations.execute(operation, context, variables),
      (result) => result && JSON.stringify(result),
    );
  }

  private isAdmitted({ operation: known, variables }: KnownRequest, contextValue: RequestContext): boolean {
    const { document, operation } = known;
    const operationName = operation.name?.value ?? null;
    try {
      this.rules.admit({ document, operation, operationName, variables, contextValue });
      return true;
    } catch {
      return false;
    }
  }
}

/** Whether a body is sent in a form in which no browser sends one for a foreign page unasked, and any JSON will do for the answer. */
function isPlain(headers: FastifyRequest['headers']): boolean {
  const { 'content-type': contentType, accept = '*/*' } = headers;
  if (contentType === undefined || !JSON_BODY.test(contentType)) return false;
  return (accept === '*/*' || accept === 'application/json') && headers[TRACE_HEADER] === undefined;
}

function isNameOrNull(value: unknown): value is string | null {
  return value === null || (typeof value === 'string' && value !== '');
}
