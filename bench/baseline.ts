import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ratiosToFloor } from './report';
import type { Table } from './scenario';

/** Ratios against the floor: by the title of the table, then by the contender. */
type Baseline = Record<string, Record<string, number>>;

const FILE = join(process.cwd(), 'bench', 'baseline.json');

/** How much of the ratio in the file must be reached: another machine, and whatever else it does, move it a little. */
const LEAST = 0.8;

export async function writeBaseline(tables: readonly Table[]): Promise<void> {
  const ratios = { ...(await readBaseline()), ...ratiosOf(tables) };
  await writeFile(FILE, `${JSON.stringify(ratios, null, 2)}\n`);
}

/** @returns what is too slow, each in a line of its own */
export async function slowerThanBaseline(tables: readonly Table[]): Promise<string[]> {
  const baseline = await readBaseline();
  return Object.entries(ratiosOf(tables)).flatMap(([title, ratios]) =>
    Object.entries(ratios).flatMap(([contender, ratio]) => {
      const expected = baseline[title]?.[contender];
      if (expected === undefined || ratio >= expected * LEAST) return [];
      return [
        `${title}: ${contender} reaches ${ratio} of the floor, and ${expected} in bench/baseline.json.`,
      ];
    }),
  );
}

function ratiosOf(tables: readonly Table[]): Baseline {
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
