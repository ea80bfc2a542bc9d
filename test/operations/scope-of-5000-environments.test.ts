import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { PAGE_INFO, ask, everyPage, type Page } from '../support/every-page';
import { TestProgram, type Credential } from '../support/test-program';

const owner = { id: 'owner@acme.example', email: 'owner@acme.example' };
const COUNT = 5000;

describe('a scope of 5,000 environments', () => {
  let program: TestProgram;
  let asOwner: Credential;
  let keyId: string;
  let organizationId: string;
  let environmentIds: string[];

  beforeAll(async () => {
    program = await TestProgram.start();
    asOwner = await program.user(owner);
    await program.given((tenancy) => {
      const acme = tenancy.organization('Acme', 'acme');
      tenancy.membership(acme, owner, 'OWNER');
      const widget = tenancy.child(tenancy.child(acme, 'Retail'), 'Checkout');
      const environments = Array.from({ length: COUNT }, (_, index) => tenancy.child(widget, `e${index}`));
      const key = tenancy.apiKey({ organization: acme, name: 'Huge', creator: owner, grants: environments });
      tenancy.apiKey({ organization: acme, name: 'Small', creator: owner, grants: [widget] });
      keyId = key.id;
      organizationId = acme.id;
      environmentIds = environments.map(({ id }) => id).sort();
    });
  });

  afterAll(() => program.stop());

  test('is listed whole, as ids and as resources with their paths', async () => {
    const { apiKeys } = await ask<{
      apiKeys: { nodes: { scope: { environmentIds: string[]; environments: unknown[] } }[] };
    }>(
      program,
      asOwner,
      `{ apiKeys(filter: { breadth: [ENVIRONMENT] }) { nodes { scope { breadth environmentIds environments {
        id widget { name account { organization { id } } } } } } } }`,
    );
    const widget = { name: 'Checkout', account: { organization: { id: organizationId } } };
    expect(apiKeys.nodes).toEqual([
      {
        scope: {
          breadth: 'ENVIRONMENT',
          environmentIds,
          environments: environmentIds.map((id) => ({ id, widget })),
        },
      },
    ]);
  });

  test('is paged in both directions through the connection of its grants', async () => {
    for (const direction of ['FORWARD', 'BACKWARD'] as const) {
      const pages = await everyPage(direction, 100, async (args) => {
        const query = `query($id: ID!) { apiKey(id: $id) { scope { grants(${args}) {
          totalCount nodes { level resourceId } ${PAGE_INFO} } } } }`;
        const data = await ask<{
          apiKey: { scope: { grants: Page<{ level: string; resourceId: string }> } };
        }>(program, asOwner, query, { id: keyId });
        expect(data.apiKey.scope.grants.totalCount).toBe(COUNT);
        return data.apiKey.scope.grants;
      });
      expect(pages).toHaveLength(COUNT / 100);
      expect(pages.flat()).toEqual(
        environmentIds.map((resourceId) => ({ level: 'ENVIRONMENT', resourceId })),
      );
    }
  });

  test('counts once where its key is listed, filtered and counted', async () => {
    const data = await ask(
      program,
      asOwner,
      `query($id: ID!) { apiKeys { totalCount nodes { name } }
        environment(id: $id) { apiKeys(orderBy: { field: NAME, direction: ASC }) { totalCount
          edges { node { name } grants { level } } } } }`,
      { id: environmentIds[COUNT - 1] },
    );
    expect(data).toEqual({
      apiKeys: { totalCount: 2, nodes: [{ name: 'Small' }, { name: 'Huge' }] },
      environment: {
        apiKeys: {
          totalCount: 2,
          edges: [
            { node: { name: 'Huge' }, grants: [{ level: 'ENVIRONMENT' }] },
            { node: { name: 'Small' }, grants: [{ level: 'WIDGET' }] },
          ],
        },
      },
    });
  });

  test('narrows a membership that is just as long', async () => {
    const narrowed = { id: 'narrowed@acme.example', email: 'narrowed@acme.example' };
    const rows = { organization_id: organizationId, id: '01890000-0000-7000-8000-000000000001' };
    await program.database.transaction(async (transaction) => {
      await transaction.execute(
        'INSERT INTO memberships (id, organization_id, user_id, role, narrowed, created_at, modified_at) ' +
          "VALUES (?, ?, ?, 'ADMIN', 1, 0, 0)",
        [rows.id, rows.organization_id, narrowed.id],
      );
      await transaction.execute(
        'INSERT INTO membership_grants (membership_id, organization_id, resource_id, level) ' +
          'SELECT ?, organization_id, resource_id, level FROM api_key_grants WHERE api_key_id = ?',
        [rows.id, keyId],
      );
    });
    const data = await ask(
      program,
      await program.user(narrowed),
      '{ apiKeys { totalCount nodes { name scope { environmentIds } } } organizations { nodes { name } } }',
    );
    expect(data).toEqual({
      apiKeys: { totalCount: 1, nodes: [{ name: 'Huge', scope: { environmentIds } }] },
      organizations: { nodes: [{ name: 'Acme' }] },
    });
  });
});
