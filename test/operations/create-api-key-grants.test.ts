import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { asEveryone } from '../support/as-everyone';
import { ask } from '../support/every-page';
import { changedKey, mutateKey } from '../support/key-mutations';
import { TestProgram, type Credential } from '../support/test-program';
import { twoCustomers, type Person, type TwoCustomers } from '../support/two-customers';

const NOWHERE = '01890000-0000-7000-8000-000000000000';
const MOST_GRANTS = 10_000;

describe('the grants of a new API key', () => {
  let program: TestProgram;
  let customers: TwoCustomers;
  let many: readonly string[];
  let as: Record<Person, Credential>;

  beforeAll(async () => {
    program = await TestProgram.start();
    ({ customers, many } = await program.given((tenancy) => {
      const made = twoCustomers(tenancy, program.secretKeys);
      const names = Array.from({ length: MOST_GRANTS + 1 }, (_, index) => `Preview ${index}`);
      return {
        customers: made,
        many: names.map((name) => tenancy.child(made.acme.ordering, name).id),
      };
    }));
    as = await asEveryone(program);
  });

  afterAll(() => program.stop());

  const errorsFor = async (person: Person, scope: object) => {
    const payload = await mutateKey(program, as[person], 'createApiKey', { name: 'Refused', scope });
    expect(payload).toMatchObject({ apiKey: null, secretKey: null, warnings: null });
    return payload.userErrors;
  };

  test('an id of another organization and one that is nowhere are refused alike, by name, with the field', async () => {
    const { acme, globex } = customers;
    const good = acme.checkoutProduction.id;
    const refusalOf = async (person: Person, id: string) => {
      const errors = await errorsFor(person, { environmentIds: [good, id] });
      expect(errors).toMatchObject([{ code: 'NOT_FOUND', field: ['scope', 'environmentIds'], ids: [id] }]);
      expect(errors[0]?.message).toContain(id);
      return JSON.stringify(errors).replaceAll(id, '<id>');
    };
    const nowhere = await refusalOf('owner', NOWHERE);
    expect(await refusalOf('owner', globex.gridProduction.id)).toBe(nowhere);
    expect(await refusalOf('narrowedMember', acme.orderingProduction.id)).toBe(nowhere);
    expect(await refusalOf('narrowedAdmin', globex.gridProduction.id)).toBe(nowhere);
    expect(await refusalOf('owner', acme.keys.whole.key.id)).toBe(nowhere);
  });

  test('a resource named at a level that is not its own is refused like one that is nowhere', async () => {
    const { retail, checkout, checkoutStaging, organization } = customers.acme;
    const errors = await errorsFor('owner', {
      organizationId: retail.id,
      accountIds: [checkout.id],
      widgetIds: [checkoutStaging.id],
      environmentIds: [organization.id],
    });
    expect(errors).toMatchObject([
      { code: 'NOT_FOUND', field: ['scope', 'organizationId'], ids: [retail.id] },
      { code: 'NOT_FOUND', field: ['scope', 'accountIds'], ids: [checkout.id] },
      { code: 'NOT_FOUND', field: ['scope', 'widgetIds'], ids: [checkoutStaging.id] },
      { code: 'NOT_FOUND', field: ['scope', 'environmentIds'], ids: [organization.id] },
    ]);
  });

  test('grants in two organizations of the same user are refused', async () => {
    const { acme, globex } = customers;
    const scope = {
      accountIds: [acme.retail.id, globex.energy.id],
      environmentIds: [globex.gridProduction.id],
    };
    expect(await errorsFor('both', scope)).toMatchObject([
      { code: 'INVALID', field: ['scope'], ids: [globex.energy.id, globex.gridProduction.id] },
    ]);
  });

  test('the whole organization, which a narrowed member sees, is beyond what they may give', async () => {
    const { organization, retail } = customers.acme;
    for (const person of ['narrowedMember', 'narrowedAdmin'] as const) {
      const scope = { organizationId: organization.id, accountIds: [retail.id] };
      expect(await errorsFor(person, scope)).toMatchObject([
        { code: 'BEYOND_YOUR_SCOPE', field: ['scope'], ids: [organization.id] },
      ]);
    }
  });

  test('a member who is narrowed gives what they are narrowed to, and what is below', async () => {
    const { retail, search, checkoutStaging } = customers.acme;
    const scope = { accountIds: [retail.id], widgetIds: [search.id], environmentIds: [checkoutStaging.id] };
    const key = await changedKey(program, as.narrowedMember, 'createApiKey', {
      name: 'All of Retail',
      scope,
    });
    expect(key.scope).toMatchObject(scope);
  });

  test('10,000 grants make a key, in a number of statements that does not depend on theirs', async () => {
    const countOf = async (count: number) => {
      const environmentIds = many.slice(0, count);
      const input = { name: `Of ${count}`, scope: { environmentIds } };
      const statements = await program.statementsDuring(async () => {
        const { apiKey, userErrors } = await mutateKey(program, as.owner, 'createApiKey', input);
        expect(userErrors).toEqual([]);
        expect(apiKey?.scope.environmentIds).toHaveLength(count);
      });
      return statements.length;
    };
    const few = await countOf(2);
    // Some of the statements name ids or insert rows, and are divided in parts of a bounded size.
    expect(await countOf(MOST_GRANTS)).toBeLessThan(few + 40);
    const [rows] = await program.database.rows<{ count: number }>(
      "SELECT COUNT(*) AS count FROM api_key_grants g JOIN api_keys k ON k.id = g.api_key_id WHERE k.name = 'Of 10000'",
    );
    expect(rows?.count).toBe(MOST_GRANTS);
  });

  test('10,001 grants are refused', async () => {
    expect(await errorsFor('owner', { environmentIds: many })).toMatchObject([
      { code: 'LIMIT_REACHED', field: ['scope'], message: expect.stringContaining('10001') },
    ]);
  });

  test('far more ids than that, of nothing, are refused as too many too', async () => {
    const ids = Array.from({ length: 25_000 }, (_, index) => NOWHERE.slice(0, -5) + String(10_000 + index));
    expect(await errorsFor('owner', { environmentIds: ids })).toMatchObject([
      { code: 'LIMIT_REACHED', field: ['scope'] },
    ]);
  });

  test('of 10,000 ids that are nowhere, the message names some and the error all', async () => {
    const ids = Array.from(
      { length: MOST_GRANTS },
      (_, index) => NOWHERE.slice(0, -5) + String(10_000 + index),
    );
    const [error] = await errorsFor('owner', { environmentIds: ids });
    expect(error).toMatchObject({ code: 'NOT_FOUND', ids });
    expect(error?.message.length).toBeLessThan(400);
  });

  test('a key whose grant was deleted meanwhile, or is deleted at the same time, never keeps a grant of nothing', async () => {
    const { search } = customers.acme;
    const [parent] = await program.database.rows<{ name: string }>(
      'SELECT name FROM resources WHERE id = ?',
      [search.id],
    );
    expect(parent).toEqual({ name: 'Search' });
    const doomed = await program.given((tenancy) => tenancy.child(search, 'Doomed').id);
    const creation = mutateKey(program, as.owner, 'createApiKey', {
      name: 'Late',
      scope: { environmentIds: [doomed] },
    });
    const deletion = program.database.transaction((transaction) =>
      transaction.execute('DELETE FROM resources WHERE id = ?', [doomed]),
    );
    const [{ apiKey, userErrors }] = await Promise.all([creation, deletion]);
    if (apiKey === null) expect(userErrors).toMatchObject([{ code: 'NOT_FOUND', ids: [doomed] }]);
    else {
      const told = await ask(
        program,
        as.owner,
        `{ apiKey(id: "${apiKey.id}") { scope { breadth environmentIds } } }`,
      );
      expect(told).toEqual({ apiKey: { scope: { breadth: 'NONE', environmentIds: [] } } });
    }
  });
});
