import { pino, type DestinationStream } from 'pino';

/** How long a line can wait for others. */
const WAIT_MS = 100;

/** How much can wait, in characters. */
const MOST_WAITING = 16_384;

const TROUBLE = pino.levels.values['warn'] ?? 0;

/**
 * Gathers lines to write them together, since each write costs more than making the line.
 *
 * A line that comes alone is written at once; those that follow it closely a moment later, together. What tells of trouble
 * is written at once, with all that was waiting before it.
 */
export class GatheredLines implements DestinationStream {
  /** Asks pino to say of what level each line is. */
  readonly [pino.symbols.needsMetadataGsym] = true;
  lastLevel = 0;
  private waiting = '';
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly destination: DestinationStream) {}

  write(line: string): void {
    this.waiting += line;
    if (this.timer === null || this.lastLevel >= TROUBLE || this.waiting.length >= MOST_WAITING) this.flush();
  }

  /** Writes what is waiting. */
  flush(): void {
    if (this.waiting === '') return;
    const lines = this.waiting;
    this.waiting = '';
    this.destination.write(lines);
    this.timer ??= setTimeout(() => this.endWait(), WAIT_MS).unref();
  }

  private endWait(): void {
    this.timer = null;
    this.flush();
  }
}

/** Standard output. Of what was logged, only a process that is killed can take something with it: what was waiting. */
export function gatheredStandardOutput(): GatheredLines {
  const lines = new GatheredLines(pino.destination({ dest: process.stdout.fd, sync: true }));
  process.on('exit', () => lines.flush());
  return lines;
}
