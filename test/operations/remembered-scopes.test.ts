import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ask } from '../support/every-page';
import { mutate } from '../support/mutate';
import { TestProgram, type Credential } from '../support/test-program';

const person = (name: string) => ({ id: `${name}@acme.example`, email: `${name}@acme.example` });
const owner = person('owner');
const narrowed = person('narrowed');

const SCOPE = `breadth organizationId accountIds environmentIds
  accounts { name organization { name } } environments { name widget { name account { name } } }`;

interface ShownScope {
  readonly accountIds: readonly string[];
  readonly environmentIds: readonly string[];
  readonly accounts: readonly { readonly name: string }[];
  readonly environments: readonly { readonly name: string; readonly widget: object | null }[];
}

describe('a scope that is remembered', () => {
  let program: TestProgram;
  let callers: Record<'owner' | 'narrowed', Credential>;
  let keyId: string;
  let ids: Record<'retail' | 'wholesale' | 'production' | 'stock', string>;

  beforeAll(async () => {
    program = await TestProgram.start();
    callers = { owner: await program.user(owner), narrowed: await program.user(narrowed) };
    await program.given((tenancy) => {
      const acme = tenancy.organization('Acme', 'acme');
      const retail = tenancy.child(acme, 'Retail');
      const wholesale = tenancy.child(acme, 'Wholesale');
      const production = tenancy.child(tenancy.child(retail, 'Checkout'), 'Production');
      const stock = tenancy.child(tenancy.child(wholesale, 'Ordering'), 'Stock');
      tenancy.membership(acme, owner, 'OWNER');
      // They made a key that reaches further than they do by now, and may read it all the same.
      tenancy.membership(acme, narrowed, 'MEMBER', [retail]);
      const grants = [retail, wholesale, production, stock];
      keyId = tenancy.apiKey({ organization: acme, name: 'Far', creator: narrowed, grants }).id;
      ids = { retail: retail.id, wholesale: wholesale.id, production: production.id, stock: stock.id };
    });
  });

  afterAll(() => program.stop());

  const shownTo = async (caller: keyof typeof callers) => {
    const query = `query($id: ID!) { apiKey(id: $id) { scope { ${SCOPE} } } }`;
    const { apiKey } = await ask<{ apiKey: { scope: ShownScope } }>(program, callers[caller], query, {
      id: keyId,
    });
    return apiKey.scope;
  };
  const namesOf = (resources: readonly { readonly name: string }[]) =>
    resources.map(({ name }) => name).sort();

  test('is shown to each as far as they may read it, whoever asked before', async () => {
    const turns = [
      'owner',
      'narrowed',
      'owner',
      'narrowed',
      'narrowed',
      'owner',
      'owner',
      'narrowed',
    ] as const;
    for (const caller of turns) {
      const scope = await shownTo(caller);
      const all = caller === 'owner';
      expect(namesOf(scope.accounts)).toEqual(all ? ['Retail', 'Wholesale'] : ['Retail']);
      expect(namesOf(scope.environments)).toEqual(all ? ['Production', 'Stock'] : ['Production']);
      // The ids are told to whoever may read the key.
      expect([...scope.accountIds].sort()).toEqual([ids.retail, ids.wholesale].sort());
      expect([...scope.environmentIds].sort()).toEqual([ids.production, ids.stock].sort());
    }
  });

  test('is shown as it is since its resources were renamed and deleted', async () => {
    expect(namesOf((await shownTo('owner')).accounts)).toEqual(['Retail', 'Wholesale']);
    await mutate(program, callers.owner, 'renameResource', 'resource { id }', {
      id: ids.wholesale,
      name: 'Bulk',
    });
    expect(namesOf((await shownTo('owner')).accounts)).toEqual(['Bulk', 'Retail']);
    await mutate(program, callers.owner, 'deleteResource', 'resource { id }', { id: ids.wholesale });
    const { accounts, accountIds, environments } = await shownTo('owner');
    expect([namesOf(accounts), accountIds, namesOf(environments)]).toEqual([
      ['Retail'],
      [ids.retail],
      ['Production'],
    ]);
  });
});
