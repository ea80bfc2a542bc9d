import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ResourceEntity } from '../../src/resources/resource-entity';
import { newId } from '../../src/shared/ids';
import { changedKey, createdKey, mutateKey } from '../support/key-mutations';
import { mutate } from '../support/mutate';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE } from '../support/two-customers';
import { postVerify, remembered, type VerificationView } from '../support/verifying';

const LEVELS = ['ORGANIZATION', 'ACCOUNT', 'WIDGET', 'ENVIRONMENT'];
const FIELDS = ['organizationId', 'accountIds', 'widgetIds', 'environmentIds'];
const KEYS = 3;

const CHANGES = ['scope', 'switch', 'rotate', 'revoke', 'move', 'delete', 'sync', 'nothing'] as const;

const steps = fc.record({ change: fc.constantFrom(...CHANGES), first: fc.nat(99), second: fc.nat(99) });

/** Steps with every kind of change, so that every outcome is met, whatever else is drawn. */
const EVERY_CHANGE = [
  { change: 'rotate', first: 0, second: 0 },
  { change: 'switch', first: 1, second: 0 },
  { change: 'revoke', first: 2, second: 0 },
  { change: 'move', first: 1, second: 2 },
  { change: 'scope', first: 0, second: 21 },
  { change: 'delete', first: 4, second: 0 },
  { change: 'sync', first: 0, second: 1 },
  { change: 'nothing', first: 0, second: 0 },
] as const;

interface KnownKey {
  readonly id: string;
  readonly secretKeys: readonly string[];
  readonly disabled: boolean;
}

/** Of several things, the one that a number stands for. */
function pick<Thing>(things: readonly Thing[], number: number): Thing {
  return things[number % things.length] as Thing;
}

describe('what is remembered', () => {
  let program: TestProgram;
  let asOwner: Credential;
  let asService: Credential;
  let asSyncer: Credential;

  beforeAll(async () => {
    // Read often, so that what was read after a change is soon remembered.
    program = await TestProgram.start({ MAX_STALENESS_MS: '400' });
    asOwner = await program.user(PEOPLE.owner);
    asService = await program.service('gateway', 'api-keys:verify');
    asSyncer = await program.service('syncer', 'resources:sync');
  });

  afterAll(() => program.stop());

  /** A customer, of which some resources may be gone and come back by their ids. */
  const newCustomer = () =>
    program.given((tenancy) => {
      const organization = tenancy.organization('Acme', newId());
      tenancy.membership(organization, PEOPLE.owner, 'OWNER');
      const accounts = [tenancy.child(organization, 'a0'), tenancy.child(organization, 'a1')];
      const widgets = accounts.flatMap((account) => [
        tenancy.child(account, 'w0'),
        tenancy.child(account, 'w1'),
      ]);
      const environments = widgets.map((widget) => tenancy.child(widget, 'e'));
      return { organization, accounts, widgets, environments };
    });

  const scopeOf = (resources: readonly ResourceEntity[], number: number) => {
    const granted = resources.filter(
      (_, index) => (number >> (index % 6)) % 2 === 1 && index % 3 === number % 3,
    );
    return Object.fromEntries(
      FIELDS.map((field, level) => {
        const ids = granted.filter((resource) => resource.level === level).map(({ id }) => id);
        return [field, level === 0 ? (ids[0] ?? null) : ids];
      }),
    );
  };

  /** Of every secret that there was and every resource that there was: key by key, so that one may be remembered and another not. */
  const answers = async (
    secretKeys: readonly string[],
    resources: readonly ResourceEntity[],
    fresh: boolean,
  ) => {
    const all: VerificationView[] = [];
    for (const secretKey of secretKeys) {
      const asked = resources.map(({ level, id }) => ({
        secretKey,
        resource: { level: LEVELS[level], id },
        fresh,
      }));
      all.push(...((await (await postVerify(program, asService, asked)).json()) as VerificationView[]));
    }
    return all;
  };

  test('never differs from the database, whatever was changed before', async () => {
    const codes = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { minLength: 8, maxLength: 8 }), async (taken) => {
        const { organization, accounts, widgets, environments } = await newCustomer();
        const resources = [organization, ...accounts, ...widgets, ...environments];
        const keys: KnownKey[] = [];
        for (let number = 0; number < KEYS; number++) {
          const input = {
            name: 'Key',
            organizationId: organization.id,
            scope: scopeOf(resources, 7 * number + 5),
          };
          const { apiKey, secretKey } = await createdKey(program, asOwner, input);
          keys.push({ id: apiKey.id, secretKeys: [secretKey], disabled: false });
        }
        const sync = (input: object) =>
          mutate(program, asSyncer, 'syncResources', 'created', { upserts: [], deletes: [], ...input });
        // What is refused, since the thing is gone or ended, changes nothing: that must be told alike, too.
        const run = async ({ change, first, second }: (typeof taken)[number]): Promise<unknown> => {
          const index = first % keys.length;
          const key = pick(keys, first);
          switch (change) {
            case 'scope': {
              const { data } = await program.graphql<{ apiKey: { version: number } }>(
                asOwner,
                'query($id: ID!) { apiKey(id: $id) { version } }',
                { id: key.id },
              );
              const { version } = data.apiKey;
              const scope = scopeOf(resources, second);
              return mutateKey(program, asOwner, 'updateApiKey', { id: key.id, version, scope });
            }
            case 'switch': {
              keys[index] = { ...key, disabled: !key.disabled };
              const name = key.disabled ? 'enableApiKey' : 'disableApiKey';
              return mutateKey(program, asOwner, name, { id: key.id });
            }
            case 'rotate': {
              const rotation = { id: key.id, gracePeriodSeconds: second % 2 === 0 ? 0 : 3600 };
              const { secretKey } = await mutateKey(program, asOwner, 'rotateApiKey', rotation);
              if (secretKey !== null) keys[index] = { ...key, secretKeys: [...key.secretKeys, secretKey] };
              return;
            }
            case 'revoke':
              return second % 3 === 0 && changedKey(program, asOwner, 'revokeApiKey', { id: key.id });
            case 'move': {
              const input = { id: pick(environments, first).id, parentId: pick(widgets, second).id };
              return mutate(program, asOwner, 'moveResource', 'resource { id }', input);
            }
            case 'delete': {
              const { id } = pick([...widgets, ...environments], first);
              return mutate(program, asOwner, 'deleteResource', 'resource { id }', { id });
            }
            case 'sync': {
              const upsert = ({ id, level, name }: ResourceEntity, parent: ResourceEntity) => ({
                id,
                level: LEVELS[level],
                name,
                parentId: parent.id,
              });
              const upserts = [
                ...widgets.map((widget, number) => upsert(widget, pick(accounts, second + number))),
                ...environments.map((environment, number) =>
                  upsert(environment, pick(widgets, first + number)),
                ),
              ];
              return sync({ upserts });
            }
            case 'nothing':
              return;
          }
        };
        for (const step of taken) {
          const before = keys.flatMap((key) => key.secretKeys);
          await remembered(program, () => answers(before, resources, false));
          await run(step);
          const secretKeys = keys.flatMap((key) => key.secretKeys);
          const told = await answers(secretKeys, resources, false);
          expect(told).toEqual(await answers(secretKeys, resources, true));
          for (const { code } of told) codes.set(code, (codes.get(code) ?? 0) + 1);
        }
      }),
      { numRuns: 6, examples: [[[...EVERY_CHANGE]]] },
    );
    expect([...codes.keys()].sort()).toEqual(
      expect.arrayContaining([
        'DISABLED',
        'NOT_FOUND',
        'OUT_OF_SCOPE',
        'RESOURCE_NOT_FOUND',
        'REVOKED',
        'VALID',
      ]),
    );
  }, 120_000);
});
