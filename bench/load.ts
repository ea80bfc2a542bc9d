import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findOrInstall } from '../test/support/installed-program';
import type { GeneratorName } from './options';
import { OTHERS } from './processors';

/** What is sent, again and again. */
export interface Load {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Of these, each request takes one at random: what it sends, or, without a body, the headers that it adds. */
  readonly variants: readonly Variant[];
}

export interface Variant {
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What came of it. Times are in milliseconds. */
export interface LoadResult {
  readonly requests: number;
  readonly seconds: number;
  readonly failures: number;
  readonly p50: number;
  readonly p99: number;
}

export interface LoadRun {
  readonly url: string;
  readonly seconds: number;
  readonly connections: number;
}

export interface LoadGenerator {
  readonly name: GeneratorName;
  run(load: Load, run: LoadRun): Promise<LoadResult>;
}

const PEERS = join(process.cwd(), 'bench/peers');

const AUTOCANNON: LoadGenerator = { name: 'autocannon', run: runAutocannon };

/**
 * wrk where it is there or can be had, since it leaves the most of the machine to what is measured; else autocannon, which
 * comes with the peers.
 */
export function loadGenerator(wanted: GeneratorName | null): LoadGenerator {
  if (wanted === 'autocannon') return AUTOCANNON;
  try {
    const wrk = findOrInstall({ names: ['wrk'], debianPackage: 'wrk', advice: 'wrk cannot be had.' });
    return { name: 'wrk', run: (load, run) => runWrk(wrk, load, run) };
  } catch (error) {
    if (wanted === 'wrk') throw error;
    return AUTOCANNON;
  }
}

async function runWrk(wrk: string, load: Load, { url, seconds, connections }: LoadRun): Promise<LoadResult> {
  const folder = await mkdtemp(join(tmpdir(), 'scopegate-wrk-'));
  const script = join(folder, 'load.lua');
  try {
    await writeFile(script, wrkScript(load));
    const pace = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '20s'];
    return await jsonOf([wrk, ...pace, '-s', script, url]);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function runAutocannon(load: Load, run: LoadRun): Promise<LoadResult> {
  const folder = await mkdtemp(join(tmpdir(), 'scopegate-load-'));
  const file = join(folder, 'load.json');
  try {
    await writeFile(file, JSON.stringify({ load, run }));
    return await jsonOf([process.execPath, join(PEERS, 'load.mjs'), file]);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Runs a command on the processors that are not measured, whose last line says what came of it. */
async function jsonOf(command: readonly string[]): Promise<LoadResult> {
  const child = spawn('taskset', ['--cpu-list', OTHERS, ...command], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (part: Buffer) => (output += part.toString()));
  child.stderr.on('data', (part: Buffer) => (output += part.toString()));
  await new Promise((resolve) => child.once('close', resolve));
  const last = output.trimEnd().split('\n').at(-1) ?? '';
  if (child.exitCode !== 0 || !last.startsWith('{')) throw new Error(`The load generator failed:\n${output}`);
  return JSON.parse(last) as LoadResult;
}

function wrkScript({ method, path, headers, variants }: Load): string {
  const requests = variants.map((variant) => {
    const all = { 'Content-Type': 'application/json', ...headers, ...variant.headers };
    const table = Object.entries(all).map(([name, value]) => `[${lua(name)}]=${lua(value)}`);
    const body = variant.body === undefined ? 'nil' : lua(variant.body);
    return `add(${lua(method)}, ${lua(variant.path ?? path)}, {${table.join(',')}}, ${body})`;
  });
  return `
local requests = {}
local function add(method, path, headers, body) requests[#requests + 1] = wrk.format(method, path, headers, body) end
function init()
  math.randomseed(1)
  ${requests.join('\n  ')}
end
function request() return requests[math.random(#requests)] end
function done(summary, latency)
  local errors = summary.errors
  local failures = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format('{"requests":%d,"seconds":%f,"failures":%d,"p50":%f,"p99":%f}\\n', summary.requests,
    summary.duration / 1e6, failures, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
`;
}

/** A text of Lua. It escapes what JSON does, and in the same way, but for characters by their number. */
function lua(text: string): string {
  return JSON.stringify(text);
}
