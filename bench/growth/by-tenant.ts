import { graphqlLoad, restLoad } from '../our-loads';
import { ourProgram } from '../our-program';
import { LATER_PAGE_QUERY, PAGE_QUERY } from '../page-query';
import { environmentsOfKey, isValid, keysOnPage } from '../answers';
import { cursorAt } from './cursor-at';
import { KEYS_OF_MEMBER, MANY_KEYS, type KeyOfEnvironments, type LargeTenants } from './large-tenants';
import { CONNECTIONS, counted, type Pair, type Side } from './pair';

const DEEP = 0.9 * MANY_KEYS;

/** How long things take for those who have much of one thing. */
export const PAIRS_BY_TENANT: readonly Pair[] = [
  {
    // As many as the one has who has less, so that both answers are of one length.
    question: 'page of 10 keys, for a member of the same organization',
    connections: CONNECTIONS.page,
    sides: async (worlds) => {
      const tenants = await worlds.largeTenants();
      const side = (which: 'few' | 'many'): Side => ({
        amount: counted(KEYS_OF_MEMBER[which], 'readable keys'),
        command: ourProgram(tenants.world),
        load: graphqlLoad(tenants.members[which], PAGE_QUERY, { first: KEYS_OF_MEMBER.few }),
        meaning: keysOnPage,
      });
      return { less: side('few'), more: side('many') };
    },
  },
  {
    question: 'page of 50 keys out of 20,000',
    connections: CONNECTIONS.page,
    sides: async (worlds) => {
      const tenants = await worlds.largeTenants();
      const side = (after: string | null, amount: string): Side => ({
        amount,
        command: ourProgram(tenants.world),
        load: graphqlLoad(tenants.owner, LATER_PAGE_QUERY, { first: 50, after }),
        meaning: keysOnPage,
      });
      const cursor = await cursorAt(DEEP, tenants);
      return { less: side(null, 'the first page'), more: side(cursor, counted(DEEP, 'keys before it')) };
    },
  },
  {
    question: 'verification by REST, one key',
    connections: CONNECTIONS.verify,
    sides: async (worlds) => ofBothKeys(await worlds.largeTenants(), verification),
  },
  {
    question: 'ids of the environments of one key, by GraphQL',
    connections: CONNECTIONS.page,
    sides: async (worlds) => ofBothKeys(await worlds.largeTenants(), grants),
  },
];

async function ofBothKeys(
  tenants: LargeTenants,
  side: (tenants: LargeTenants, key: KeyOfEnvironments) => Side | Promise<Side>,
): ReturnType<Pair['sides']> {
  return { less: await side(tenants, tenants.keys.few), more: await side(tenants, tenants.keys.many) };
}

async function verification({ world }: LargeTenants, key: KeyOfEnvironments): Promise<Side> {
  const { secretKey, environmentIds } = key;
  const questions = environmentIds.map((environmentId) => ({ secretKey, environmentId }));
  return {
    amount: counted(environmentIds.length, 'granted environments'),
    command: ourProgram(world),
    load: restLoad(await world.service('api-keys:verify'), questions),
    meaning: isValid,
  };
}

const GRANTS_QUERY = 'query Grants($id: ID!) { apiKey(id: $id) { id scope { environmentIds } } }';

function grants({ world, environmentsOwner }: LargeTenants, { id, environmentIds }: KeyOfEnvironments): Side {
  const count = environmentIds.length;
  return {
    amount: counted(count, 'granted environments'),
    command: ourProgram(world),
    load: graphqlLoad(environmentsOwner, GRANTS_QUERY, { id }),
    meaning: (body) => environmentsOfKey(body) === count,
  };
}
