import { graphqlLoad, restLoad } from '../our-loads';
import { ourProgram } from '../our-program';
import { PAGE_QUERY } from '../page-query';
import { pageFloor } from '../scenarios/page';
import type { World } from '../world';
import { isValid, keysOnPage } from '../answers';
import type { GrowthWorlds } from './growth-worlds';
import { CONNECTIONS, counted, type Pair, type Side } from './pair';

/** How long things take as the database fills with keys, of which each caller reads a two hundredth. */
export const PAIRS_BY_KEYS: readonly Pair[] = [
  {
    question: 'page of 50 keys',
    connections: CONNECTIONS.page,
    sides: inBoth(async (world, amount) => ({
      amount,
      command: ourProgram(world),
      load: await pageLoad(world),
      meaning: keysOnPage,
    })),
  },
  {
    question: 'page of 50 keys, node:http + mysql2 + JSON.stringify',
    connections: CONNECTIONS.page,
    sides: inBoth(async (world, amount) => {
      const { command, load } = await pageFloor(world, await pageLoad(world));
      return { amount, command, load, meaning: keysOnPage };
    }),
  },
  {
    question: 'verification by REST, 2,000 keys at random, remembered',
    connections: CONNECTIONS.verify,
    sides: inBoth(async (world, amount) => verification(world, amount, {})),
  },
  {
    question: 'verification by REST, 2,000 keys at random, not remembered',
    connections: CONNECTIONS.verify,
    sides: inBoth(async (world, amount) => verification(world, amount, { VERIFICATION_MEMORY: '1' })),
  },
];

function inBoth(side: (world: World, amount: string) => Promise<Side>): Pair['sides'] {
  return async (worlds: GrowthWorlds) => ({
    less: await side(worlds.small, counted(worlds.keys.small, 'keys in the database')),
    more: await side(await worlds.grown(), counted(worlds.keys.grown, 'keys in the database')),
  });
}

async function pageLoad(world: World) {
  return graphqlLoad(await world.owner(), PAGE_QUERY, { first: 50 });
}

async function verification(
  world: World,
  amount: string,
  settings: Readonly<Record<string, string>>,
): Promise<Side> {
  const { file, environment } = ourProgram(world);
  const authorization = await world.service('api-keys:verify');
  return {
    amount,
    command: { file, environment: { ...environment, ...settings } },
    load: restLoad(authorization, world.questions),
    meaning: isValid,
  };
}
