import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { asEveryone } from '../support/as-everyone';
import { ask } from '../support/every-page';
import { mutateKey } from '../support/key-mutations';
import { TestProgram, type Credential } from '../support/test-program';
import { twoCustomers, type Person, type TwoCustomers } from '../support/two-customers';

const NOWHERE = '01890000-0000-7000-8000-000000000000';

interface Reach {
  readonly accounts: number;
  readonly widgets: number;
  readonly environments: number;
}

interface Preview {
  readonly breadth: string;
  readonly reach: Reach;
  readonly addedByWidest: Reach;
  readonly warnings: readonly string[];
}

const REACH = '{ accounts widgets environments }';
const QUERY = `query($scope: ScopeInput!) {
  previewScope(scope: $scope) { breadth reach ${REACH} addedByWidest ${REACH} warnings } }`;

const reach = (accounts: number, widgets: number, environments: number): Reach => ({
  accounts,
  widgets,
  environments,
});

describe('a preview of a scope', () => {
  let program: TestProgram;
  let as: Record<Person, Credential>;
  let acme: TwoCustomers['acme'];
  let globex: TwoCustomers['globex'];

  beforeAll(async () => {
    program = await TestProgram.start();
    as = await asEveryone(program);
    ({ acme, globex } = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys)));
  });

  afterAll(() => program.stop());

  const preview = async (scope: object, credential = as.owner) =>
    (await ask<{ previewScope: Preview }>(program, credential, QUERY, { scope })).previewScope;
  const refusal = async (scope: object, credential = as.owner) => {
    const { data, errors } = await program.graphql(credential, QUERY, { scope });
    expect(data).toEqual({ previewScope: null });
    return errors?.[0];
  };

  const SCOPES: [string, () => object, string, Reach, Reach][] = [
    ['nothing', () => ({}), 'NONE', reach(0, 0, 0), reach(0, 0, 0)],
    [
      'an environment',
      () => ({ environmentIds: [acme.checkoutStaging.id] }),
      'ENVIRONMENT',
      reach(0, 0, 1),
      reach(0, 0, 1),
    ],
    ['a widget', () => ({ widgetIds: [acme.checkout.id] }), 'WIDGET', reach(0, 1, 2), reach(0, 1, 2)],
    ['an account', () => ({ accountIds: [acme.retail.id] }), 'ACCOUNT', reach(1, 2, 3), reach(1, 2, 3)],
    [
      'the organization',
      () => ({ organizationId: acme.organization.id }),
      'ORGANIZATION',
      reach(2, 3, 4),
      reach(2, 3, 4),
    ],
    [
      'things side by side',
      () => ({ widgetIds: [acme.search.id], environmentIds: [acme.orderingProduction.id] }),
      'WIDGET',
      reach(0, 1, 2),
      reach(0, 1, 1),
    ],
    [
      'an account, and what is below it',
      () => ({
        accountIds: [acme.retail.id],
        widgetIds: [acme.checkout.id, acme.ordering.id],
        environmentIds: [acme.checkoutStaging.id, acme.searchProduction.id],
      }),
      'ACCOUNT',
      reach(1, 3, 4),
      reach(1, 1, 0),
    ],
    [
      'the organization, and most of what is in it',
      () => ({
        organizationId: acme.organization.id,
        accountIds: [acme.wholesale.id],
        widgetIds: [acme.ordering.id, acme.checkout.id],
        environmentIds: [acme.checkoutStaging.id],
      }),
      'ORGANIZATION',
      reach(2, 3, 4),
      reach(1, 1, 1),
    ],
    [
      'the same thing twice',
      () => ({ widgetIds: [acme.checkout.id, acme.checkout.id.toUpperCase()] }),
      'WIDGET',
      reach(0, 1, 2),
      reach(0, 1, 2),
    ],
  ];

  test.each(SCOPES)('of %s counts each thing once', async (_what, scope, breadth, reached, added) => {
    expect(await preview(scope())).toMatchObject({ breadth, reach: reached, addedByWidest: added });
  });

  test('counts the tree as it is now', async () => {
    const widget = await program.given((tenancy) => tenancy.child(acme.wholesale, 'Growing'));
    const scope = { widgetIds: [widget.id] };
    expect((await preview(scope)).reach).toEqual(reach(0, 1, 0));
    await program.given((tenancy) => [tenancy.child(widget, 'One'), tenancy.child(widget, 'Two')]);
    expect((await preview(scope)).reach).toEqual(reach(0, 1, 2));
    const deletion = `mutation { deleteResource(input: { id: "${widget.id}" }) { userErrors { code } } }`;
    await ask(program, as.owner, deletion);
    expect((await refusal(scope))?.extensions.code).toBe('BAD_USER_INPUT');
  });

  test('warns as the making of the key would', async () => {
    for (const [, scope] of SCOPES) {
      const input = { name: 'Warned', organizationId: acme.organization.id, scope: scope() };
      const { warnings } = await mutateKey(program, as.owner, 'createApiKey', input);
      expect((await preview(scope())).warnings).toEqual(warnings);
    }
  });

  test('of ids that are nowhere, or of another customer, names them, and tells the same of both', async () => {
    const told = async (widgetId: string) => {
      const error = await refusal({ widgetIds: [acme.checkout.id, widgetId] });
      expect(error?.extensions).toEqual({ code: 'BAD_USER_INPUT', argument: 'scope', ids: [widgetId] });
      return error?.message.replace(widgetId, 'ID');
    };
    expect(await told(NOWHERE)).toBe('There is nothing of these ids that you may grant: ID.');
    expect(await told(globex.grid.id)).toBe(await told(NOWHERE));
    expect(await told(acme.checkoutStaging.id)).toBe(await told(NOWHERE));
  });

  test('of what reaches further than the caller is refused, and tells no counts', async () => {
    for (const person of ['narrowedMember', 'narrowedAdmin'] as const) {
      const error = await refusal({ organizationId: acme.organization.id }, as[person]);
      expect(error?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', ids: [acme.organization.id] });
      expect((await preview({ accountIds: [acme.retail.id] }, as[person])).reach).toEqual(reach(1, 2, 3));
    }
  });

  test('of two organizations at once is refused', async () => {
    const widgetIds = [acme.checkout.id, globex.grid.id];
    expect(await refusal({ widgetIds }, as.both)).toMatchObject({
      message: expect.stringContaining('one organization'),
      extensions: { code: 'BAD_USER_INPUT', ids: [globex.grid.id] },
    });
  });

  test('of something that is no id is bad input', async () => {
    expect((await refusal({ widgetIds: ['none'] }))?.extensions).toEqual({
      code: 'BAD_USER_INPUT',
      argument: 'scope.widgetIds',
    });
  });

  test('costs a statement for the caller, one for the paths, and one for each level that has something below it', async () => {
    const scope = {
      organizationId: acme.organization.id,
      accountIds: [acme.retail.id, acme.wholesale.id],
      widgetIds: [acme.checkout.id, acme.search.id, acme.ordering.id],
      environmentIds: [acme.checkoutStaging.id, acme.orderingProduction.id],
    };
    expect(await program.statementsDuring(() => preview(scope))).toHaveLength(5);
    const narrow = { environmentIds: scope.environmentIds };
    expect(await program.statementsDuring(() => preview(narrow))).toHaveLength(2);
  });
});
