import 'reflect-metadata';
import { cpus } from 'node:os';
import { findShortfalls, textOfShortfall, writeBaseline } from './baseline';
import { loadGenerator, type LoadGenerator } from './load';
import { USAGE, parseOptions, type Options, type ScenarioName } from './options';
import { setUpPeers } from './peer-programs';
import { progress, progressEnds } from './progress';
import { textOf } from './report';
import type { Scenario, ScenarioResult, Table } from './scenario';
import { measureEntities } from './scenarios/entities';
import { measureGrowth } from './scenarios/growth';
import { measurePage } from './scenarios/page';
import { measureScaleOut } from './scenarios/scale-out';
import { measureStart } from './scenarios/start';
import { measureVerification } from './scenarios/verify';
import { World } from './world';

/** `npm run bench`: measures Scopegate and others side by side. */
async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  if (options === null) {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  if (process.platform !== 'linux') throw new Error('The benchmark reads what Linux tells of processes.');
  const generator = loadGenerator(options.generator);
  if (!options.small || generator.name === 'autocannon') setUpPeers();
  const results: ScenarioResult[] = [];
  let shortfalls: readonly string[];
  try {
    shortfalls = await run(generator, options, results);
  } finally {
    // A scenario that fails leaves what was measured before it.
    progressEnds();
    tellResults(results, generator, options);
  }
  if (options.baseline === 'WRITTEN') await writeBaseline(tablesOf(results), options);
  if (options.baseline === 'CHECKED') tellShortfalls(shortfalls);
}

const SCENARIOS: Readonly<Record<ScenarioName, Scenario>> = {
  page: measurePage,
  verify: measureVerification,
  entities: measureEntities,
  growth: measureGrowth,
  start: measureStart,
  'scale-out': measureScaleOut,
};

/**
 * @param results to which what was measured is added, scenario by scenario
 * @returns what is slower than the baseline, each in a line of its own
 */
async function run(
  generator: LoadGenerator,
  options: Options,
  results: ScenarioResult[],
): Promise<readonly string[]> {
  const world = await World.create(options.keys);
  try {
    const measureScenario = async (name: ScenarioName) => ({
      name,
      tables: await SCENARIOS[name](world, generator, options),
    });
    for (const name of options.only) results.push(await measureScenario(name));
    return await confirmedShortfalls(results, measureScenario, options);
  } finally {
    await world.remove();
  }
}

/** What else a machine does can make anything slow once: what seems too slow is measured once more. */
async function confirmedShortfalls(
  results: readonly ScenarioResult[],
  measureScenario: (name: ScenarioName) => Promise<ScenarioResult>,
  options: Options,
): Promise<string[]> {
  if (options.baseline !== 'CHECKED') return [];
  const first = await findShortfalls(tablesOf(results), options);
  const names = results
    .filter(({ tables }) => tables.some(({ title }) => first.some((one) => one.title === title)))
    .map(({ name }) => name);
  if (names.length === 0) return [];
  progress(`Measuring ${names.join(' and ')} once more`);
  const again: ScenarioResult[] = [];
  for (const name of names) again.push(await measureScenario(name));
  const second = await findShortfalls(tablesOf(again), options);
  return second.flatMap((shortfall) => {
    const before = first.find(
      (one) => one.title === shortfall.title && one.contender === shortfall.contender,
    );
    return before === undefined ? [] : [textOfShortfall(shortfall, before)];
  });
}

function tellResults(results: readonly ScenarioResult[], generator: LoadGenerator, options: Options): void {
  const text = options.json
    ? `${JSON.stringify({ machine: machine(), options, results })}\n`
    : `${machine()}, load by ${generator.name}\n${tablesOf(results).map(textOf).join('')}`;
  process.stdout.write(text);
}

function tellShortfalls(shortfalls: readonly string[]): void {
  const verdict =
    shortfalls.length === 0 ? 'As fast as bench/baseline.json asks for.' : shortfalls.join('\n');
  process.stderr.write(`${verdict}\n`);
  if (shortfalls.length > 0) process.exitCode = 1;
}

function tablesOf(results: readonly ScenarioResult[]): Table[] {
  return results.flatMap(({ tables }) => tables);
}

function machine(): string {
  const processors = cpus();
  return `Node ${process.versions.node}, ${processors.length} x ${processors[0]?.model ?? 'an unknown processor'}`;
}

main().catch((error: unknown) => {
  progressEnds();
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
