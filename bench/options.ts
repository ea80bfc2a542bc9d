import { parseArgs } from 'node:util';

export const SCENARIO_NAMES = ['page', 'verify', 'entities', 'growth', 'start', 'scale-out'] as const;
export type ScenarioName = (typeof SCENARIO_NAMES)[number];

const GENERATOR_NAMES = ['wrk', 'autocannon'] as const;
export type GeneratorName = (typeof GENERATOR_NAMES)[number];

/** How much is measured. */
export interface Options {
  readonly only: readonly ScenarioName[];
  /** Whether only what the baseline holds is measured: contenders of ours, and the floors. */
  readonly small: boolean;
  readonly keys: number;
  /** How many the larger database of `growth` has. */
  readonly grownKeys: number;
  /** After how many `start` looks how much memory is held. */
  readonly verifications: number;
  readonly rounds: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
  /** Those are measured that have one of these in their name. */
  readonly contenders: readonly string[];
  /** Null: the best that can be had. */
  readonly generator: GeneratorName | null;
  readonly json: boolean;
  /** Whether ratios are held against those of `bench/baseline.json`, or written there. */
  readonly baseline: 'IGNORED' | 'CHECKED' | 'WRITTEN';
  /** Where a processor profile of each of our own contenders is written; null: nowhere. */
  readonly profiles: string | null;
}

/** What is not said by options. */
interface Presets {
  readonly only: readonly ScenarioName[];
  readonly rounds: number;
  readonly seconds: number;
  readonly warmUp: number;
}

const FULL: Presets = { only: SCENARIO_NAMES, rounds: 5, seconds: 4, warmUp: 8 };
const SMALL: Presets = { only: ['page', 'verify'], rounds: 3, seconds: 2, warmUp: 4 };
const KEYS = 20_000;
const GROWN_KEYS = 1_000_000;
const VERIFICATIONS = 1_000_000;

export const USAGE = `Usage: npm run bench -- [options]
Measures Scopegate and others side by side, on a database of its own. Needs Linux, and installs the others if not small.
  --only <name>      a scenario: ${SCENARIO_NAMES.join(', ')}; may be repeated. Else all (small: ${SMALL.only.join(', ')})
  --small            measures only Scopegate and the floors, for a shorter time
  --keys <n>         API keys in the database; else ${KEYS}
  --grown-keys <n>   API keys in the larger database of growth; else ${GROWN_KEYS}
  --verifications <n> after which start looks how much memory is held; else ${VERIFICATIONS}
  --rounds <n>       how often each contender is measured, in turns; else ${FULL.rounds} (small: ${SMALL.rounds})
  --seconds <n>      how long it is measured each time; else ${FULL.seconds} (small: ${SMALL.seconds})
  --warm-up <n>      for how many seconds it runs before, or a slow one up to 3 times as long; else ${FULL.warmUp} (small: ${SMALL.warmUp})
  --contender <text> only those with this in their name; may be repeated. Else all
  --generator <name> of the load: ${GENERATOR_NAMES.join(' or ')}; else wrk where it can be had
  --json             prints one JSON object instead of tables
  --check            fails when Scopegate, in the same processor time, does less of what the floor does than four fifths of
                     what bench/baseline.json says, and does so again when it is measured once more. Small runs are
                     compared with small runs, others with others
  --write-baseline   writes these ratios to bench/baseline.json
  --profiles <dir>   writes a processor profile of each contender of ours there
  --help             shows this`;

/** @returns null when the arguments ask for help */
export function parseOptions(args: readonly string[]): Options | null {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string', multiple: true },
      small: { type: 'boolean', default: false },
      keys: { type: 'string' },
      'grown-keys': { type: 'string' },
      verifications: { type: 'string' },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      'warm-up': { type: 'string' },
      contender: { type: 'string', multiple: true, default: [''] },
      generator: { type: 'string' },
      json: { type: 'boolean', default: false },
      check: { type: 'boolean', default: false },
      'write-baseline': { type: 'boolean', default: false },
      profiles: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return null;
  if (values.check && values['write-baseline'])
    throw new Error('--check and --write-baseline: what is written now cannot be slower than itself.');
  const presets = values.small ? SMALL : FULL;
  return {
    only: values.only?.map((name) => parseName('only', name, SCENARIO_NAMES)) ?? presets.only,
    small: values.small,
    keys: parseCount('keys', values.keys, KEYS),
    grownKeys: parseCount('grown-keys', values['grown-keys'], GROWN_KEYS),
    verifications: parseCount('verifications', values.verifications, VERIFICATIONS),
    rounds: parseCount('rounds', values.rounds, presets.rounds),
    seconds: parseCount('seconds', values.seconds, presets.seconds),
    warmUpSeconds: parseCount('warm-up', values['warm-up'], presets.warmUp),
    contenders: values.contender,
    generator:
      values.generator === undefined ? null : parseName('generator', values.generator, GENERATOR_NAMES),
    json: values.json,
    baseline: values.check ? 'CHECKED' : values['write-baseline'] ? 'WRITTEN' : 'IGNORED',
    profiles: values.profiles ?? null,
  };
}

function parseName<Name extends string>(option: string, name: string, names: readonly Name[]): Name {
  const known = names.find((one) => one === name);
  if (known === undefined)
    throw new Error(`--${option}: expected one of ${names.join(', ')}, got "${name}".`);
  return known;
}

function parseCount(option: string, text: string | undefined, preset: number): number {
  if (text === undefined) return preset;
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new Error(`--${option}: expected a whole number from 1 on, got "${text}".`);
}
