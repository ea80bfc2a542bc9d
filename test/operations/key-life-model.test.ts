import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ResourceEntity } from '../../src/resources/resource-entity';
import { Scope, levelAt } from '../../src/scopes';
import { newId } from '../../src/shared/ids';
import { ask } from '../support/every-page';
import { keyCommands } from '../support/key-life-commands';
import { ACTORS, KeyLifeModel, byId, type Actor, type ListedKey } from '../support/key-life-model';
import type { RealKeys } from '../support/key-life-step';
import { TestProgram, type Credential } from '../support/test-program';
import { treeCommands } from '../support/tree-commands';

const RUNS = 20;
const MOST_COMMANDS = 50;
const SECONDS = 1000;

const LIST =
  '{ apiKeys(first: 100) { nodes { id status version scope { breadth organizationId accountIds widgetIds environmentIds } } } }';

describe('random lives of API keys, with the tree changing underneath', () => {
  let program: TestProgram;
  const counts = new Map<string, number>();

  beforeAll(async () => {
    program = await TestProgram.start();
  });

  afterAll(() => program.stop());

  /** Two customers of their own for each run, in the database and in the model. */
  const setUp = async (): Promise<{ model: KeyLifeModel; real: RealKeys }> => {
    const model = new KeyLifeModel();
    const run = newId();
    await program.given((tenancy) => {
      const seen = (resource: ResourceEntity) => {
        model.addResource(levelAt(resource.level), resource.id, resource.parentId);
        return resource;
      };
      const child = (parent: ResourceEntity, name: string) => seen(tenancy.child(parent, name));
      const join = (
        actor: Actor,
        home: ResourceEntity,
        role: 'OWNER' | 'ADMIN' | 'MEMBER',
        to?: ResourceEntity,
      ) => {
        const user = { id: `${actor}-${run}`, email: `${actor}@customer.example` };
        tenancy.membership(home, user, role, to === undefined ? null : [to]);
        const narrowedTo = to === undefined ? null : new Scope([{ level: levelAt(to.level), id: to.id }]);
        model.addActor(actor, home.id, role !== 'MEMBER', narrowedTo);
      };
      const acme = seen(tenancy.organization('Acme', `acme-${run}`));
      const retail = child(acme, 'Retail');
      const wholesale = child(acme, 'Wholesale');
      const checkout = child(retail, 'Checkout');
      const ordering = child(wholesale, 'Ordering');
      for (const widget of [checkout, ordering]) {
        child(widget, 'Production');
        child(widget, 'Staging');
      }
      const globex = seen(tenancy.organization('Globex', `globex-${run}`));
      child(child(child(globex, 'Energy'), 'Grid'), 'Production');
      join('owner', acme, 'OWNER');
      join('narrowedAdmin', acme, 'ADMIN', retail);
      join('member', acme, 'MEMBER');
      join('narrowedMember', acme, 'MEMBER', retail);
      join('outsider', globex, 'OWNER');
    });
    const tokens = ACTORS.map(async (actor) => {
      const user = { id: `${actor}-${run}`, email: `${actor}@customer.example` };
      return [actor, await program.user(user)] as const;
    });
    const as = Object.fromEntries(await Promise.all(tokens)) as Record<Actor, Credential>;
    return { model, real: { program, as, counts, compare } };
  };

  /** What every actor and the bearer of every secret key sees is what the model says. */
  const compare = async (model: KeyLifeModel, { as }: RealKeys) => {
    const lists = ACTORS.map(async (actor) => {
      const { apiKeys } = await ask<{ apiKeys: { nodes: ListedKey[] } }>(program, as[actor], LIST);
      expect({ actor, keys: apiKeys.nodes.sort(byId) }).toEqual({ actor, keys: model.listedFor(actor) });
    });
    const query = `{ ${model.seen.map(({ level, id }, index) => `r${index}: ${level.toLowerCase()}(id: "${id}") { id }`).join(' ')} }`;
    const bearers = Array.from(model.secrets.keys(), async (secretKey) => {
      const { status, data } = await program.graphql<Record<string, { id: string } | null> | null>(
        { 'x-api-key': secretKey },
        query,
      );
      const read =
        status === 401 ? null : Object.values(data ?? {}).flatMap((resource) => resource?.id ?? []);
      expect({ secretKey, read: read?.sort() ?? null }).toEqual({
        secretKey,
        read: model.readBy(secretKey)?.toSorted() ?? null,
      });
    });
    await Promise.all([...lists, ...bearers]);
  };

  test(
    'keys are what the rules say after every step, for everybody who sees or bears them',
    async () => {
      const lives = fc.commands([...keyCommands, ...treeCommands], {
        maxCommands: MOST_COMMANDS,
        size: 'max',
      });
      const property = fc.asyncProperty(lives, (life) => fc.asyncModelRun(setUp, life));
      await fc.assert(property, { numRuns: RUNS, interruptAfterTimeLimit: 100 * SECONDS });
      // A life in which nothing happens would prove nothing.
      const common = ['create', 'updateScope', 'rotate', 'disable', 'revoke', 'letKeyEnd'];
      const ofTheTree = ['addResource', 'moveResource', 'deleteResource'];
      const done = [...common, ...ofTheTree].filter((kind) => counts.has(`${kind} done`));
      expect(done).toEqual([...common, ...ofTheTree]);
    },
    120 * SECONDS,
  );
});
