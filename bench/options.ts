import { parseArgs } from 'node:util';

export const SCENARIO_NAMES = ['page', 'verify'] as const;
export type ScenarioName = (typeof SCENARIO_NAMES)[number];

/** How much is measured. */
export interface Options {
  readonly only: readonly ScenarioName[];
  readonly keys: number;
  readonly rounds: number;
  readonly seconds: number;
  /** Those are measured that have one of these in their name. */
  readonly contenders: readonly string[];
  readonly json: boolean;
  /** Whether ratios are held against those of `bench/baseline.json`, or written there. */
  readonly baseline: 'IGNORED' | 'CHECKED' | 'WRITTEN';
  /** Where a processor profile of each of our own contenders is written; null: nowhere. */
  readonly profiles: string | null;
}

export const USAGE = `Usage: npm run bench -- [options]
Measures Scopegate and others side by side, on a database of its own. Needs Linux.
  --only <name>      ${SCENARIO_NAMES.join(', ')}; may be repeated. Else both
  --keys <n>         API keys in the database; else 20000
  --rounds <n>       how often each contender is measured, in turns; else 5
  --seconds <n>      how long it is measured each time; else 4
  --contender <text> only those with this in their name; may be repeated. Else all
  --json             prints one JSON object instead of tables
  --check            fails when a ratio against the floor is under four fifths of that in bench/baseline.json
  --write-baseline   writes the ratios against the floor to bench/baseline.json
  --profiles <dir>   writes a processor profile of each contender of ours there
  --help             shows this`;

/** @returns null when the arguments ask for help */
export function parseOptions(args: readonly string[]): Options | null {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string', multiple: true, default: [...SCENARIO_NAMES] },
      keys: { type: 'string', default: '20000' },
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '4' },
      contender: { type: 'string', multiple: true, default: [''] },
      json: { type: 'boolean', default: false },
      check: { type: 'boolean', default: false },
      'write-baseline': { type: 'boolean', default: false },
      profiles: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return null;
  return {
    only: values.only.map(parseScenario),
    keys: parseCount('keys', values.keys),
    rounds: parseCount('rounds', values.rounds),
    seconds: parseCount('seconds', values.seconds),
    contenders: values.contender,
    json: values.json,
    baseline: values.check ? 'CHECKED' : values['write-baseline'] ? 'WRITTEN' : 'IGNORED',
    profiles: values.profiles ?? null,
  };
}

function parseScenario(name: string): ScenarioName {
  const known = SCENARIO_NAMES.find((one) => one === name);
  if (known === undefined) throw new Error(`There is no scenario "${name}".\n${USAGE}`);
  return known;
}

function parseCount(name: string, text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new Error(`--${name}: expected a whole number from 1 on, got "${text}".`);
}
