import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Options } from './options';
import { ratiosToFloor } from './report';
import type { Table } from './scenario';

/** Ratios against the floor: by the title of the table, then by the contender. */
type Ratios = Record<string, Record<string, number>>;

/** Short runs meet a program that V8 has made less fast, so that they are compared with short runs. */
type Baseline = Partial<Record<'small' | 'full', Ratios>>;

/** A contender of ours that does less than it did. */
export interface Shortfall {
  readonly title: string;
  readonly contender: string;
  readonly expected: number;
  readonly reached: number;
}

const FILE = join(process.cwd(), 'bench', 'baseline.json');

/** How much of the ratio in the file must be reached: another machine, and whatever else it does, move it a little. */
const LEAST = 0.8;

export async function writeBaseline(tables: readonly Table[], options: Options): Promise<void> {
  const baseline = await readBaseline();
  const kind = kindOf(options);
  const ratios = { ...baseline[kind], ...ratiosOf(tables) };
  await writeFile(FILE, `${JSON.stringify({ ...baseline, [kind]: ratios }, null, 2)}\n`);
}

/** @throws Error when there is nothing to compare, since it would pass whatever was measured */
export async function findShortfalls(tables: readonly Table[], options: Options): Promise<Shortfall[]> {
  const baseline = (await readBaseline())[kindOf(options)] ?? {};
  const measured = Object.entries(ratiosOf(tables)).flatMap(([title, ratios]) =>
    Object.entries(ratios).map(([contender, reached]) => {
      const expected = baseline[title]?.[contender];
      if (expected === undefined)
        throw new Error(
          `bench/baseline.json says nothing of "${contender}" in "${title}" of ${kindOf(options)} runs.`,
        );
      return { title, contender, expected, reached };
    }),
  );
  if (measured.length === 0)
    throw new Error('Nothing was measured against a floor: there is nothing to check.');
  return measured.filter(({ expected, reached }) => reached < expected * LEAST);
}

/** @param first what it reached before it was measured once more */
export function textOfShortfall(
  { title, contender, expected, reached }: Shortfall,
  first: Shortfall,
): string {
  const least = (expected * LEAST).toFixed(3);
  return (
    `${title}: ${contender} reaches ${first.reached}, and ${reached} when measured once more, of what the floor does in ` +
    `the same processor time. Expected: ${expected}, as in bench/baseline.json, and at least ${least}.`
  );
}

function kindOf({ small }: Options): keyof Baseline {
  return small ? 'small' : 'full';
}

function ratiosOf(tables: readonly Table[]): Ratios {
  return Object.fromEntries(
    tables
      .map((table) => [table.title, ratiosToFloor(table)] as const)
      .filter(([, ratios]) => Object.keys(ratios).length > 0),
  );
}

async function readBaseline(): Promise<Baseline> {
  try {
    return JSON.parse(await readFile(FILE, 'utf8')) as Baseline;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}
