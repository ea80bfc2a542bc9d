import type { ApolloServer, GraphQLRequest } from '@apollo/server';
import {
  GraphQLError,
  createSourceEventStream,
  execute,
  type ExecutionResult,
  type FormattedExecutionResult,
  type GraphQLSchema,
} from 'graphql';
import type { ToldEvent } from '../../api-keys/events/api-key-event';
import { ApiError } from '../../shared/errors';
import type { Logger } from '../../shared/logger';
import type { DocumentRules } from '../documents/document-ids';
import { formatErrors, logFailures } from '../graphql-errors';
import type { GraphqlSettings } from '../graphql-server';
import {
  createSubscriptionCheck,
  type Approval,
  type ApprovedOperation,
  type SubscriptionContext,
} from './subscription-check';
import { CommonReads, createEventContext, type ContextParts, type RequestContext } from '../request-context';

export interface SubscriptionParts extends ContextParts {
  readonly schema: GraphQLSchema;
  readonly settings: GraphqlSettings;
  readonly documents: DocumentRules;
  readonly logger: Logger;
}

/** What a subscription tells, event by event. */
export type Results = AsyncIterator<FormattedExecutionResult, undefined>;

/** A subscription that has begun, or what is said of one that is refused. */
export type Begun =
  { readonly results: Results } | { readonly results: null; readonly refusal: FormattedExecutionResult };

/** What of a refusal is told by the status of the answer, so that clients try again. */
const TRY_AGAIN = ['RATE_LIMITED', 'SERVICE_UNAVAILABLE'];

/** Whoever remembers things is told of a change before those who follow it, so that what is known is no older. */
const WHERE_EVENTS_ARE_TOLD = 0;

/** Runs subscriptions. Each event is executed by itself, as a query is, with the rights that its caller has then. */
export class Subscriptions {
  private readonly check: ApolloServer<SubscriptionContext>;
  /** What is read for events that were met at once, for all who are told of them. */
  private readonly commonReads = new WeakMap<object, CommonReads>();

  constructor(private readonly parts: SubscriptionParts) {
    const { schema, settings, documents, logger } = parts;
    this.check = createSubscriptionCheck(schema, settings, documents, logger);
  }

  start(): Promise<void> {
    return this.check.start();
  }

  stop(): Promise<void> {
    return this.check.stop();
  }

  /** @throws ApiError for a caller who is to try again */
  async subscribe(request: GraphQLRequest, context: RequestContext): Promise<Begun> {
    const approval: Approval = { operation: null };
    const { body } = await this.check.executeOperation(request, { contextValue: { ...context, approval } });
    const { operation } = approval;
    if (operation === null)
      return { results: null, refusal: body.kind === 'single' ? body.singleResult : body.initialResult };
    const { schema } = this.parts;
    const source = await createSourceEventStream({ ...operation, schema, contextValue: context });
    if (!(Symbol.asyncIterator in source))
      return { results: null, refusal: this.refusal(source.errors ?? [], context) };
    return { results: this.results(source as AsyncIterable<ToldEvent>, operation, context) };
  }

  private results(
    source: AsyncIterable<ToldEvent>,
    operation: ApprovedOperation,
    context: RequestContext,
  ): Results {
    const events = source[Symbol.asyncIterator]();
    return {
      next: async () => {
        const next: IteratorResult<ToldEvent, undefined> = await events.next();
        if (next.done) return { done: true, value: undefined };
        return { done: false, value: await this.tell(next.value, operation, context) };
      },
      return: async () => {
        await events.return?.();
        return { done: true, value: undefined };
      },
    };
  }

  private async tell(
    event: ToldEvent,
    operation: ApprovedOperation,
    context: RequestContext,
  ): Promise<FormattedExecutionResult> {
    const contextValue = createEventContext(this.parts, context, event, this.commonReadsOf(event));
    const { schema } = this.parts;
    const { data = null, errors }: ExecutionResult = await execute({
      ...operation,
      schema,
      rootValue: event,
      contextValue,
    });
    if (errors === undefined) return { data };
    logFailures(this.parts.logger, errors, context.requestId);
    return { data, errors: formatErrors(errors) };
  }

  private commonReadsOf({ reading }: ToldEvent): CommonReads {
    const { parts } = this;
    const common =
      this.commonReads.get(reading) ?? new CommonReads(parts.database, parts, WHERE_EVENTS_ARE_TOLD);
    this.commonReads.set(reading, common);
    return common;
  }

  private refusal(errors: readonly GraphQLError[], { requestId }: RequestContext): FormattedExecutionResult {
    for (const { originalError, extensions } of errors) {
      if (originalError instanceof ApiError && TRY_AGAIN.includes(originalError.code)) throw originalError;
      // GraphQL's own word on variables that do not fit.
      if (originalError === undefined) extensions['code'] ??= 'BAD_USER_INPUT';
    }
    logFailures(this.parts.logger, errors, requestId);
    return { errors: formatErrors(errors) };
  }
}
