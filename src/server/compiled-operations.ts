import {
  GraphQLError,
  OperationTypeNode,
  type DocumentNode,
  type ExecutionResult,
  type FormattedExecutionResult,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { compileQuery, isCompiledQuery, type CompiledQuery } from 'graphql-jit';
import { LRUCache } from 'lru-cache';
import type { Logger } from '../shared/logger';
import { whenReady, type MaybePromise } from '../shared/when-ready';
import { completeVariables } from './complete-variables';
import { fieldsToCompile } from './fields-to-compile';
import { formatErrors, logFailures } from './graphql-errors';
import type { RequestContext } from './request-context';

/** How many operations are remembered as asked for, and how many fields are kept compiled: some kilobytes each. */
const MAX_OPERATIONS = 1000;
const MAX_FIELDS = 20_000;

/** The most items of lists among variables: graphql-js gives up after some that do not fit, graphql-jit tells of all of them. */
const MAX_ITEMS = 2000;

/** Compiling costs more than executing once: it is worth it only for what is asked for again and again. */
const COMPILED_AT_USE = 3;

/**
 * Texts, numbers, booleans and names of enums are told as they are. Resolvers have them as the schema promises them, which
 * the tests with a database hold them to: see test/support/strict-leaves.ts.
 */
const OPTIONS = { disableLeafSerialization: true };

/** An operation, as it is asked for. */
export interface AskedOperation {
  /** The text of its document. */
  readonly source: string;
  /** Null: the only one of the document. */
  readonly operationName: string | null;
}

/** An operation of a document that was found good. */
export interface ResolvedOperation extends AskedOperation {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
}

/** An operation, as a function that was made for it. */
export interface CompiledOperation extends ResolvedOperation {
  readonly run: CompiledQuery['query'];
  readonly complete: ReturnType<typeof completeVariables>;
  /** How many fields the function is made of. */
  readonly fields: number;
}

/**
 * Operations that are asked for again and again, as functions made for them. These answer what graphql-js answers, to which
 * everything else is left: see `fieldsToCompile`.
 */
export class CompiledOperations {
  private readonly uses = new LRUCache<string, number>({ max: MAX_OPERATIONS });
  private readonly compiled = new LRUCache<string, CompiledOperation>({
    maxSize: MAX_FIELDS,
    sizeCalculation: ({ fields }) => fields,
    dispose: (_, name) => this.uses.delete(name),
  });

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly logger: Logger,
  ) {}

  /** The operation, if it was asked for often enough. What it is made of was found good then. */
  known(asked: AskedOperation): CompiledOperation | null {
    return this.compiled.get(nameOf(asked)) ?? null;
  }

  /** Counts a use of an operation; null while it is not worth a function. */
  atUse(resolved: ResolvedOperation): CompiledOperation | null {
    const known = this.known(resolved);
    // What its lists may hold is noted by the nodes of the document.
    if (known?.document === resolved.document) return known;
    const name = nameOf(resolved);
    const uses = (this.uses.get(name) ?? 0) + 1;
    this.uses.set(name, uses);
    return uses >= COMPILED_AT_USE ? this.compile(resolved) : null;
  }

  /**
   * The answer; null when graphql-js has to give it, anew.
   *
   * @param variables as they were sent. What they leave out is filled in
   */
  execute(
    { run, complete, operation }: CompiledOperation,
    context: RequestContext,
    variables: Record<string, unknown>,
  ): MaybePromise<FormattedExecutionResult | null> {
    if (complete(variables) > MAX_ITEMS) return null;
    return whenReady(run(undefined, context, variables), (result) =>
      this.toAnswer(operation, result, context),
    );
  }

  private toAnswer(
    operation: OperationDefinitionNode,
    { data, errors: failures }: ExecutionResult,
    context: RequestContext,
  ): FormattedExecutionResult | null {
    // Nothing was executed, since the variables do not fit their types.
    if (data === undefined) return null;
    if (failures === undefined) return { data: data ?? null };
    // How many errors are told of what became null because of one is up to who executes: so graphql-js says. But no change
    // is made twice.
    if (operation.operation !== OperationTypeNode.MUTATION) return null;
    const errors = failures.map(toGraphqlError);
    logFailures(this.logger, errors, context.requestId);
    return { errors: formatErrors(errors), data: data ?? null };
  }

  private compile(resolved: ResolvedOperation): CompiledOperation | null {
    const { document, operation } = resolved;
    const fields = fieldsToCompile(this.schema, document, operation);
    if (fields === null) return null;
    const prepared = withoutDefaults(document, operation);
    const made = compileQuery(this.schema, prepared, operation.name?.value, OPTIONS);
    if (!isCompiledQuery(made)) return null;
    const complete = completeVariables(this.schema, operation.variableDefinitions ?? []);
    const compiled = { ...resolved, run: made.query, complete, fields };
    this.compiled.set(nameOf(resolved), compiled);
    return compiled;
  }
}

/** No name of an operation has a space. */
function nameOf({ source, operationName }: AskedOperation): string {
  return `${operationName ?? ''} ${source}`;
}

/** Defaults are filled in beforehand: those of an operation would become part of the function. */
function withoutDefaults(document: DocumentNode, operation: OperationDefinitionNode): DocumentNode {
  const variableDefinitions = operation.variableDefinitions?.map(({ kind, variable, type }) => ({
    kind,
    variable,
    type,
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
