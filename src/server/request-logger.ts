import type { FastifyBaseLogger } from 'fastify';

type Bindings = Parameters<FastifyBaseLogger['child']>[0];
type ChildOptions = Parameters<FastifyBaseLogger['child']>[1];

/**
 * What a request logs by. Most requests have nothing to say beside the line that each of them gets, so that the logger with
 * the id of the request is made for those that do: it takes longer than the line.
 */
export class RequestLogger implements FastifyBaseLogger {
  private made: FastifyBaseLogger | null = null;

  constructor(
    private readonly parent: FastifyBaseLogger,
    private readonly bindings: Bindings,
    private readonly options: ChildOptions,
  ) {}

  get level(): string {
    return this.parent.level;
  }

  fatal(...line: [unknown]): void {
    this.logger.fatal(...line);
  }

  error(...line: [unknown]): void {
    this.logger.error(...line);
  }

  warn(...line: [unknown]): void {
    this.logger.warn(...line);
  }

  info(...line: [unknown]): void {
    this.logger.info(...line);
  }

  debug(...line: [unknown]): void {
    this.logger.debug(...line);
  }

  trace(...line: [unknown]): void {
    this.logger.trace(...line);
  }

  silent(...line: [unknown]): void {
    this.logger.silent(...line);
  }

  child(bindings: Bindings, options?: ChildOptions): FastifyBaseLogger {
    return this.logger.child(bindings, options);
  }

  private get logger(): FastifyBaseLogger {
    return (this.made ??= this.parent.child(this.bindings, this.options));
  }
}
