import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ResourceEntity } from '../../src/resources/resource-entity';
import { ask } from '../support/every-page';
import { eventually } from '../support/eventually';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE, twoCustomers, type KeyWithSecret, type TwoCustomers } from '../support/two-customers';
import { totalUses } from '../support/usage';
import { postVerify, verifyByGraphql, verifyByRest } from '../support/verifying';

const NOWHERE = { id: '01890000-0000-7000-8000-000000000000', level: 3 };
const LEVELS = ['ORGANIZATION', 'ACCOUNT', 'WIDGET', 'ENVIRONMENT'];

type Place = Pick<ResourceEntity, 'id' | 'level'>;

const question = ({ secretKey }: KeyWithSecret, place: Place | null) => ({
  secretKey,
  ...(place !== null && { resource: { level: LEVELS[place.level] ?? '', id: place.id } }),
});

describe('counting what keys are used for', () => {
  let program: TestProgram;
  let asOwner: Credential;
  let asService: Credential;
  let customers: TwoCustomers;

  beforeAll(async () => {
    program = await TestProgram.start();
    asOwner = await program.user(PEOPLE.owner);
    asService = await program.service('gateway', 'api-keys:verify');
    customers = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys));
  });

  afterAll(() => program.stop());

  const freshKey = (grants: readonly ResourceEntity[], more = {}) =>
    program.given((tenancy): KeyWithSecret => {
      const { secretKey, stored: secret } = program.secretKeys.generate();
      const { organization } = customers.acme;
      const described = { organization, name: 'Fresh', creator: PEOPLE.owner, grants, secret, ...more };
      return { key: tenancy.apiKey(described), secretKey };
    });
  const use = (at: TestProgram, key: KeyWithSecret, place: Place | null, times = 1) =>
    postVerify(at, asService, Array(times).fill(question(key, place)));
  const totals = (key: KeyWithSecret, credential = asOwner) => totalUses(program, credential, key.key.id);
  const lastUse = async ({ key }: KeyWithSecret) => {
    const query = `{ apiKey(id: "${key.id}") { lastUsedAt version modifiedAt } }`;
    return (await ask<{ apiKey: { lastUsedAt: string | null } }>(program, asOwner, query)).apiKey;
  };

  test('counts of several programs on one database add up, by resource and outcome, whichever door was asked', async () => {
    const { checkout, checkoutProduction, checkoutStaging, searchProduction } = customers.acme;
    const key = await freshKey([checkout]);
    const others = [await program.beside(), await program.beside(), await program.beside()];
    for (const other of others) {
      await use(other, key, checkoutProduction, 5);
      await use(other, key, searchProduction, 2);
      await verifyByGraphql(other, asService, question(key, checkoutStaging));
      await verifyByRest(other, asService, { ...question(key, null), fresh: true });
    }
    expect(await totals(key)).toEqual({});
    await Promise.all(others.map((other) => other.stop()));
    expect(await totals(key)).toEqual({
      [`VALID ${checkoutProduction.id}`]: 15,
      [`OUT_OF_SCOPE ${searchProduction.id}`]: 6,
      [`VALID ${checkoutStaging.id}`]: 3,
      'VALID -': 3,
    });
  });

  test('programs that write the same many keys at once do not lose a use', async () => {
    const { checkoutProduction, checkoutStaging } = customers.acme;
    const keys = await Promise.all(Array.from({ length: 40 }, () => freshKey([customers.acme.checkout])));
    const others = await Promise.all([program.beside(), program.beside(), program.beside()]);
    for (const [index, other] of others.entries()) {
      const order = index === 1 ? keys.toReversed() : keys;
      for (const place of [checkoutProduction, checkoutStaging])
        await postVerify(
          other,
          asService,
          order.map((key) => question(key, place)),
        );
    }
    await Promise.all(others.map((other) => other.stop()));
    const expected = { [`VALID ${checkoutProduction.id}`]: 3, [`VALID ${checkoutStaging.id}`]: 3 };
    for (const key of keys) expect(await totals(key)).toEqual(expected);
  });

  test('a verification of what is remembered sends the database nothing, and its use is written when the program stops', async () => {
    const { checkoutProduction } = customers.acme;
    const key = await freshKey([checkoutProduction]);
    const other = await program.beside();
    await use(other, key, checkoutProduction);
    const statements = await program.statementsDuring(() => use(other, key, checkoutProduction, 100));
    expect(statements).toEqual([]);
    await other.stop();
    expect(await totals(key)).toEqual({ [`VALID ${checkoutProduction.id}`]: 101 });
  });

  test('what a program has counted is written from time to time, while it runs', async () => {
    const often = await TestProgram.start({ USAGE_FLUSH_MS: '20' });
    const acme = await often.given((tenancy) => twoCustomers(tenancy, often.secretKeys).acme);
    const credential = await often.user(PEOPLE.owner);
    const key = acme.keys.environment;
    for (const round of [1, 2]) {
      await verifyByRest(often, await often.service('gateway', 'api-keys:verify'), question(key, null));
      await eventually(async () =>
        expect(await totalUses(often, credential, key.key.id)).toEqual({ 'VALID -': round }),
      );
    }
    await often.stop();
  });

  test('the time of the last use moves forward only, whichever program writes late, and only by what is VALID', async () => {
    const { checkout, checkoutProduction, searchProduction } = customers.acme;
    const key = await freshKey([checkout]);
    expect(await lastUse(key)).toMatchObject({ lastUsedAt: null, version: 1 });
    const { modifiedAt } = key.key;
    const noon = Date.UTC(2026, 5, 15, 12);
    const early = await program.beside(() => noon);
    const late = await program.beside(() => noon + 1000);
    const refused = await program.beside(() => noon + 2000);
    await use(early, key, checkoutProduction);
    await use(late, key, checkoutProduction);
    await use(refused, key, searchProduction);
    const expected = { lastUsedAt: new Date(noon + 1000).toISOString(), version: 1 };
    for (const one of [late, early, refused]) {
      await one.stop();
      expect(await lastUse(key)).toEqual({ ...expected, modifiedAt: new Date(modifiedAt).toISOString() });
    }
    const all = { [`VALID ${checkoutProduction.id}`]: 2, [`OUT_OF_SCOPE ${searchProduction.id}`]: 1 };
    expect(await totals(key)).toEqual(all);
  });

  test('what was found of no resource in the organization is counted under none', async () => {
    const { acme, globex } = customers;
    const other = await program.beside();
    const active = await freshKey([acme.checkout]);
    const foreign = { id: globex.gridProduction.id, level: globex.gridProduction.level };
    for (const place of [NOWHERE, foreign]) await use(other, active, place);
    const then = Date.UTC(2024, 0, 1);
    const ended = await Promise.all(
      [{ revokedAt: then }, { disabledAt: then }, { expiresAt: then }].map((more) =>
        freshKey([acme.checkout], more),
      ),
    );
    for (const key of ended) await use(other, key, acme.checkoutProduction);
    await other.stop();
    expect(await totals(active)).toEqual({ 'RESOURCE_NOT_FOUND -': 2 });
    expect(await Promise.all(ended.map((key) => totals(key)))).toEqual([
      { 'REVOKED -': 1 },
      { 'DISABLED -': 1 },
      { 'EXPIRED -': 1 },
    ]);
    for (const key of [active, ...ended]) expect(await lastUse(key)).toMatchObject({ lastUsedAt: null });
  });

  test('keys that are gone by the time of writing are left out, and what is counted of others is kept', async () => {
    const gone = await program.given((tenancy) => {
      const { secretKey, stored } = program.secretKeys.generate();
      const organization = tenancy.organization('Gone', 'gone');
      tenancy.membership(organization, PEOPLE.owner, 'OWNER');
      const described = { organization, name: 'Gone', creator: PEOPLE.owner, grants: [organization] };
      return { key: tenancy.apiKey({ ...described, secret: stored }), secretKey, organization };
    });
    const kept = await freshKey([customers.acme.checkout]);
    const other = await program.beside();
    await use(other, gone, null, 3);
    await use(other, kept, null, 3);
    const mutation = `mutation { deleteResource(input: { id: "${gone.organization.id}" }) { userErrors { code } } }`;
    await ask(program, asOwner, mutation);
    await other.stop();
    expect(await totals(kept)).toEqual({ 'VALID -': 3 });
    expect(await program.database.rows('SELECT id FROM api_keys WHERE id = ?', [gone.key.id])).toEqual([]);
  });

  test('what nobody may verify is counted for nobody', async () => {
    const key = await freshKey([customers.acme.checkout]);
    const other = await program.beside();
    const { secretKey } = program.secretKeys.generate();
    const answers = await postVerify(other, asService, [{ secretKey }, { secretKey: `${key.secretKey}x` }]);
    expect(((await answers.json()) as { code: string }[]).map(({ code }) => code)).toEqual([
      'NOT_FOUND',
      'INVALID_FORMAT',
    ]);
    await other.stop();
    expect(await totals(key)).toEqual({});
  });
});
