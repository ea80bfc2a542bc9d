import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { TestProgram, type Credential } from '../support/test-program';

const owner = { id: 'owner@acme.example', email: 'owner@acme.example' };

describe('listing API keys', () => {
  let program: TestProgram;
  let asOwner: Credential;

  beforeAll(async () => {
    program = await TestProgram.start();
    asOwner = await program.user(owner);
    await program.given((tenancy) => {
      const acme = tenancy.organization('Acme', 'acme');
      tenancy.membership(acme, owner, 'OWNER');
      const environment = tenancy.child(
        tenancy.child(tenancy.child(acme, 'Retail'), 'Checkout'),
        'Production',
      );
      tenancy.apiKey({ organization: acme, name: 'One', creator: owner, grants: [environment] });
    });
  });

  afterAll(() => program.stop());

  test('a key is listed with its scope resolved', async () => {
    const { data } = await program.graphql(
      asOwner,
      '{ apiKeys { nodes { name scope { environments { name } } } } }',
    );
    expect(data).toEqual({
      apiKeys: { nodes: [{ name: 'One', scope: { environments: [{ name: 'Production' }] } }] },
    });
  });
});
