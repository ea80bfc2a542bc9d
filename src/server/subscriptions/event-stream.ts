import { Readable } from 'node:stream';
import { GraphQLError, type FormattedExecutionResult } from 'graphql';
import { ApiError } from '../../shared/errors';
import { formatErrors } from '../graphql-errors';
import type { Results } from './subscriptions';

/** A comment, which clients pass over and for which proxies keep the connection open. */
const HEARTBEAT = ':\n\n';

/** A result, after which nothing more comes: clients do not ask again by themselves. */
export function lastEvents(result: FormattedExecutionResult): string {
  return `${nextEvent(result)}event: complete\ndata:\n\n`;
}

function nextEvent(result: FormattedExecutionResult): string {
  return `event: next\ndata: ${JSON.stringify(result)}\n\n`;
}

/**
 * The results of a subscription as server-sent events, in the form of the protocol "GraphQL over Server-Sent Events",
 * distinct connections mode. They are taken only as fast as the client takes them. Where they end without an
 * error, so does the stream, without being complete: clients connect anew.
 */
export class EventStream extends Readable {
  private taking = false;
  private over = false;
  private readonly heart: NodeJS.Timeout;

  /** @param report is told of what clients are not told */
  constructor(
    private readonly results: Results,
    heartbeatMs: number,
    private readonly report: (error: Error) => void,
  ) {
    super({ encoding: 'utf8' });
    this.heart = setInterval(() => this.beat(), heartbeatMs);
  }

  /** Ends with an error that tells why. */
  fail(error: Error): void {
    if (this.over) return;
    this.over = true;
    if (!(error instanceof ApiError)) this.report(error);
    const originalError =
      error instanceof ApiError ? error : new Error('A subscription failed.', { cause: error });
    this.push(lastEvents({ errors: formatErrors([new GraphQLError(error.message, { originalError })]) }));
    this.push(null);
  }

  override _read(): void {
    if (!this.taking && !this.over) void this.takeNext();
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.over = true;
    clearInterval(this.heart);
    void this.results.return?.();
    callback(error);
  }

  private async takeNext(): Promise<void> {
    this.taking = true;
    try {
      const { done, value } = await this.results.next();
      this.taking = false;
      if (this.over) return;
      this.push(done ? null : nextEvent(value));
      this.over ||= done ?? false;
    } catch (error) {
      this.fail(error instanceof Error ? error : new Error(String(error)));
    }
  }

  private beat(): void {
    if (!this.over && this.readableLength === 0) this.push(HEARTBEAT);
  }
}
