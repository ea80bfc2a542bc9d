import type { Comparison, Contender } from '../contender';
import type { Load } from '../load';
import { graphqlLoad } from '../our-loads';
import { ourProgram } from '../our-program';
import { PAGE_QUERY } from '../page-query';
import { peerProgram } from '../peer-programs';
import { measure } from '../rounds';
import type { Scenario } from '../scenario';
import type { World } from '../world';

/** 50 keys of an organization, with all that they grant and everything above it. */
export const measurePage: Scenario = async (world, generator, options) => [
  await measure(await pageComparison(world), world, generator, options),
];

async function pageComparison(world: World): Promise<Comparison> {
  const load = graphqlLoad(await world.owner(), PAGE_QUERY, { first: 50 });
  const peer = (name: string, file: string): Contender => ({
    name,
    command: peerProgram(world, file),
    start: 'ALIKE',
    load,
    meaning: pageOf,
  });
  const idiomatic = peer(
    'Apollo Server + type-graphql + TypeORM',
    'dist/apollo-type-graphql-typeorm/main.js',
  );
  const nest = peer('NestJS + Apollo + TypeORM', 'dist/nestjs/main.js');
  const mercurius = peer('Mercurius, JIT + DataLoader', 'mercurius-dataloader/main.mjs');
  return {
    title: 'page',
    connections: 8,
    floor: FLOOR,
    contenders: [
      { name: 'Scopegate', command: ourProgram(world), start: 'ALIKE', load, meaning: pageOf },
      await pageFloor(world, load),
      mercurius,
      peer('Mercurius, JIT + its loaders', 'mercurius-loaders/main.mjs'),
      peer('GraphQL Yoga + mysql2 + DataLoader', 'yoga-dataloader/main.mjs'),
      idiomatic,
      nest,
      { ...mercurius, start: 'DEFAULT_FLAGS' },
      { ...idiomatic, start: 'DEFAULT_FLAGS' },
      { ...idiomatic, start: 'README' },
    ],
  };
}

const FLOOR = 'node:http + mysql2 + JSON.stringify';

/** It asks nobody who they are, and reads the one page that there is. */
export async function pageFloor(world: World, load: Load): Promise<Contender> {
  const [organization] = await world.rows<{ id: string }>(
    "SELECT id FROM resources WHERE slug = 'organization-1'",
  );
  const command = peerProgram(world, 'floor/page.mjs', { ORGANIZATION_ID: organization?.id ?? '' });
  return { name: FLOOR, command, start: 'ALIKE', load, meaning: pageOf };
}

interface Page {
  readonly data: {
    readonly apiKeys: { readonly nodes: readonly { readonly scope: Record<string, unknown> }[] };
  };
}

/** The page with lists of grants in one order: nobody promises any. */
function pageOf(body: string): unknown {
  const { data } = JSON.parse(body) as Page;
  for (const { scope } of data.apiKeys.nodes) {
    for (const list of Object.values(scope)) if (Array.isArray(list)) list.sort(byId);
  }
  return data;
}

function byId(a: unknown, b: unknown): number {
  const [idA, idB] = [idOf(a), idOf(b)];
  return idA < idB ? -1 : idA > idB ? 1 : 0;
}

function idOf(thing: unknown): string {
  return typeof thing === 'string' ? thing : (thing as { id: string }).id;
}
