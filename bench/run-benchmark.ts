import 'reflect-metadata';
import { cpus } from 'node:os';
import { slowerThanBaseline, writeBaseline } from './baseline';
import { loadGenerator } from './load';
import { USAGE, parseOptions, type Options, type ScenarioName } from './options';
import { setUpPeers } from './peer-programs';
import { progressEnds } from './progress';
import { textOf } from './report';
import type { Scenario, ScenarioResult } from './scenario';
import { measurePage } from './scenarios/page';
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
  setUpPeers();
  const results = await run(options);
  const tables = results.flatMap((result) => result.tables);
  progressEnds();
  if (options.json) process.stdout.write(`${JSON.stringify({ machine: machine(), options, results })}\n`);
  else process.stdout.write(`${machine()}\n${tables.map(textOf).join('')}`);
  if (options.baseline === 'WRITTEN') await writeBaseline(tables);
  if (options.baseline === 'CHECKED') {
    const slower = await slowerThanBaseline(tables);
    if (slower.length > 0) throw new Error(slower.join('\n'));
  }
}

const SCENARIOS: Readonly<Record<ScenarioName, Scenario>> = {
  page: measurePage,
  verify: measureVerification,
};

async function run(options: Options): Promise<ScenarioResult[]> {
  const generator = loadGenerator();
  const world = await World.create(options.keys);
  const results: ScenarioResult[] = [];
  try {
    for (const name of options.only) {
      results.push({ name, tables: await SCENARIOS[name](world, generator, options) });
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
