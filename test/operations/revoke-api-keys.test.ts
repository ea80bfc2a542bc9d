import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { asEveryone } from '../support/as-everyone';
import { askForKeyMutation, createdKey, mutateKey, opens, recordOf } from '../support/key-mutations';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE, twoCustomers, type Person, type TwoCustomers } from '../support/two-customers';

const NOWHERE = '01890000-0000-7000-8000-000000000000';
const MOST = 1000;
const CALLERS = 20;

describe('revoking many API keys', () => {
  let program: TestProgram;
  let customers: TwoCustomers;
  let as: Record<Person, Credential>;

  beforeAll(async () => {
    // Twenty callers at once take turns, which may take longer than a single one is given.
    program = await TestProgram.start({ DATABASE_DEADLINE_MS: '30000' });
    customers = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys));
    as = await asEveryone(program);
  });

  afterAll(() => program.stop());

  /** Ids of new keys of Acme. */
  const newKeys = (count: number) =>
    program.given((tenancy) => {
      const { organization, checkoutStaging } = customers.acme;
      const key = { organization, name: 'One of many', creator: PEOPLE.member, grants: [checkoutStaging] };
      return Array.from({ length: count }, () => tenancy.apiKey(key).id);
    });
  const revoke = async (person: Person, ids: readonly string[], more: object = {}) => {
    const { revocations, userErrors } = await mutateKey(program, as[person], 'revokeApiKeys', {
      ids,
      ...more,
    });
    expect(userErrors).toEqual([]);
    return revocations ?? [];
  };
  const records = async (ids: readonly string[]) => {
    const placeholders = ids.map(() => '?').join(', ');
    return program.database.rows<{ id: string; count: number }>(
      `SELECT subject_id AS id, COUNT(*) AS count FROM audit_events WHERE subject_id IN (${placeholders}) GROUP BY subject_id`,
      ids,
    );
  };

  test('each is reported in the order that was asked for: revoked now, revoked before, of others, of nowhere', async () => {
    const { acme, globex } = customers;
    const live = await createdKey(program, as.member, { name: 'Leaked', scope: {} });
    const [own = '', another = ''] = await newKeys(2);
    await revoke('member', [another], { reason: 'Before' });
    const foreign = globex.keys.whole.key.id;
    const ofTheOwner = acme.keys.whole.key.id;
    const ids = [NOWHERE, own.toUpperCase(), foreign, another, ofTheOwner, live.apiKey.id, own];
    const reported = await revoke('member', ids, { reason: 'A leak' });
    expect(reported.map(({ id, apiKey, error }) => [id, apiKey?.revocationReason, error?.code])).toEqual([
      [NOWHERE, undefined, 'NOT_FOUND'],
      [own, 'A leak', undefined],
      [foreign, undefined, 'NOT_FOUND'],
      [another, 'Before', undefined],
      [ofTheOwner, undefined, 'NOT_FOUND'],
      [live.apiKey.id, 'A leak', undefined],
    ]);
    const refusals = reported.flatMap(({ id, error }) =>
      error === null ? [] : JSON.stringify(error).replaceAll(id, '<id>'),
    );
    expect(new Set(refusals).size).toBe(1);
    expect(reported[0]?.error).toMatchObject({ field: ['ids'], ids: [NOWHERE] });
    expect(await opens(program, live.secretKey)).toBe(false);
    expect(await opens(program, globex.keys.whole.secretKey)).toBe(true);
    expect(await opens(program, acme.keys.whole.secretKey)).toBe(true);
    expect(await recordOf(program, another)).toHaveLength(1);
    expect(await recordOf(program, foreign)).toEqual([]);
  });

  test('1,000 are revoked and recorded, in no more statements than 10', async () => {
    const count = async (ids: readonly string[]) => {
      const statements = await program.statementsDuring(async () => {
        const reported = await revoke('owner', ids, { reason: 'A leak' });
        expect(reported.map(({ id, apiKey }) => [id, apiKey?.status])).toEqual(
          ids.map((id) => [id, 'REVOKED']),
        );
      });
      return statements.length;
    };
    const ten = await newKeys(10);
    const thousand = await newKeys(MOST);
    const few = await count(ten);
    expect(await count(thousand)).toBeLessThanOrEqual(few + 4);
    const recorded = await records(thousand);
    expect(recorded).toHaveLength(MOST);
    expect(recorded.every((row) => row.count === 1)).toBe(true);
  });

  test.each([
    ['none', 0],
    ['1,001', MOST + 1],
  ])('%s at once are refused', async (_, length) => {
    const ids = Array.from({ length }, (__, index) => NOWHERE.slice(0, -4) + String(1000 + index));
    const payload = await mutateKey(program, as.owner, 'revokeApiKeys', { ids });
    expect(payload).toMatchObject({ revocations: null, userErrors: [{ code: 'INVALID', field: ['ids'] }] });
  });

  test('1,000 ids that are given twice are 1,000 ids', async () => {
    const ids = Array.from({ length: MOST }, (_, index) => NOWHERE.slice(0, -4) + String(1000 + index));
    expect(await revoke('owner', [...ids, ...ids])).toHaveLength(MOST);
  });

  test('an id that is malformed is bad input, and nothing is revoked', async () => {
    const [id = ''] = await newKeys(1);
    const { errors } = await askForKeyMutation(program, as.owner, 'revokeApiKeys', { ids: [id, '0'] });
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT']);
    expect(await recordOf(program, id)).toEqual([]);
  });

  test('a reason that is too long is refused for all', async () => {
    const [id = ''] = await newKeys(1);
    const input = { ids: [id], reason: 'x'.repeat(501) };
    const { revocations, userErrors } = await mutateKey(program, as.owner, 'revokeApiKeys', input);
    expect(revocations).toBeNull();
    expect(userErrors).toMatchObject([{ code: 'INVALID', field: ['reason'] }]);
    expect(await recordOf(program, id)).toEqual([]);
  });

  test('20 at once with the same keys in any order revoke each once', async () => {
    const ids = await newKeys(50);
    const people: Person[] = ['owner', 'admin', 'member'];
    const answers = await Promise.all(
      Array.from({ length: CALLERS }, (_, caller) => {
        const order = caller % 2 === 0 ? ids : [...ids].reverse();
        return revoke(people[caller % 3] ?? 'owner', order, { reason: `Caller ${caller}` });
      }),
    );
    const reasons = answers.map(
      (answer) => new Map(answer.map(({ id, apiKey }) => [id, apiKey?.revocationReason])),
    );
    for (const id of ids) expect(new Set(reasons.map((told) => told.get(id))).size).toBe(1);
    expect(await records(ids)).toEqual(expect.arrayContaining(ids.map((id) => ({ id, count: 1 }))));
  });
});
