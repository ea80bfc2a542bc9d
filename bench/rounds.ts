import { isDeepStrictEqual } from 'node:util';
import { freePort } from '../test/support/free-port';
import { COMMON_FLAGS, isOurs, type Comparison, type Contender } from './contender';
import type { LoadGenerator, Variant } from './load';
import { MeasuredProcess } from './measured-process';
import { median } from './median';
import type { Options } from './options';
import { progress } from './progress';
import type { ComparisonTable, Figures, Measurement } from './scenario';
import type { World } from './world';

interface Running {
  readonly contender: Contender;
  readonly process: MeasuredProcess;
  readonly answerBytes: number;
  readonly rounds: Figures[];
}

/** How often an answer is compared. */
const COMPARED_ANSWERS = 20;

/** V8 goes on making what runs often faster for some thousands of requests. */
const WARM_UP_REQUESTS = 2000;
/** How often each variant is asked for, so that hardly any, taken at random, is new to what remembers answers. */
const WARM_UP_REQUESTS_OF_VARIANT = 10;
/** How many times as long as planned a contender is warmed up that has not answered as many. */
const WARM_UP_TIMES = 3;

/** Measures contenders in turns, so that whatever else the machine does meets all of them alike. */
export async function measure(
  comparison: Comparison,
  world: World,
  generator: LoadGenerator,
  options: Options,
): Promise<ComparisonTable> {
  const running: Running[] = [];
  try {
    for (const contender of wantedOf(comparison, options)) {
      progress(`${comparison.title}: starting ${nameOf(contender)}`);
      const process = await start(
        contender,
        options.profiles && `${options.profiles}/${fileName(comparison.title)}`,
      );
      running.push({ contender, process, answerBytes: 0, rounds: [] });
    }
    const sizes = await assertSameAnswers(running);
    for (const [index, one] of running.entries()) running[index] = { ...one, answerBytes: sizes[index] ?? 0 };
    for (const one of running) {
      progress(`${comparison.title}: warming up ${nameOf(one.contender)}`);
      await warmUp(one, comparison, generator, options.warmUpSeconds);
    }
    for (let round = 1; round <= options.rounds; round++) {
      for (const one of running) {
        progress(`${comparison.title}: round ${round} of ${options.rounds}, ${nameOf(one.contender)}`);
        one.rounds.push(await measureOnce(one, comparison, world, generator, options.seconds));
      }
    }
    const { title, floor } = comparison;
    return { kind: 'COMPARISON', title, floor, measurements: running.map(toMeasurement) };
  } finally {
    for (const { process } of running) await process.stop();
  }
}

function wantedOf({ contenders, floor }: Comparison, options: Options): Contender[] {
  return contenders
    .filter(({ name }) => !options.small || name === floor || isOurs(name))
    .filter(({ name }) => options.contenders.some((text) => name.includes(text)));
}

const SUFFIXES: Readonly<Record<Contender['start'], string>> = {
  ALIKE: '',
  DEFAULT_FLAGS: ' (default flags)',
  README: ' (default flags, no NODE_ENV)',
};

export function nameOf({ name, start }: Pick<Contender, 'name' | 'start'>): string {
  return name + SUFFIXES[start];
}

function fileName(name: string): string {
  return name.replaceAll(/\W+/g, '-');
}

async function start(contender: Contender, profiles: string | null): Promise<MeasuredProcess> {
  const { command, name } = contender;
  const given = contender.start === 'ALIKE' ? COMMON_FLAGS : [];
  const profiled = profiles !== null && isOurs(name);
  const profile = profiled ? ['--cpu-prof', `--cpu-prof-dir=${profiles}-${fileName(name)}`] : [];
  return MeasuredProcess.start({
    node: [...given, ...profile, ...command.file],
    environment: environmentOf(contender),
    ...(command.processors !== undefined && { processors: command.processors }),
    port: await freePort(),
  });
}

function environmentOf({ start, command: { environment } }: Contender): Contender['command']['environment'] {
  if (start !== 'README') return environment;
  return Object.fromEntries(Object.entries(environment).filter(([name]) => name !== 'NODE_ENV'));
}

/** By the time alone, a machine with other work would meet a program that is not warm yet. */
async function warmUp(
  { contender, process }: Running,
  { connections }: Comparison,
  generator: LoadGenerator,
  seconds: number,
): Promise<void> {
  const wanted = Math.max(WARM_UP_REQUESTS, contender.load.variants.length * WARM_UP_REQUESTS_OF_VARIANT);
  let requests = 0;
  for (let time = 1; time <= WARM_UP_TIMES && requests < wanted; time++) {
    requests += (await generator.run(contender.load, { url: process.url, connections, seconds })).requests;
  }
}

async function measureOnce(
  { contender, process }: Running,
  { connections }: Comparison,
  world: World,
  generator: LoadGenerator,
  seconds: number,
): Promise<Figures> {
  const [programBefore, databaseBefore] = await Promise.all([process.processorMs(), world.databaseMs()]);
  const result = await generator.run(contender.load, { url: process.url, connections, seconds });
  const [programAfter, databaseAfter] = await Promise.all([process.processorMs(), world.databaseMs()]);
  if (result.failures > 0 || result.requests === 0)
    throw new Error(`${contender.name}: ${result.failures} of ${result.requests} requests failed.`);
  return {
    requestsPerSecond: result.requests / result.seconds,
    p50: result.p50,
    p99: result.p99,
    programMs: (programAfter - programBefore) / result.requests,
    databaseMs: (databaseAfter - databaseBefore) / result.requests,
  };
}

/** @returns how long the answer of each is, in bytes */
async function assertSameAnswers(running: readonly Running[]): Promise<number[]> {
  const sizes: number[] = [];
  const expected: unknown[] = [];
  for (const { contender, process } of running) {
    const variants = contender.load.variants.slice(0, COMPARED_ANSWERS);
    for (const [index, variant] of variants.entries()) {
      const body = await ask(contender, process, variant);
      if (index === 0) sizes.push(Buffer.byteLength(body));
      if (contender.meaning === null) continue;
      if (body.startsWith('{"errors"') || body.includes('"data":null'))
        throw new Error(`${contender.name} failed: ${body.slice(0, 1000)}`);
      const said = contender.meaning(body);
      expected[index] ??= said;
      if (!isDeepStrictEqual(said, expected[index]))
        throw new Error(
          `${contender.name} answers otherwise than the first contender:\n${differing(said, expected[index])}`,
        );
    }
  }
  return sizes;
}

async function ask({ load }: Contender, { url }: MeasuredProcess, variant: Variant): Promise<string> {
  const response = await fetch(`${url}${variant.path ?? load.path}`, {
    method: load.method,
    headers: { 'content-type': 'application/json', ...load.headers, ...variant.headers },
    ...(variant.body !== undefined && { body: variant.body }),
  });
  const body = await response.text();
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${body.slice(0, 1000)}`);
  return body || JSON.stringify(Object.fromEntries(response.headers));
}

function differing(said: unknown, expected: unknown): string {
  const [a, b] = [JSON.stringify(said), JSON.stringify(expected)];
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  return `${a.slice(Math.max(0, at - 100), at + 200)}\nrather than\n${b.slice(Math.max(0, at - 100), at + 200)}`;
}

function toMeasurement({ contender, answerBytes, rounds }: Running): Measurement {
  const of = (name: keyof Figures) => median(rounds.map((round) => round[name]));
  return {
    contender: contender.name,
    start: contender.start,
    requestsPerSecond: of('requestsPerSecond'),
    p50: of('p50'),
    p99: of('p99'),
    programMs: of('programMs'),
    databaseMs: of('databaseMs'),
    answerBytes,
    rounds,
  };
}
