import { isOurs } from './contender';
import { rounded } from './rounded';
import { nameOf } from './rounds';
import type { ComparisonTable, FigureTable, Measurement, Table } from './scenario';
import { times } from './times';

/**
 * How much of what the floor answers a contender of ours does, by the name of the contender: in the same time of the
 * processor, on which other work of the machine tells less than on the time of the clock.
 */
export function ratiosToFloor(table: Table): Record<string, number> {
  if (table.kind === 'FIGURES') return {};
  const { floor, measurements } = table;
  const common = measurements.filter(({ start }) => start === 'ALIKE');
  const ground = common.find(({ contender }) => contender === floor);
  if (ground === undefined) return {};
  return Object.fromEntries(
    common
      .filter(({ contender }) => isOurs(contender))
      .map((own) => [
        own.contender,
        rounded(
          times(ground, own, ({ programMs }) => programMs),
          3,
        ),
      ]),
  );
}

/** A table with its title, which people can read as it is, and which can be put into a page. */
export function textOf(table: Table): string {
  const lines = table.kind === 'COMPARISON' ? comparisonLines(table) : figureLines(table);
  return ['', `## ${table.title}`, '', ...lines, ''].join('\n');
}

function figureLines({ rows }: FigureTable): string[] {
  const columns = Object.keys(rows[0] ?? {});
  const [, ...heads] = columns;
  return markdownTable(
    ['', ...heads],
    rows.map((row) => columns.map((column) => String(row[column]))),
  );
}

const RATIOS_MEAN =
  'CPU ms: processor time of the program for a request. requests/s x / CPU x: how many times as many requests that one of ' +
  'ours answers as the one in the row, in the same time by the clock / in the same processor time; the median of what it is ' +
  'in each round. Above 1, ours is ahead.';

function comparisonLines({ measurements }: ComparisonTable): string[] {
  const ours = measurements.filter(({ contender, start }) => isOurs(contender) && start === 'ALIKE');
  const rows = measurements.map((one) => [
    nameOf({ name: one.contender, start: one.start }),
    one.requestsPerSecond.toFixed(0),
    one.p50.toFixed(2),
    one.p99.toFixed(2),
    one.programMs.toFixed(3),
    one.databaseMs.toFixed(3),
    String(one.answerBytes),
    ...ours.map((own) => ratios(own, one)),
  ]);
  const heads = ['requests/s', 'p50 ms', 'p99 ms', 'CPU ms', 'database CPU ms', 'bytes'];
  const headsOfOurs = ours.map(({ contender }) => `${contender}: requests/s x / CPU x`);
  const table = markdownTable(['', ...heads, ...headsOfOurs], rows);
  return ours.length === 0 ? table : [...table, '', RATIOS_MEAN];
}

function markdownTable(heads: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = heads.map((head, column) =>
    Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' | ')} |`;
  const rule = widths.map((width, column) =>
    column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  return [line(heads), line(rule), ...rows.map(line)];
}

function ratios(own: Measurement, other: Measurement): string {
  const faster = times(own, other, ({ requestsPerSecond }) => requestsPerSecond).toFixed(2);
  const cheaper = times(other, own, ({ programMs }) => programMs).toFixed(2);
  return `${faster} x / ${cheaper} x`;
}
