import { parseArgs } from 'node:util';

/** How much a seeded database gets. Accounts are counted per organization, widgets per account, and so on. */
export interface SeedPlan {
  readonly organizations: number;
  readonly accounts: number;
  readonly widgets: number;
  readonly environments: number;
  /** In all organizations together. */
  readonly keys: number;
  /** Which of the possible databases it is: the same seed makes the same one again, but for ids and secrets. */
  readonly seed: number;
}

interface Setting {
  readonly preset: number;
  readonly least: number;
  readonly most: number;
  readonly meaning: string;
}

const SETTINGS: Readonly<Record<keyof SeedPlan, Setting>> = {
  organizations: { preset: 200, least: 1, most: 10_000, meaning: 'organizations, each with 22 people' },
  accounts: { preset: 5, least: 1, most: 1000, meaning: 'accounts in each organization' },
  widgets: { preset: 4, least: 1, most: 1000, meaning: 'widgets in each account' },
  environments: { preset: 3, least: 1, most: 1000, meaning: 'environments in each widget' },
  keys: {
    preset: 20_000,
    least: 0,
    most: 10_000_000,
    meaning: 'API keys, spread evenly over the organizations',
  },
  seed: {
    preset: 1,
    least: 0,
    most: 2 ** 32 - 1,
    meaning: 'the same seed makes the same tree and keys again',
  },
};

/** The tree of an organization is held in memory while its keys are made. */
const MOST_ENVIRONMENTS_OF_ORGANIZATION = 100_000;

const NAMES = Object.keys(SETTINGS) as (keyof SeedPlan)[];

const OPTIONS: Readonly<Record<string, { readonly type: 'string' | 'boolean' }>> = {
  ...Object.fromEntries(NAMES.map((name) => [name, { type: 'string' }])),
  help: { type: 'boolean' },
};

export const SEED_USAGE = [
  'Usage: npm run seed -- [options]',
  'Adds organizations with people, resources and API keys to the database of the settings. Not in production.',
  ...NAMES.map((name) => {
    const { preset, least, most, meaning } = SETTINGS[name];
    return `  --${name.padEnd(14)} ${meaning}; ${least} to ${most}, else ${preset}`;
  }),
  '  --help           shows this',
].join('\n');

/**
 * Reads the arguments of the command.
 *
 * @returns null when they ask for help
 * @throws Error naming the argument that is wrong
 */
export function parseSeedPlan(args: readonly string[]): SeedPlan | null {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  if (values['help'] === true) return null;
  const plan = Object.fromEntries(NAMES.map((name) => [name, parseNumber(name, values[name])]));
  return withinBounds(plan as Record<keyof SeedPlan, number>);
}

function parseNumber(name: keyof SeedPlan, text: string | boolean | undefined): number {
  const { preset, least, most } = SETTINGS[name];
  if (typeof text !== 'string') return preset;
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= least && number <= most) return number;
  throw new Error(`--${name}: expected a whole number from ${least} to ${most}, got "${text}".`);
}

function withinBounds(plan: SeedPlan): SeedPlan {
  const environments = plan.accounts * plan.widgets * plan.environments;
  if (environments <= MOST_ENVIRONMENTS_OF_ORGANIZATION) return plan;
  throw new Error(
    `An organization would have ${environments} environments; at most ${MOST_ENVIRONMENTS_OF_ORGANIZATION} are made.`,
  );
}
