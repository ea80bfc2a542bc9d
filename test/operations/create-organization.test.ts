import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ask, credentials, eventsOf, mutate, type Payload } from '../support/mutating';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE, twoCustomers, type Person, type TwoCustomers } from '../support/two-customers';

interface Created {
  readonly organization: { readonly id: string; readonly name: string; readonly slug: string } | null;
}

describe('creating an organization', () => {
  let program: TestProgram;
  let customers: TwoCustomers;
  let as: Record<Person, Credential>;

  beforeAll(async () => {
    program = await TestProgram.start();
    customers = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys));
    as = await credentials(program);
  });

  afterAll(() => program.stop());

  const create = (credential: Credential, name: string, slug: string): Promise<Payload<Created>> =>
    mutate<Created>(program, credential, 'createOrganization', { name, slug });
  const named = (slug: string) => program.database.rows('SELECT id FROM resources WHERE slug = ?', [slug]);

  test('makes anybody the owner of what they created, and nobody else sees it', async () => {
    const { organization, userErrors } = await create(as.nobody, '  Initech ', 'initech');
    expect(userErrors).toEqual([]);
    expect(organization).toMatchObject({ name: 'Initech', slug: 'initech' });

    const query = '{ organizations { nodes { id } } viewer { memberships { role organizationId } } }';
    const own = await program.graphql(as.nobody, query);
    expect(own.data).toEqual({
      organizations: { nodes: [{ id: organization?.id }] },
      viewer: { memberships: [{ role: 'OWNER', organizationId: organization?.id }] },
    });
    const byId = 'query($id: ID!) { organization(id: $id) { id } }';
    const others = await program.graphql(as.owner, byId, { id: organization?.id });
    expect(others.data).toEqual({ organization: null });
  });

  test('shows the organization and the place in it in the answer already', async () => {
    const { data } = await program.graphql(
      as.outsider,
      `mutation { createOrganization(input: { name: "Hooli", slug: "hooli" }) {
        organization { name accounts { totalCount } memberships { nodes { userId role narrowedTo { level } } } } } }`,
    );
    const memberships = { nodes: [{ userId: PEOPLE.outsider.id, role: 'OWNER', narrowedTo: null }] };
    const organization = { name: 'Hooli', accounts: { totalCount: 0 }, memberships };
    expect(data).toEqual({ createOrganization: { organization } });
  });

  test('records the organization and its owner', async () => {
    const { organization } = await create(as.member, 'Umbrella', 'umbrella');
    const id = organization?.id ?? '';
    expect(await eventsOf(program, id)).toEqual([
      {
        action: 'ORGANIZATION_CREATED',
        subjectId: id,
        actorId: PEOPLE.member.id,
        before: null,
        after: { level: 'ORGANIZATION', name: 'Umbrella', slug: 'umbrella', path: [id] },
      },
      {
        action: 'MEMBERSHIP_ADDED',
        subjectId: expect.any(String),
        actorId: PEOPLE.member.id,
        before: null,
        after: { userId: PEOPLE.member.id, role: 'OWNER', narrowedTo: null },
      },
    ]);
  });

  test('refuses a slug that another organization has, and makes nothing', async () => {
    const { organization, userErrors } = await create(as.nobody, 'Not Globex', 'globex');
    expect(organization).toBeNull();
    expect(userErrors).toMatchObject([{ code: 'TAKEN', field: ['slug'] }]);
    expect(await named('globex')).toEqual([{ id: customers.globex.organization.id }]);
  });

  test.each(['', 'Upper', '-a', 'a-', 'a b', 'ü', 'a_b', 'a'.repeat(64), 'a\n'])(
    'refuses the slug %j',
    async (slug) => {
      const { organization, userErrors } = await create(as.nobody, 'Name', slug);
      expect(organization).toBeNull();
      expect(userErrors).toMatchObject([{ code: 'INVALID', field: ['slug'] }]);
    },
  );

  test.each(['', '   ', 'x'.repeat(201), 'a\u0000b'])('refuses the name %j', async (name) => {
    const { organization, userErrors } = await create(as.nobody, name, 'some-slug');
    expect(organization).toBeNull();
    expect(userErrors).toMatchObject([{ code: 'INVALID', field: ['name'] }]);
  });

  test('of many who want a slug at once, one gets it, and the others are told', async () => {
    const people = [as.owner, as.admin, as.member, as.both, as.outsider, as.nobody, as.owner, as.owner];
    const payloads = await Promise.all(people.map((credential) => create(credential, 'Pied Piper', 'pied')));
    const made = payloads.filter(({ organization }) => organization !== null);
    expect(made).toHaveLength(1);
    for (const { organization, userErrors } of payloads) {
      if (organization === null) expect(userErrors).toMatchObject([{ code: 'TAKEN', field: ['slug'] }]);
    }
    expect(await named('pied')).toHaveLength(1);
    const orphans = await program.database.rows(
      'SELECT id FROM memberships WHERE organization_id NOT IN (SELECT id FROM resources WHERE level = 0)',
    );
    expect(orphans).toEqual([]);
  });

  test('is for users only', async () => {
    const { secretKey } = customers.acme.keys.whole;
    const asService = await program.service('platform', 'resources:sync');
    for (const credential of [{ 'x-api-key': secretKey }, asService]) {
      const { errors } = await ask(program, credential, 'createOrganization', {
        name: 'X',
        slug: 'by-machine',
      });
      expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    }
    expect(await named('by-machine')).toEqual([]);
  });
});
