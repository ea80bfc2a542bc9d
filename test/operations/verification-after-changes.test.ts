import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ResourceEntity } from '../../src/resources/resource-entity';
import { newId } from '../../src/shared/ids';
import { mutate } from '../support/mutate';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE } from '../support/two-customers';
import { remembered, verifyByRest } from '../support/verifying';

type Tree = ReturnType<TestTree['build']>;

/** One customer with a key, whose secret is known, of the environment Production and of the widget Search. */
class TestTree {
  constructor(private readonly program: TestProgram) {}

  build() {
    const { stored, secretKey } = this.program.secretKeys.generate();
    return this.program.given((tenancy) => {
      const organization = tenancy.organization('Acme', newId());
      const membership = tenancy.membership(organization, PEOPLE.owner, 'OWNER');
      const member = tenancy.membership(organization, PEOPLE.member, 'MEMBER');
      const retail = tenancy.child(organization, 'Retail');
      const checkout = tenancy.child(retail, 'Checkout');
      const search = tenancy.child(retail, 'Search');
      const production = tenancy.child(checkout, 'Production');
      const staging = tenancy.child(checkout, 'Staging');
      const searchProduction = tenancy.child(search, 'Search production');
      const { id: keyId } = tenancy.apiKey({
        organization,
        name: 'Key',
        creator: PEOPLE.member,
        grants: [production, search],
        secret: stored,
      });
      const resources = { organization, retail, checkout, search, production, staging, searchProduction };
      return { ...resources, membership, member, keyId, secretKey };
    });
  }
}

/** What a platform tells of a resource, beside where it is. */
type Named = Pick<ResourceEntity, 'id' | 'level' | 'name'>;

/** A change, the resource that is asked about, and the codes of the answers before and after. */
interface Case {
  readonly change: (tree: Awaited<Tree>) => Promise<unknown>;
  readonly about: (tree: Awaited<Tree>) => ResourceEntity;
  readonly codes: readonly [before: string, after: string];
}

const LEVELS = ['ORGANIZATION', 'ACCOUNT', 'WIDGET', 'ENVIRONMENT'];

describe('the answer after a change', () => {
  let program: TestProgram;
  let asOwner: Credential;
  let asService: Credential;
  let asSyncer: Credential;
  let trees: TestTree;

  beforeAll(async () => {
    program = await TestProgram.start();
    asOwner = await program.user(PEOPLE.owner);
    asService = await program.service('gateway', 'api-keys:verify');
    asSyncer = await program.service('syncer', 'resources:sync');
    trees = new TestTree(program);
  });

  afterAll(() => program.stop());

  const done = async (name: string, input: object, credential = asOwner) => {
    const { userErrors } = await mutate<object>(program, credential, name, '__typename', input);
    expect(userErrors).toEqual([]);
  };
  const onSwitch = async (name: string, id: string) => {
    const query = `mutation($id: ID!) { ${name}(input: { id: $id }) { userErrors { code } } }`;
    const { data } = await program.graphql<Record<string, object>>(asOwner, query, { id });
    expect(data[name]).toEqual({ userErrors: [] });
  };
  const codeOf = async (secretKey: string, about: { level: number; id: string } | null, fresh = false) => {
    const resource = about && { level: LEVELS[about.level] ?? '', id: about.id };
    return (await verifyByRest(program, asService, { secretKey, resource, fresh })).code;
  };
  const sync = (input: object) => done('syncResources', { upserts: [], deletes: [], ...input }, asSyncer);
  const upsert = ({ id, level, name }: Named, parent: ResourceEntity) => ({
    id,
    level: LEVELS[level],
    name,
    parentId: parent.id,
  });

  const CASES: Record<string, Case> = {
    'of a revocation': {
      change: ({ keyId }) => done('revokeApiKey', { id: keyId }),
      about: ({ production }) => production,
      codes: ['VALID', 'REVOKED'],
    },
    'of a revocation of many': {
      change: ({ keyId }) => done('revokeApiKeys', { ids: [keyId] }),
      about: ({ production }) => production,
      codes: ['VALID', 'REVOKED'],
    },
    'of a report that the key has leaked': {
      change: ({ secretKey }) =>
        fetch(`${program.url}/v1/leaked-keys`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ keys: [secretKey] }),
        }),
      about: ({ production }) => production,
      codes: ['VALID', 'REVOKED'],
    },
    'of the removal of its maker with their keys': {
      change: ({ member }) => done('removeMembership', { id: member.id, revokeKeys: true }),
      about: ({ production }) => production,
      codes: ['VALID', 'REVOKED'],
    },
    'of a switch-off': {
      change: ({ keyId }) => onSwitch('disableApiKey', keyId),
      about: ({ production }) => production,
      codes: ['VALID', 'DISABLED'],
    },
    'of a rotation without grace': {
      change: ({ keyId }) => done('rotateApiKey', { id: keyId }),
      about: ({ production }) => production,
      codes: ['VALID', 'NOT_FOUND'],
    },
    'that takes a grant away': {
      change: ({ keyId, search }) =>
        done('updateApiKey', { id: keyId, version: 1, scope: { widgetIds: [search.id] } }),
      about: ({ production }) => production,
      codes: ['VALID', 'OUT_OF_SCOPE'],
    },
    'that takes all grants away': {
      change: ({ keyId }) => done('updateApiKey', { id: keyId, version: 1, scope: {} }),
      about: ({ production }) => production,
      codes: ['VALID', 'NO_SCOPE'],
    },
    'that adds a grant': {
      change: ({ keyId, staging }) =>
        done('updateApiKey', { id: keyId, version: 1, scope: { environmentIds: [staging.id] } }),
      about: ({ staging }) => staging,
      codes: ['OUT_OF_SCOPE', 'VALID'],
    },
    'that moves the resource out of what is granted': {
      change: ({ searchProduction, checkout }) =>
        done('moveResource', { id: searchProduction.id, parentId: checkout.id }),
      about: ({ searchProduction }) => searchProduction,
      codes: ['VALID', 'OUT_OF_SCOPE'],
    },
    'that moves the resource into what is granted': {
      change: ({ staging, search }) => done('moveResource', { id: staging.id, parentId: search.id }),
      about: ({ staging }) => staging,
      codes: ['OUT_OF_SCOPE', 'VALID'],
    },
    'that deletes the resource': {
      change: ({ searchProduction }) => done('deleteResource', { id: searchProduction.id }),
      about: ({ searchProduction }) => searchProduction,
      codes: ['VALID', 'RESOURCE_NOT_FOUND'],
    },
    'that deletes the granted resource above it': {
      change: ({ search }) => done('deleteResource', { id: search.id }),
      about: ({ searchProduction }) => searchProduction,
      codes: ['VALID', 'RESOURCE_NOT_FOUND'],
    },
    'that deletes all that was granted': {
      change: ({ retail }) => done('deleteResource', { id: retail.id }),
      about: ({ organization }) => organization,
      codes: ['OUT_OF_SCOPE', 'NO_SCOPE'],
    },
    'that deletes the organization': {
      change: ({ organization }) => done('deleteResource', { id: organization.id }),
      about: ({ production }) => production,
      codes: ['VALID', 'NOT_FOUND'],
    },
    'that syncs a move': {
      change: ({ searchProduction, checkout }) => sync({ upserts: [upsert(searchProduction, checkout)] }),
      about: ({ searchProduction }) => searchProduction,
      codes: ['VALID', 'OUT_OF_SCOPE'],
    },
    'that syncs a deletion': {
      change: ({ production }) => sync({ deletes: [production.id] }),
      about: ({ production }) => production,
      codes: ['VALID', 'RESOURCE_NOT_FOUND'],
    },
    'that syncs the deletion of the organization': {
      change: ({ organization }) => sync({ deletes: [organization.id] }),
      about: ({ production }) => production,
      codes: ['VALID', 'NOT_FOUND'],
    },
  };

  test.each(Object.entries(CASES))('%s is the new one at once', async (_what, { change, about, codes }) => {
    const tree = await trees.build();
    const ask = (fresh: boolean) => codeOf(tree.secretKey, about(tree), fresh);
    expect([await ask(true), await remembered(program, () => ask(false))]).toEqual([codes[0], codes[0]]);
    await change(tree);
    expect([await ask(false), await ask(true), await ask(false)]).toEqual([codes[1], codes[1], codes[1]]);
  });

  test('of a switch-off and a switch-on is as before', async () => {
    const { secretKey, keyId, production } = await trees.build();
    const codes = [await codeOf(secretKey, production)];
    for (const name of ['disableApiKey', 'enableApiKey']) {
      await onSwitch(name, keyId);
      codes.push(await codeOf(secretKey, production));
    }
    expect(codes).toEqual(['VALID', 'DISABLED', 'VALID']);
  });

  test('of a renaming tells the new name of the key, and is no other for that of a resource', async () => {
    const { secretKey, keyId, production } = await trees.build();
    expect((await verifyByRest(program, asService, { secretKey })).apiKey).toMatchObject({ name: 'Key' });
    await done('updateApiKey', { id: keyId, version: 1, name: 'Renamed', metadata: { team: 'shop' } });
    await done('renameResource', { id: production.id, name: 'Live' });
    expect((await verifyByRest(program, asService, { secretKey })).apiKey).toMatchObject({
      name: 'Renamed',
      metadata: { team: 'shop' },
    });
    expect(await codeOf(secretKey, production)).toBe('VALID');
  });

  test('that deletes a granted resource and makes it again by its id does not bring the grant back', async () => {
    const { secretKey, production, checkout } = await trees.build();
    expect(await remembered(program, () => codeOf(secretKey, production))).toBe('VALID');
    await sync({ deletes: [production.id] });
    expect(await remembered(program, () => codeOf(secretKey, production))).toBe('RESOURCE_NOT_FOUND');
    await sync({ upserts: [upsert(production, checkout)] });
    expect(await codeOf(secretKey, production)).toBe('OUT_OF_SCOPE');
    expect(await codeOf(secretKey, production, true)).toBe('OUT_OF_SCOPE');
  });

  test('that makes a resource which was asked about before knows it', async () => {
    const { secretKey, search } = await trees.build();
    const added = { id: newId(), level: 3, name: 'Added' };
    expect(await remembered(program, () => codeOf(secretKey, added))).toBe('RESOURCE_NOT_FOUND');
    await sync({ upserts: [upsert(added, search)] });
    expect(await codeOf(secretKey, added)).toBe('VALID');
  });

  test.each([
    ['of our form, from another installation', () => program.secretKeys.generate().secretKey],
    ['of any form', () => `legacy-${newId()}`],
  ])('that imports a key %s, which was asked about before, knows it', async (_what, secretKeyOf) => {
    const { organization, production } = await trees.build();
    const secretKey = secretKeyOf();
    const before = await remembered(program, () => codeOf(secretKey, production));
    expect(['NOT_FOUND', 'INVALID_FORMAT']).toContain(before);
    const sha256 = createHash('sha256').update(secretKey).digest('hex');
    const keys = [{ name: 'Imported', scope: { environmentIds: [production.id] }, sha256 }];
    await done('importApiKeys', { organizationId: organization.id, keys });
    expect(await codeOf(secretKey, production)).toBe('VALID');
    expect(await codeOf(secretKey, production, true)).toBe('VALID');
    expect(await codeOf(`legacy-${newId()}`, production)).toBe('NOT_FOUND');
  });

  test('of one key leaves the others as they were', async () => {
    const [first, second] = [await trees.build(), await trees.build()];
    const codes = async () => [
      await codeOf(first.secretKey, first.production),
      await codeOf(second.secretKey, second.production),
      await codeOf(second.secretKey, first.production),
    ];
    expect(await remembered(program, codes)).toEqual(['VALID', 'VALID', 'OUT_OF_SCOPE']);
    await done('deleteResource', { id: first.organization.id });
    expect(await codes()).toEqual(['NOT_FOUND', 'VALID', 'RESOURCE_NOT_FOUND']);
  });
});
