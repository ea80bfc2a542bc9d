import { spawn } from 'node:child_process';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { MysqlServer } from '../../test/support/mysql-server';
import { Replicas } from '../../test/support/replicas';
import { KINDS_OF_CHANGE } from './kinds-of-change';
import { Platform } from './platform';
import { runTrial, type TrialResult } from './trial';

/**
 * `npm run bench:staleness`: how long replicas go on giving an old answer after a change, at the most, out of many changes
 * of every kind, while they are asked all the time.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      replicas: { type: 'string', default: '3' },
      trials: { type: 'string', default: '1000' },
      rate: { type: 'string', default: '200' },
      bound: { type: 'string', default: '1000' },
      loaded: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const options = {
    replicas: Number(values.replicas),
    trials: Number(values.trials),
    perSecond: Number(values.rate),
    boundMs: Number(values.bound),
  };
  const server = await MysqlServer.create();
  const stopLoad = values.loaded ? load() : () => undefined;
  try {
    const results = await measure(await server.createDatabase('staleness', 'staleness'), options);
    report(results, options, values.json);
  } finally {
    stopLoad();
    await server.remove();
  }
}

interface Options {
  readonly replicas: number;
  readonly trials: number;
  readonly perSecond: number;
  readonly boundMs: number;
}

type Results = Map<string, TrialResult[]>;

/** Trials that run at a time. They share the rate of questions. */
const AT_ONCE = 5;

async function measure(databaseUrl: string, options: Options): Promise<Results> {
  const replicas = new Replicas(databaseUrl, {
    MAX_STALENESS_MS: String(options.boundMs),
    LOG_LEVEL: 'info',
  });
  try {
    for (let count = 0; count < options.replicas; count++) await replicas.add();
    const [changing, ...asked] = replicas.programs;
    if (changing === undefined || asked.length === 0) throw new Error('Expected at least two replicas.');
    const platform = await Platform.create(replicas, changing);
    const credential = await replicas.service('bench', 'api-keys:verify');
    const perSecond = options.perSecond / AT_ONCE;
    const trial = { asked, credential, perSecond, afterwardsMs: options.boundMs * 1.2 };
    const results: Results = new Map(Object.keys(KINDS_OF_CHANGE).map((kind) => [kind, []]));
    const turns = inTurns(Object.entries(KINDS_OF_CHANGE), options.trials);
    let done = 0;
    const work = async () => {
      for (let next = turns.next(); next.done !== true; next = turns.next()) {
        const [kind, prepare] = next.value;
        results.get(kind)?.push(await runTrial(await prepare(platform), trial));
        progress(++done, options.trials);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return results;
  } finally {
    await replicas.stop();
  }
}

/** The items one after the other, again and again, so many in all. */
function* inTurns<Item>(items: readonly Item[], count: number): Generator<Item> {
  for (let left = count; left > 0; left -= items.length) yield* items.slice(0, left);
}

function progress(done: number, of: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${of} trials `);
  else if (done % 100 === 0) process.stderr.write(`${done} of ${of} trials\n`);
}

function report(results: Results, { boundMs, ...options }: Options, json: boolean): void {
  const rows = [...results, ['all', [...results.values()].flat()] as const].map(([kind, trials]) => ({
    kind,
    trials: trials.length,
    questions: trials.reduce((sum, { questions }) => sum + questions, 0),
    trialsWithOldAnswers: trials.filter(({ staleMs }) => staleMs !== null).length,
    longestStaleMs: Math.round(Math.max(0, ...trials.map(({ staleMs }) => staleMs ?? 0))),
    longestStaleWhenAskedMs: Math.round(Math.max(0, ...trials.map((trial) => trial.staleWhenAskedMs ?? 0))),
    longestChangeMs: Math.round(Math.max(0, ...trials.map(({ changeMs }) => changeMs))),
    otherAnswers: trials.reduce((sum, { others }) => sum + total(others), 0),
  }));
  if (json) process.stdout.write(`${JSON.stringify({ ...options, boundMs, rows })}\n`);
  else console.table(rows);
  const longest = rows.at(-1)?.longestStaleMs ?? 0;
  process.stdout.write(`Longest old answer: ${longest} ms after its change; the bound is ${boundMs} ms.\n`);
  if (longest > boundMs) process.exitCode = 1;
}

function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** Keeps every core of the machine busy, twice over. */
function load(): () => void {
  const burn = 'for (;;) Math.sqrt(Math.random());';
  const burners = Array.from({ length: cpus().length * 2 }, () =>
    spawn(process.execPath, ['-e', burn], { stdio: 'ignore' }),
  );
  return () => {
    for (const burner of burners) burner.kill('SIGKILL');
  };
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
