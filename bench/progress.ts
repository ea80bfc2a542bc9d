const isTerminal = process.stderr.isTTY;
const PLAIN_LINE_EVERY_MS = 5000;
let toldAt = 0;

/** Says how far it is, in a line that is written over. */
export function progress(text: string): void {
  if (isTerminal) process.stderr.write(`\r\u001b[K${text}`);
  else if (performance.now() - toldAt > PLAIN_LINE_EVERY_MS) {
    process.stderr.write(`${text}\n`);
    toldAt = performance.now();
  }
}

/** Ends the line, before something else is written. */
export function progressEnds(): void {
  if (isTerminal) process.stderr.write('\r\u001b[K');
}
