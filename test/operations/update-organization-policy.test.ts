import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { asEveryone } from '../support/as-everyone';
import { ask } from '../support/every-page';
import { recordOf } from '../support/key-mutations';
import { NO_LIMITS, POLICY_FIELDS, updatePolicy, type PolicyView } from '../support/policies';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE, twoCustomers, type Person, type TwoCustomers } from '../support/two-customers';

const NOWHERE = '01890000-0000-7000-8000-000000000000';

describe('updateOrganizationPolicy', () => {
  let program: TestProgram;
  let as: Record<Person, Credential>;
  let customers: TwoCustomers;
  let acmeId: string;

  beforeAll(async () => {
    program = await TestProgram.start();
    as = await asEveryone(program);
    customers = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys));
    acmeId = customers.acme.organization.id;
  });

  afterAll(() => program.stop());

  const policyOf = async (credential: Credential, id = acmeId): Promise<PolicyView | null | undefined> => {
    const data = await ask<{ organization: { policy: PolicyView | null } | null }>(
      program,
      credential,
      `query($id: ID!) { organization(id: $id) { policy { ${POLICY_FIELDS} } } }`,
      { id },
    );
    return data.organization?.policy;
  };
  const lift = () =>
    updatePolicy(program, as.owner, acmeId, {
      widestGrant: null,
      expiryRequired: null,
      maxLifetimeSeconds: null,
      maxActiveKeys: null,
      keyMakers: null,
    });

  test('without a policy there are no limits, as every member sees', async () => {
    for (const person of ['owner', 'admin', 'member', 'narrowedMember', 'narrowedAdmin', 'both'] as const) {
      expect([person, await policyOf(as[person])]).toEqual([person, NO_LIMITS]);
    }
  });

  test('who is no member of the organization sees no policy', async () => {
    expect(await policyOf(as.outsider)).toBeUndefined();
    expect(await policyOf({ 'x-api-key': customers.acme.keys.whole.secretKey })).toBeNull();
  });

  test('an owner sets limits, and what is left out stays', async () => {
    const first = await updatePolicy(program, as.owner, acmeId, { widestGrant: 'WIDGET', maxActiveKeys: 50 });
    expect(first).toEqual({
      policy: { ...NO_LIMITS, widestGrant: 'WIDGET', maxActiveKeys: 50 },
      userErrors: [],
    });
    const more = { expiryRequired: true, maxLifetimeSeconds: 86_400, keyMakers: 'ADMINS' };
    const all = { ...more, widestGrant: 'WIDGET', maxActiveKeys: 50 };
    expect(await updatePolicy(program, as.owner, acmeId, more)).toEqual({ policy: all, userErrors: [] });
    expect(await policyOf(as.member)).toEqual(all);
    expect(await policyOf(as.outsider, customers.globex.organization.id)).toEqual(NO_LIMITS);
  });

  test('null lifts a limit', async () => {
    await updatePolicy(program, as.owner, acmeId, {
      widestGrant: 'ENVIRONMENT',
      maxLifetimeSeconds: 60,
      maxActiveKeys: 0,
    });
    const { policy } = await updatePolicy(program, as.owner, acmeId, { maxLifetimeSeconds: null });
    expect(policy).toMatchObject({ widestGrant: 'ENVIRONMENT', maxLifetimeSeconds: null, maxActiveKeys: 0 });
    expect(await lift()).toEqual({ policy: NO_LIMITS, userErrors: [] });
  });

  test('the record tells the policy before and after, and a change of nothing is none', async () => {
    await lift();
    const before = await recordOf(program, acmeId);
    await updatePolicy(program, as.owner, acmeId, { maxActiveKeys: 7 });
    await updatePolicy(program, as.owner, acmeId, { maxActiveKeys: 7 });
    const [event, ...others] = (await recordOf(program, acmeId)).slice(before.length);
    expect(others).toEqual([]);
    expect(event).toMatchObject({ action: 'POLICY_UPDATED', actorId: PEOPLE.owner.id });
    expect(event?.before).toEqual(NO_LIMITS);
    expect(event?.after).toEqual({ ...NO_LIMITS, maxActiveKeys: 7 });
    await lift();
  });

  test('nobody but an owner of all of the organization changes it, and the rest learn nothing of it', async () => {
    const limits = { maxActiveKeys: 1 };
    const nowhere = await updatePolicy(program, as.outsider, NOWHERE, limits);
    expect(nowhere).toMatchObject({
      policy: null,
      userErrors: [{ code: 'NOT_FOUND', field: ['organizationId'] }],
    });
    for (const person of ['admin', 'member', 'narrowedAdmin', 'both', 'outsider', 'nobody'] as const) {
      expect(await updatePolicy(program, as[person], acmeId, limits)).toEqual(nowhere);
    }
    expect(await policyOf(as.owner)).toEqual(NO_LIMITS);
  });

  test('keys and services are refused as what they are', async () => {
    const service = await program.service('sync', 'resources:sync');
    const key = { 'x-api-key': customers.acme.keys.whole.secretKey };
    for (const credential of [service, key]) {
      const refused = updatePolicy(program, credential, acmeId, { maxActiveKeys: 1 });
      await expect(refused).rejects.toThrow('FORBIDDEN');
    }
  });

  test.each([
    ['maxLifetimeSeconds', 0],
    ['maxLifetimeSeconds', -5],
    ['maxActiveKeys', -1],
  ])('%s of %i is refused', async (field, value) => {
    const { policy, userErrors } = await updatePolicy(program, as.owner, acmeId, { [field]: value });
    expect([policy, userErrors]).toMatchObject([null, [{ code: 'INVALID', field: [field] }]]);
  });

  test('of owners who change different limits at once, none undoes what another did', async () => {
    await lift();
    const seen = (await recordOf(program, acmeId)).length;
    const limits = [
      { widestGrant: 'WIDGET' },
      { expiryRequired: true },
      { maxLifetimeSeconds: 3600 },
      { maxActiveKeys: 100 },
      { keyMakers: 'ADMINS' },
    ];
    await Promise.all(limits.map((limit) => updatePolicy(program, as.owner, acmeId, limit)));
    expect(await policyOf(as.owner)).toEqual(Object.assign({}, ...limits));
    const events = (await recordOf(program, acmeId)).slice(seen);
    const changed = events.map(({ before, after }) => differences(before, after));
    expect(changed.flat().sort()).toEqual([...Object.keys(NO_LIMITS)].sort());
    await lift();
  });

  test('the first policies of two owners at once are one policy', async () => {
    const globexId = customers.globex.organization.id;
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        updatePolicy(program, as.outsider, globexId, { maxActiveKeys: index + 100 }),
      ),
    );
    const rows = await program.database.rows<{ maxActiveKeys: number }>(
      'SELECT max_active_keys AS maxActiveKeys FROM organization_policies WHERE organization_id = ?',
      [globexId],
    );
    expect(rows).toHaveLength(1);
    expect(answers.map(({ policy }) => policy?.maxActiveKeys)).toContain(rows[0]?.maxActiveKeys);
  });
});

/** The names of what is not the same in two states. */
function differences(before: object | null, after: object | null): string[] {
  const old = new Map(Object.entries(before ?? {}));
  return Object.entries(after ?? {}).flatMap(([name, value]) => (old.get(name) === value ? [] : [name]));
}
