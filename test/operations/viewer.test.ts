import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ask } from '../support/every-page';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE, twoCustomers, type TwoCustomers } from '../support/two-customers';

const QUERY = `{ viewer { kind id email permissions apiKey { name status }
  memberships { role organizationId organization { name } narrowedTo { level resource { name } } } } }`;

describe('viewer', () => {
  let program: TestProgram;
  let customers: TwoCustomers;

  beforeAll(async () => {
    program = await TestProgram.start();
    customers = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys));
  });

  afterAll(() => program.stop());

  const viewer = async (credential: Credential) =>
    (await ask<{ viewer: unknown }>(program, credential, QUERY)).viewer;

  test('tells a user who they are and where they belong', async () => {
    const { acme, globex } = customers;
    const place = (role: string, { id, name }: typeof acme.organization) => ({
      role,
      organizationId: id,
      organization: { name },
      narrowedTo: null,
    });
    expect(await viewer(await program.user(PEOPLE.both))).toEqual({
      kind: 'USER',
      id: PEOPLE.both.id,
      email: PEOPLE.both.email,
      permissions: [],
      apiKey: null,
      memberships: [place('MEMBER', acme.organization), place('ADMIN', globex.organization)],
    });
  });

  test('tells a user what their membership is narrowed to', async () => {
    const narrowedTo = [{ level: 'ACCOUNT', resource: { name: 'Retail' } }];
    expect(await viewer(await program.user(PEOPLE.narrowedAdmin))).toMatchObject({
      memberships: [{ role: 'ADMIN', organization: { name: 'Acme' }, narrowedTo }],
    });
  });

  test('tells a user without a place anywhere so', async () => {
    expect(await viewer(await program.user(PEOPLE.nobody))).toMatchObject({ kind: 'USER', memberships: [] });
  });

  test('tells a service its name and permissions, and a user of the same name nothing of theirs', async () => {
    const service = await program.service(PEOPLE.owner.id, 'resources:sync', 'api-keys:verify');
    expect(await viewer(service)).toEqual({
      kind: 'SERVICE',
      id: PEOPLE.owner.id,
      email: null,
      permissions: ['api-keys:verify', 'resources:sync'],
      apiKey: null,
      memberships: [],
    });
  });

  test.each([
    ['a bearer', (secretKey: string) => ({ authorization: `Bearer ${secretKey}` })],
    ['X-API-Key', (secretKey: string) => ({ 'x-api-key': secretKey })],
  ])('tells an API key as %s which key it is', async (_header, credential) => {
    const { key, secretKey } = customers.acme.keys.widget;
    expect(await viewer(credential(secretKey))).toEqual({
      kind: 'API_KEY',
      id: key.id,
      email: null,
      permissions: [],
      apiKey: { name: 'Checkout widget', status: 'ACTIVE' },
      memberships: [],
    });
  });
});
