import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../test/support/free-port';
import { COMMON_FLAGS } from '../contender';
import { MeasuredProcess, type Command } from '../measured-process';
import { median } from '../median';
import { memoryUnderLoad } from '../memory-under-load';
import { ourProgram } from '../our-program';
import { progress } from '../progress';
import type { FigureTable, Scenario } from '../scenario';
import type { World } from '../world';

/** How long the program takes until it can answer, and what memory it holds then and later. */
export const measureStart: Scenario = async (world, generator, { rounds, verifications }) => {
  const folder = await mkdtemp(join(tmpdir(), 'scopegate-embedded-'));
  try {
    const starts = await measureStarts(startsOf(world, folder), rounds);
    const memory = [
      await memoryUnderLoad(world, generator, [], verifications),
      await memoryUnderLoad(world, generator, COMMON_FLAGS, verifications),
    ];
    return [
      { kind: 'FIGURES', title: 'start', rows: starts },
      { kind: 'FIGURES', title: 'memory', rows: memory },
    ];
  } finally {
    await rm(folder, { recursive: true });
  }
};

interface Start extends Pick<Command, 'node' | 'environment'> {
  readonly name: string;
}

/** What `npm start` runs, which first looks whether everything is built, and the program alone. */
function startsOf(world: World, folder: string): Start[] {
  const { file, environment } = ourProgram(world);
  const script = [join(process.cwd(), 'scripts', 'start.mjs')];
  const embedded = { DATA_DIR: folder };
  return [
    { name: 'scripts/start.mjs, database on a server', node: script, environment },
    { name: 'dist/src/main.js, database on a server', node: file, environment },
    { name: 'scripts/start.mjs, embedded database of the demo', node: script, environment: embedded },
    { name: 'dist/src/main.js, embedded database of the demo', node: file, environment: embedded },
  ];
}

/** In turns. The first start of each, which makes what is missing, is not counted. */
async function measureStarts(starts: readonly Start[], rounds: number): Promise<FigureTable['rows']> {
  const taken = starts.map((): { ms: number; mb: number }[] => []);
  for (let round = 0; round <= rounds; round++) {
    for (const [index, start] of starts.entries()) {
      progress(`start: round ${round} of ${rounds}, ${start.name}`);
      const once = await startOnce(start);
      if (round > 0) taken[index]?.push(once);
    }
  }
  return starts.map(({ name }, index) => {
    const times = (taken[index] ?? []).map(({ ms }) => ms);
    return {
      start: name,
      'ms until it can answer': Math.round(median(times)),
      'least ms': Math.round(Math.min(...times)),
      'most ms': Math.round(Math.max(...times)),
      'MB then': Math.round(median((taken[index] ?? []).map(({ mb }) => mb))),
    };
  });
}

async function startOnce({ node, environment }: Start): Promise<{ ms: number; mb: number }> {
  const port = await freePort();
  const startedAt = performance.now();
  const program = await MeasuredProcess.start({ node, environment, port, health: '/health/ready' });
  const ms = performance.now() - startedAt;
  try {
    return { ms, mb: await program.memoryMb() };
  } finally {
    await program.stop();
  }
}
