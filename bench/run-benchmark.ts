import 'reflect-metadata';
import { cpus } from 'node:os';
import { slowerThanBaseline, writeBaseline } from './baseline';
import type { Scenario } from './contender';
import { loadGenerator } from './load';
import { USAGE, parseOptions, type Options, type ScenarioName } from './options';
import { setUpPeers } from './peer-programs';
import { progressEnds } from './progress';
import { tableOf, toResult, type ScenarioResult } from './report';
import { measure } from './rounds';
import { pageScenario } from './scenarios/page';
import { verifyScenario } from './scenarios/verify';
import { World } from './world';

/** `npm run bench`: measures Scopegate and others side by side. */
async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  if (options === null) {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  if (process.platform !== 'linux') throw new Error('The benchmark reads what Linux tells of processes.');
  setUpPeers();
  const results = await run(options);
  progressEnds();
  if (options.json) process.stdout.write(`${JSON.stringify({ machine: machine(), options, results })}\n`);
  else process.stdout.write(`${machine()}\n${results.map(tableOf).join('')}`);
  if (options.baseline === 'WRITTEN') await writeBaseline(results);
  if (options.baseline === 'CHECKED') {
    const slower = await slowerThanBaseline(results);
    if (slower.length > 0) throw new Error(slower.join('\n'));
  }
}

type MakeScenario = (world: World) => Promise<Scenario>;

const SCENARIOS: Readonly<Record<ScenarioName, MakeScenario>> = {
  page: pageScenario,
  verify: verifyScenario,
};

async function run(options: Options): Promise<ScenarioResult[]> {
  const generator = loadGenerator();
  const world = await World.create(options.keys);
  const results: ScenarioResult[] = [];
  try {
    for (const name of options.only) {
      const scenario = await SCENARIOS[name](world);
      results.push(toResult(scenario, await measure(scenario, world, generator, options)));
    }
  } finally {
    await world.remove();
  }
  return results;
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
