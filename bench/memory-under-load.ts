import { freePort } from '../test/support/free-port';
import type { LoadGenerator } from './load';
import { MeasuredProcess } from './measured-process';
import { restLoad } from './our-loads';
import { ourProgram } from './our-program';
import { progress } from './progress';
import type { FigureTable } from './scenario';
import type { World } from './world';

const CONNECTIONS = 16;
const SECONDS = 5;

/** What the program holds of the memory of the machine once it is ready, after a tenth of the verifications, and after all. */
export async function memoryUnderLoad(
  world: World,
  generator: LoadGenerator,
  flags: readonly string[],
  verifications: number,
): Promise<FigureTable['rows'][number]> {
  const { file, environment } = ourProgram(world);
  const load = restLoad(await world.service('api-keys:verify'), world.questions);
  const program = await MeasuredProcess.start({
    node: [...flags, ...file],
    environment,
    port: await freePort(),
    health: '/health/ready',
  });
  let counted = 0;
  const memoryAfter = async (wanted: number) => {
    while (counted < wanted) {
      progress(`memory: ${counted} of ${verifications} verifications`);
      const pace = { url: program.url, connections: CONNECTIONS, seconds: SECONDS };
      const { requests, failures } = await generator.run(load, pace);
      if (failures > 0 || requests === 0) throw new Error(`${failures} of ${requests} verifications failed.`);
      counted += requests;
    }
    return Math.round(await program.memoryMb());
  };
  try {
    return {
      'flags of Node': flags.join(' ') || 'none',
      'MB once ready': await memoryAfter(0),
      [`MB after ${verifications / 10} verifications`]: await memoryAfter(verifications / 10),
      [`MB after ${verifications} verifications`]: await memoryAfter(verifications),
    };
  } finally {
    await program.stop();
  }
}
