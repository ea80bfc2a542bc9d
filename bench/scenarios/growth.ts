import type { Comparison } from '../contender';
import { PAIRS_BY_KEYS } from '../growth/by-keys';
import { PAIRS_BY_TENANT } from '../growth/by-tenant';
import { GrowthWorlds } from '../growth/growth-worlds';
import type { Pair, Side } from '../growth/pair';
import { rounded } from '../rounded';
import { measure } from '../rounds';
import type { Figures, FigureTable, Measurement, Scenario } from '../scenario';
import { times } from '../times';

const PAIRS = [...PAIRS_BY_KEYS, ...PAIRS_BY_TENANT];

/** What the same questions cost where there is little, and where there is much. Contenders are chosen by their question. */
export const measureGrowth: Scenario = async (world, generator, options) => {
  const worlds = new GrowthWorlds(world, { small: options.keys, grown: options.grownKeys });
  const wanted = PAIRS.filter(({ question }) => options.contenders.some((text) => question.includes(text)));
  const rows: Row[] = [];
  for (const pair of wanted) {
    const { less, more } = await pair.sides(worlds);
    const comparison = toComparison(pair, [less, more]);
    const all = { ...options, contenders: [''], small: false };
    const { measurements } = await measure(comparison, world, generator, all);
    const [atLess, atMore] = measurements;
    if (atLess === undefined || atMore === undefined) throw new Error(`${pair.question}: no two sides.`);
    rows.push(toRow(pair, atLess, atMore));
  }
  return [{ kind: 'FIGURES', title: 'growth', rows }];
};

type Row = FigureTable['rows'][number];

function toComparison({ question, connections }: Pair, sides: readonly Side[]): Comparison {
  return {
    title: `growth, ${question}`,
    connections,
    floor: null,
    contenders: sides.map(({ amount, ...side }) => ({ name: amount, start: 'ALIKE', ...side })),
  };
}

/** Times are of a whole request, and once of as much of the answer, since some answers are longer on one side. */
function toRow({ question }: Pair, less: Measurement, more: Measurement): Row {
  const both = (figure: (of: Measurement) => number, digits: number) =>
    [less, more].map((of) => figure(of).toFixed(digits)).join(' -> ');
  const grown = (figure: (of: Figures) => number) => times(more, less, figure);
  const withDatabase = grown(({ programMs, databaseMs }) => programMs + databaseMs);
  return {
    question,
    'from -> to': `${less.contender} -> ${more.contender}`,
    'p50, times': rounded(
      grown(({ p50 }) => p50),
      2,
    ),
    'CPU, times': rounded(
      grown(({ programMs }) => programMs),
      2,
    ),
    'CPU with database, times': rounded(withDatabase, 2),
    'CPU with database per byte, times': rounded((withDatabase * less.answerBytes) / more.answerBytes, 2),
    'p50 ms': both(({ p50 }) => p50, 2),
    'CPU ms': both(({ programMs }) => programMs, 3),
    'database CPU ms': both(({ databaseMs }) => databaseMs, 3),
    bytes: both(({ answerBytes }) => answerBytes, 0),
  };
}
