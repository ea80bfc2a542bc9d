import { mintToken } from '../../src/demo/development-token';
import { newId } from '../../src/shared/ids';
import type { Contender } from '../contender';
import type { Load } from '../load';
import { ourProgram } from '../our-program';
import { peerProgram } from '../peer-programs';
import { measure } from '../rounds';
import type { Scenario } from '../scenario';
import type { World } from '../world';

/** In a subgraph, a field that is null for one type does not go under one name with that of another type that never is. */
const QUERY = `query Entities($representations: [_Any!]!) {
  _entities(representations: $representations) {
    __typename
    ... on Organization { id name slug createdAt modifiedAt }
    ... on Account { id name createdAt modifiedAt }
    ... on Widget { id name createdAt modifiedAt }
    ... on Environment { id name createdAt modifiedAt }
    ... on ApiKey { id keyName: name description organizationId keyCreatedAt: createdAt keyModifiedAt: modifiedAt }
  }
}`;

const EACH = 200;

/** Where the ids of each type are. */
const SOURCES = {
  Organization: 'resources WHERE level = 0',
  Account: 'resources WHERE level = 1',
  Widget: 'resources WHERE level = 2',
  Environment: 'resources WHERE level = 3',
  ApiKey: 'api_keys',
};

/** Somebody who looks after all organizations: routers do not repeat a reference, and there are as many organizations. */
const AUDITOR = 'auditor@everywhere.example';

/** 1,000 references of all types, each to something else, as a router sends them on behalf of a user. */
export const measureEntities: Scenario = async (world, generator, options) => {
  const load = await loadOf(world);
  const peer = (name: string, file: string): Contender => ({
    name,
    command: peerProgram(world, `mercurius-federation/${file}`),
    start: 'ALIKE',
    load: { ...load, path: '/graphql' },
    meaning: entitiesOf,
  });
  const comparison = {
    title: 'entities',
    connections: 8,
    floor: null,
    contenders: [
      {
        name: 'Scopegate',
        command: ourProgram(world),
        start: 'ALIKE',
        load,
        meaning: entitiesOf,
      } as const,
      peer('Mercurius federation, JIT + its loaders', 'with-loaders.mjs'),
      peer('Mercurius federation, JIT + DataLoader', 'with-dataloader.mjs'),
    ],
  };
  return [await measure(comparison, world, generator, options)];
};

async function loadOf(world: World): Promise<Load> {
  await addAuditor(world);
  const token = await mintToken(world.tokenSecret, {
    subject: AUDITOR,
    permissions: [],
    issuer: null,
    audience: null,
  });
  const variables = { representations: await representations(world) };
  return {
    method: 'POST',
    path: '/subgraph',
    headers: { authorization: `Bearer ${token}`, 'x-router-secret': world.routerSecret },
    variants: [{ body: JSON.stringify({ query: QUERY, variables }) }],
  };
}

async function addAuditor(world: World): Promise<void> {
  const organizations = await world.rows<{ id: string }>('SELECT id FROM resources WHERE level = 0');
  const now = Date.now();
  const rows = organizations.map(
    ({ id }) => `('${newId()}', '${id}', '${AUDITOR}', 'ADMIN', FALSE, ${now}, ${now})`,
  );
  await world.rows(
    'INSERT INTO memberships (id, organization_id, user_id, role, narrowed, created_at, modified_at) ' +
      `VALUES ${rows.join(', ')}`,
  );
}

/** In turns, as the rows of a page that shows something of each. */
async function representations(world: World): Promise<object[]> {
  const lists = await Promise.all(
    Object.entries(SOURCES).map(async ([type, source]) => {
      const found = await world.rows<{ id: string }>(
        `SELECT id FROM ${source} ORDER BY MD5(id) LIMIT ${EACH}`,
      );
      if (found.length < EACH) throw new Error(`There are only ${found.length} of ${type}.`);
      return found.map(({ id }) => ({ __typename: type, id }));
    }),
  );
  return Array.from({ length: EACH }, (_, index) => lists.flatMap((list) => list[index] ?? [])).flat();
}

function entitiesOf(body: string): unknown {
  return (JSON.parse(body) as { readonly data: unknown }).data;
}
