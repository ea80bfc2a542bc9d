import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { NOWHERE, ask, credentials, eventsOf, keysReaching, mutate } from '../support/mutating';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE, twoCustomers, type Person, type TwoCustomers } from '../support/two-customers';

interface Created {
  readonly resource: { readonly __typename: string; readonly id: string; readonly name: string } | null;
}

describe('creating a resource', () => {
  let program: TestProgram;
  let customers: TwoCustomers;
  let as: Record<Person, Credential>;

  beforeAll(async () => {
    program = await TestProgram.start();
    customers = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys));
    as = await credentials(program);
  });

  afterAll(() => program.stop());

  const create = (credential: Credential, parentId: string, name = 'New') =>
    mutate<Created>(program, credential, 'createResource', { parentId, name });
  const childrenOf = (id: string) =>
    program.database.rows('SELECT id FROM resources WHERE parent_id = ?', [id]);

  test('below each level, what belongs there is made', async () => {
    const { organization } = customers.acme;
    let parentId = organization.id;
    for (const type of ['Account', 'Widget', 'Environment']) {
      const { resource, userErrors } = await create(as.admin, parentId, ` ${type} ✨ `);
      expect(userErrors).toEqual([]);
      expect(resource).toMatchObject({ __typename: type, name: `${type} ✨` });
      parentId = resource?.id ?? '';
    }
    const { userErrors } = await create(as.admin, parentId);
    expect(userErrors).toMatchObject([{ code: 'INVALID', field: ['parentId'] }]);
    expect(await childrenOf(parentId)).toEqual([]);
  });

  test('keys of the ancestors reach it at once, and no others do', async () => {
    const { resource } = await create(as.owner, customers.acme.search.id, 'Search staging');
    expect(await keysReaching(program, as.owner, resource?.id ?? '')).toEqual([
      'Retail account',
      'Search and ordering',
      'Whole organization',
    ]);
  });

  test('is recorded with its path', async () => {
    const { organization, retail } = customers.acme;
    const { resource } = await create(as.owner, retail.id, 'Loyalty');
    const events = await eventsOf(program, organization.id);
    expect(events.filter(({ subjectId }) => subjectId === resource?.id)).toEqual([
      {
        action: 'RESOURCE_CREATED',
        subjectId: resource?.id,
        actorId: PEOPLE.owner.id,
        before: null,
        after: { level: 'WIDGET', name: 'Loyalty', path: [resource?.id, retail.id, organization.id] },
      },
    ]);
  });

  test('a narrowed admin makes resources inside only', async () => {
    const { organization, retail, wholesale, checkout, ordering } = customers.acme;
    for (const { id } of [retail, checkout]) {
      expect((await create(as.narrowedAdmin, id)).resource).not.toBeNull();
    }
    for (const { id } of [organization, wholesale, ordering]) {
      const { resource, userErrors } = await create(as.narrowedAdmin, id);
      expect(resource).toBeNull();
      expect(userErrors).toMatchObject([{ code: 'NOT_FOUND', field: ['parentId'], ids: [id] }]);
    }
  });

  test('members make none, and another tenant is told as what is nowhere', async () => {
    const { retail } = customers.acme;
    const { energy } = customers.globex;
    const before = await childrenOf(energy.id);
    const answers = await Promise.all([
      create(as.member, retail.id),
      create(as.narrowedMember, retail.id),
      create(as.nobody, retail.id),
      create(as.owner, energy.id),
      create(as.owner, NOWHERE),
    ]);
    for (const { resource, userErrors } of answers) {
      expect(resource).toBeNull();
      expect(userErrors).toMatchObject([{ code: 'NOT_FOUND', field: ['parentId'] }]);
    }
    const [, , , elsewhere, nowhere] = answers;
    const text = (answer: unknown, id: string) => JSON.stringify(answer).replaceAll(id, 'ID');
    expect(text(elsewhere, energy.id)).toBe(text(nowhere, NOWHERE));
    expect(await childrenOf(energy.id)).toEqual(before);
  });

  test.each(['', ' ', 'x'.repeat(201), '\u0007'])('refuses the name %j', async (name) => {
    const { userErrors } = await create(as.owner, customers.acme.wholesale.id, name);
    expect(userErrors).toMatchObject([{ code: 'INVALID', field: ['name'] }]);
  });

  test('an id of another form is bad input, and API keys and services make nothing', async () => {
    const { errors } = await ask(program, as.owner, 'createResource', { parentId: '0', name: 'New' });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    const asKey = { 'x-api-key': customers.acme.keys.whole.secretKey };
    for (const credential of [asKey, await program.service('platform', 'resources:sync')]) {
      const input = { parentId: customers.acme.retail.id, name: 'New' };
      const refused = await ask(program, credential, 'createResource', input);
      expect(refused.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    }
  });

  test('below a resource that is being deleted, a new one is made and goes, or is told that there is no parent', async () => {
    const { resource: account } = await create(as.owner, customers.acme.organization.id, 'Short-lived');
    const parentId = account?.id ?? '';
    const creations = Array.from({ length: 6 }, () => create(as.admin, parentId));
    const [deleted, ...created] = await Promise.all([
      mutate<Created>(program, as.owner, 'deleteResource', { id: parentId }),
      ...creations,
    ]);
    expect(deleted.userErrors).toEqual([]);
    for (const { resource, userErrors } of created) {
      if (resource === null) expect(userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
    }
    expect(await childrenOf(parentId)).toEqual([]);
  });
});
