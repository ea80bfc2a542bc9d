import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { newId } from '../../src/shared/ids';
import { NOWHERE, ask, atOnce, credentials, eventsOf, keysReaching, mutate } from '../support/mutating';
import { TestProgram, type Credential } from '../support/test-program';
import { twoCustomers, type Person, type TwoCustomers } from '../support/two-customers';

type Level = 'ORGANIZATION' | 'ACCOUNT' | 'WIDGET' | 'ENVIRONMENT';

interface Upsert {
  readonly id: string;
  readonly level: Level;
  readonly parentId: string | null;
  readonly name: string;
  readonly slug: string | null;
}

const NOTHING = { created: 0, updated: 0, moved: 0, deleted: 0, unchanged: 0, userErrors: [] };
const REFUSED = { created: null, updated: null, moved: null, deleted: null, unchanged: null };

const organization = (name: string, slug: string): Upsert => {
  return { id: newId(), level: 'ORGANIZATION', parentId: null, name, slug };
};
const below = ({ id }: { readonly id: string }, level: Level, name: string): Upsert => {
  return { id: newId(), level, parentId: id, name, slug: null };
};

describe('syncing the tree of a platform', () => {
  let program: TestProgram;
  let customers: TwoCustomers;
  let as: Record<Person, Credential>;
  let asPlatform: Credential;

  beforeEach(async () => {
    program = await TestProgram.start();
    customers = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys));
    as = await credentials(program);
    asPlatform = await program.service('platform', 'resources:sync');
  });

  afterEach(() => program.stop());

  const sync = (upserts: readonly Upsert[], deletes: readonly string[] = []) =>
    mutate<Record<string, number | null>>(program, asPlatform, 'syncResources', { upserts, deletes });
  const rows = () =>
    program.database.rows<{ id: string; parentId: string | null; name: string; slug: string | null }>(
      'SELECT id, organization_id AS organizationId, level, parent_id AS parentId, name, slug, modified_at AS modifiedAt ' +
        'FROM resources ORDER BY id',
    );
  const row = async (id: string) => (await rows()).find((each) => each.id === id);
  const events = async (organizationId = customers.acme.organization.id) =>
    (await eventsOf(program, organizationId)).filter(({ action }) => action === 'RESOURCES_SYNCED');
  /** The rows of the test's own tenants, as they would be told. */
  const told = (level: Level, { id, parentId, name, slug }: Omit<Upsert, 'level'>): Upsert => {
    return { id, level, parentId, name, slug };
  };

  const expectRefusal = async (
    upserts: readonly Upsert[],
    deletes: readonly string[],
    error: { readonly code: string; readonly field: readonly string[]; readonly ids: readonly string[] },
  ) => {
    const before = await rows();
    const { userErrors, ...counts } = await sync(upserts, deletes);
    expect(userErrors).toMatchObject([error]);
    expect(counts).toEqual(REFUSED);
    expect(await rows()).toEqual(before);
    expect(await program.database.rows('SELECT id FROM audit_events')).toEqual([]);
  };

  test('a whole tree is made by the ids of the platform, children told before their parents', async () => {
    const initech = organization('Initech', 'initech');
    const account = below(initech, 'ACCOUNT', 'Sales');
    const widget = below(account, 'WIDGET', ' Printer ');
    const environment = below(widget, 'ENVIRONMENT', 'Production');
    const upserts = [environment, widget, account, initech];
    expect(await sync(upserts)).toEqual({ ...NOTHING, created: 4 });
    for (const { id, parentId, name, slug } of upserts) {
      expect(await row(id)).toMatchObject({ parentId, name: name.trim(), slug, organizationId: initech.id });
    }
    expect(await events(initech.id)).toMatchObject([
      { subjectId: initech.id, actorId: 'platform', before: null, after: { created: 4, deleted: 0 } },
    ]);
  });

  test('the same call again changes nothing and records nothing', async () => {
    const initech = organization('Initech', 'initech');
    const account = below(initech, 'ACCOUNT', 'Sales');
    const call = () => sync([account, initech], [NOWHERE]);
    expect(await call()).toEqual({ ...NOTHING, created: 2 });
    const before = await rows();
    expect(await call()).toEqual({ ...NOTHING, unchanged: 2 });
    expect(await rows()).toEqual(before);
    expect(await events(initech.id)).toHaveLength(1);
  });

  test('what is there is renamed, moved and deleted in one call, and recorded with its counts', async () => {
    const { acme } = customers;
    const legal = below(acme.organization, 'ACCOUNT', 'Legal');
    const upserts = [
      { ...told('WIDGET', acme.search), parentId: legal.id, name: 'Finder' },
      legal,
      { ...told('ORGANIZATION', acme.organization), name: 'Acme Inc.', slug: 'acme-inc' },
      told('ACCOUNT', acme.retail),
    ];
    const answer = await sync(upserts, [acme.ordering.id]);
    expect(answer).toEqual({ ...NOTHING, created: 1, moved: 1, updated: 1, unchanged: 1, deleted: 2 });
    expect(await row(acme.search.id)).toMatchObject({ parentId: legal.id, name: 'Finder' });
    expect(await row(acme.organization.id)).toMatchObject({ name: 'Acme Inc.', slug: 'acme-inc' });
    expect(await row(acme.orderingProduction.id)).toBeUndefined();
    expect(await events()).toMatchObject([
      {
        after: {
          created: 1,
          moved: 1,
          updated: 1,
          deleted: 2,
          deletedIds: [acme.ordering.id],
          keysThatLostGrants: 2,
        },
      },
    ]);
  });

  test('keys reach what they cover since, and lose what was deleted', async () => {
    const { acme } = customers;
    await sync([{ ...told('WIDGET', acme.checkout), parentId: acme.wholesale.id }], [acme.retail.id]);
    expect(await keysReaching(program, as.owner, acme.checkoutStaging.id)).toEqual([
      'Checkout widget',
      'Whole organization',
    ]);
    const left = await program.database.rows('SELECT resource_id FROM api_key_grants WHERE api_key_id = ?', [
      acme.keys.account.key.id,
    ]);
    expect(left).toEqual([]);
  });

  test('what is moved out of a deleted account in the same call stays', async () => {
    const { acme } = customers;
    const answer = await sync(
      [{ ...told('WIDGET', acme.checkout), parentId: acme.wholesale.id }],
      [acme.retail.id, acme.search.id, acme.searchProduction.id],
    );
    expect(answer).toEqual({ ...NOTHING, moved: 1, deleted: 3 });
    expect(await row(acme.checkoutProduction.id)).toMatchObject({ parentId: acme.checkout.id });
    expect(await row(acme.retail.id)).toBeUndefined();
  });

  test('a deleted organization takes its keys along, and its slug is free in the same call', async () => {
    const { globex, acme } = customers;
    const successor = organization('Globex 2', 'globex');
    const answer = await sync([successor], [globex.organization.id, globex.grid.id]);
    expect(answer).toEqual({ ...NOTHING, created: 1, deleted: 4 });
    const left = await program.database.rows('SELECT DISTINCT organization_id AS id FROM api_keys');
    expect(left).toEqual([{ id: acme.organization.id }]);
    expect(await events(globex.organization.id)).toMatchObject([
      { after: { deleted: 4, keysThatLostGrants: 2 } },
    ]);
    expect(await row(successor.id)).toMatchObject({ slug: 'globex' });
  });

  test('two organizations change their slugs for one another', async () => {
    const { acme, globex } = customers;
    const answer = await sync([
      { ...told('ORGANIZATION', acme.organization), slug: 'globex' },
      { ...told('ORGANIZATION', globex.organization), slug: 'acme' },
    ]);
    expect(answer).toEqual({ ...NOTHING, updated: 2 });
    expect(await row(acme.organization.id)).toMatchObject({ slug: 'globex' });
    expect(await events(globex.organization.id)).toMatchObject([{ after: { updated: 1 } }]);
  });

  test('an id that is known at another level is refused', async () => {
    const { acme } = customers;
    const upserts = [
      told('ACCOUNT', acme.retail),
      { ...told('ENVIRONMENT', acme.search), parentId: acme.checkout.id, name: 'Renamed' },
    ];
    await expectRefusal(upserts, [acme.ordering.id], {
      code: 'INVALID',
      field: ['upserts'],
      ids: [acme.search.id],
    });
  });

  test('a parent that is nowhere is refused, and one of the wrong level', async () => {
    const { acme } = customers;
    const stray = below({ id: NOWHERE }, 'WIDGET', 'Stray');
    const good = below(acme.retail, 'WIDGET', 'Good');
    await expectRefusal([good, stray], [], { code: 'NOT_FOUND', field: ['upserts'], ids: [stray.id] });
    const deep = below(acme.retail, 'ENVIRONMENT', 'Deep');
    const own = below({ id: deep.id }, 'ENVIRONMENT', 'Own');
    await expectRefusal([own, deep], [], { code: 'INVALID', field: ['upserts'], ids: [own.id, deep.id] });
  });

  test('a move to another organization is refused, also along with its parent', async () => {
    const { acme, globex } = customers;
    const stolen = { ...told('WIDGET', globex.grid), parentId: acme.retail.id };
    await expectRefusal([stolen], [], { code: 'INVALID', field: ['upserts'], ids: [globex.grid.id] });
    const account = { ...told('ACCOUNT', globex.energy), parentId: acme.organization.id };
    await expectRefusal([account, told('WIDGET', globex.grid)], [], {
      code: 'INVALID',
      field: ['upserts'],
      ids: [globex.energy.id],
    });
  });

  test('a slug that another organization keeps is refused, and one that two want', async () => {
    const taken = organization('Not Globex', 'globex');
    await expectRefusal([taken], [], { code: 'TAKEN', field: ['upserts'], ids: [taken.id] });
    const [one, other] = [organization('One', 'same'), organization('Other', 'same')];
    await expectRefusal([one, other], [], { code: 'TAKEN', field: ['upserts'], ids: [other.id] });
  });

  test('what lies below something deleted is refused, and what is both told and deleted', async () => {
    const { acme } = customers;
    const lost = below(acme.checkout, 'ENVIRONMENT', 'Lost');
    await expectRefusal([lost], [acme.retail.id], { code: 'INVALID', field: ['upserts'], ids: [lost.id] });
    await expectRefusal([told('WIDGET', acme.search)], [acme.search.id], {
      code: 'INVALID',
      field: ['deletes'],
      ids: [acme.search.id],
    });
  });

  test('what does not have the form of its level is refused', async () => {
    const { acme } = customers;
    const widget = below(acme.retail, 'WIDGET', 'Widget');
    const refusals: Upsert[] = [
      { ...widget, parentId: null },
      { ...widget, slug: 'slug' },
      { ...widget, name: ' ' },
      { ...widget, name: 'x'.repeat(201) },
      { ...organization('Bad', 'bad'), slug: null },
      { ...organization('Bad', 'bad'), slug: 'Bad' },
      { ...organization('Bad', 'bad'), parentId: acme.organization.id },
    ];
    for (const upsert of refusals) {
      await expectRefusal([upsert], [], { code: 'INVALID', field: ['upserts'], ids: [upsert.id] });
    }
    await expectRefusal([widget, widget], [], { code: 'INVALID', field: ['upserts'], ids: [widget.id] });
  });

  test('an id in capitals is the same id', async () => {
    const { search, retail } = customers.acme;
    const id = search.id.toUpperCase();
    const parentId = retail.id.toUpperCase();
    expect(await sync([{ ...told('WIDGET', search), id, parentId }])).toEqual({ ...NOTHING, unchanged: 1 });
  });

  test('is for services with resources:sync only', async () => {
    const input = { upserts: [organization('Initech', 'initech')] };
    const asVerifier = await program.service('platform', 'api-keys:verify');
    const asKey = { 'x-api-key': customers.acme.keys.whole.secretKey };
    for (const credential of [as.owner, asVerifier, asKey]) {
      const { errors } = await ask(program, credential, 'syncResources', input);
      expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    }
    const malformed = { deletes: ['0'] };
    const { errors } = await ask(program, asPlatform, 'syncResources', malformed);
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });

  test('of many who tell of the same new tree at once, one makes it', async () => {
    const initech = organization('Initech', 'initech');
    const account = below(initech, 'ACCOUNT', 'Sales');
    const answers = await atOnce(
      program,
      Array.from({ length: 8 }, () => () => sync([account, initech])),
    );
    const made = answers.filter(({ created }) => created === 2);
    expect(made).toHaveLength(1);
    expect(answers.filter(({ unchanged }) => unchanged === 2)).toHaveLength(7);
    expect(await events(initech.id)).toHaveLength(1);
  });

  test('of many who tell of the same change at once, one makes it', async () => {
    const { search, wholesale, checkout, orderingProduction } = customers.acme;
    const call = () =>
      sync(
        [
          { ...told('WIDGET', search), parentId: wholesale.id },
          { ...told('WIDGET', checkout), name: 'Till' },
        ],
        [orderingProduction.id],
      );
    const answers = await atOnce(
      program,
      Array.from({ length: 8 }, () => call),
    );
    expect(answers.filter(({ unchanged }) => unchanged === 2)).toHaveLength(7);
    expect(answers).toContainEqual({ ...NOTHING, moved: 1, updated: 1, deleted: 1 });
    expect(await events()).toHaveLength(1);
  });
});
