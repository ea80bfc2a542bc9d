import { join } from 'node:path';
import { isValid, keysOnPage } from '../answers';
import type { Comparison, Contender } from '../contender';
import { graphqlLoad, restLoad } from '../our-loads';
import { ourProgram } from '../our-program';
import { PAGE_QUERY } from '../page-query';
import { MEASURED, OTHERS, PROCESSORS } from '../processors';
import { rounded } from '../rounded';
import { measure } from '../rounds';
import type { FigureTable, Measurement, Scenario } from '../scenario';
import { times } from '../times';
import type { World } from '../world';

/** Beside what this file is compiled to. */
const CLUSTER = join(__dirname, '..', 'processes-behind-one-port.js');

/** Those that two processes get. */
const TWO = PROCESSORS === 1 ? '0' : `${PROCESSORS - 2},${PROCESSORS - 1}`;

const MACHINE =
  PROCESSORS > 2
    ? `${PROCESSORS} processors`
    : `${PROCESSORS} processors, of which the load and the database need one: two processes can gain little here`;

interface Layout {
  readonly processes: 1 | 2;
  readonly processors: string;
}

/** The second tells what the first gains by going anywhere, the third what sharing a port costs. */
const LAYOUTS: readonly Layout[] = [
  { processes: 1, processors: MEASURED },
  { processes: 1, processors: TWO },
  { processes: 2, processors: MEASURED },
  { processes: 2, processors: TWO },
];

/** One process, and two that share a port by Node's cluster module. Contenders are chosen by their question. */
export const measureScaleOut: Scenario = async (world, generator, options) => {
  const verify = restLoad(await world.service('api-keys:verify'), world.questions);
  const page = graphqlLoad(await world.owner(), PAGE_QUERY, { first: 50 });
  const questions: readonly Question[] = [
    { title: 'verification by REST', connections: 16, load: verify, meaning: isValid },
    { title: 'page of 50 keys', connections: 8, load: page, meaning: keysOnPage },
  ];
  const rows: FigureTable['rows'][number][] = [];
  const all = { ...options, contenders: [''] };
  const wanted = questions.filter(({ title }) => options.contenders.some((text) => title.includes(text)));
  for (const question of wanted) {
    const { measurements } = await measure(comparisonOf(world, question), world, generator, all);
    rows.push(...rowsOf(question.title, measurements));
  }
  return [{ kind: 'FIGURES', title: `scale-out, on ${MACHINE}`, rows }];
};

interface Question extends Pick<Comparison, 'title' | 'connections'>, Pick<Contender, 'load' | 'meaning'> {}

function comparisonOf(world: World, { title, connections, load, meaning }: Question): Comparison {
  const contenders = LAYOUTS.map((layout): Contender => ({
    name: `Scopegate, ${layout.processes} on ${layout.processors}`,
    command: commandOf(world, layout),
    start: 'ALIKE',
    load,
    meaning,
  }));
  return { title: `scale-out, ${title}`, connections, floor: null, contenders };
}

function commandOf(world: World, { processes, processors }: Layout): Contender['command'] {
  const { file, environment } = ourProgram(world);
  const behindOnePort = processes === 1 ? [] : [CLUSTER];
  const count = processes === 1 ? [] : [String(processes)];
  return { file: [...behindOnePort, ...file, ...count], environment, processors };
}

function rowsOf(question: string, measurements: readonly Measurement[]): FigureTable['rows'] {
  const [single] = measurements;
  if (single === undefined) return [];
  const more = (one: Measurement) => times(one, single, ({ requestsPerSecond }) => requestsPerSecond);
  return measurements.map((one, index) => ({
    question,
    processes: LAYOUTS[index]?.processes ?? NaN,
    'on processors': LAYOUTS[index]?.processors ?? '',
    'load and database on': OTHERS,
    'requests/s': Math.round(one.requestsPerSecond),
    'requests/s, times': rounded(more(one), 2),
    'p50 ms': rounded(one.p50, 2),
    'CPU ms': rounded(one.programMs, 3),
    'database CPU ms': rounded(one.databaseMs, 3),
  }));
}
