import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ask } from '../support/every-page';
import { TestProgram, type Credential } from '../support/test-program';

const owner = { id: 'owner@acme.example', email: 'owner@acme.example' };

const ACCOUNTS = 20;
const WIDGETS = 2000;
const ENVIRONMENTS = 20_000;
const GRANTED = 5000;
/** What a person waits for without noticing, on a machine that has other things to do. */
const PATIENCE_MS = 3000;

interface Preview {
  readonly breadth: string;
  readonly reach: object;
  readonly addedByWidest: object;
  readonly warnings: readonly string[];
}

describe('previews in an organization of 20,000 environments', () => {
  let program: TestProgram;
  let asOwner: Credential;
  let organizationId: string;
  let accountIds: string[];
  let widgetIds: string[];
  let environmentIds: string[];

  beforeAll(async () => {
    // All that there is is written at once, which may take longer than a request is given.
    program = await TestProgram.start({ DATABASE_DEADLINE_MS: '30000' });
    asOwner = await program.user(owner);
    await program.given((tenancy) => {
      const acme = tenancy.organization('Acme', 'acme');
      tenancy.membership(acme, owner, 'OWNER');
      const many = <Item>(count: number, make: (index: number) => Item) =>
        Array.from({ length: count }, (_, index) => make(index));
      const accounts = many(ACCOUNTS, (index) => tenancy.child(acme, `a${index}`));
      const below = (parents: typeof accounts, count: number) =>
        parents.flatMap((parent) =>
          many(count / parents.length, (index) => tenancy.child(parent, `${index}`)),
        );
      const widgets = below(accounts, WIDGETS);
      const environments = below(widgets, ENVIRONMENTS);
      organizationId = acme.id;
      [accountIds, widgetIds, environmentIds] = [accounts, widgets, environments].map((level) =>
        level.map(({ id }) => id),
      ) as [string[], string[], string[]];
    });
  });

  afterAll(() => program.stop());

  const preview = async (scope: object) => {
    let told: Preview | null = null;
    const startedAt = performance.now();
    const statements = await program.statementsDuring(async () => {
      const data = await ask<{ previewScope: Preview }>(
        program,
        asOwner,
        `query($scope: ScopeInput!) { previewScope(scope: $scope) { breadth reach { accounts widgets environments }
          addedByWidest { accounts widgets environments } warnings } }`,
        { scope },
      );
      told = data.previewScope;
    });
    expect(performance.now() - startedAt).toBeLessThan(PATIENCE_MS);
    const counting = statements.filter((statement) => statement.includes('COUNT('));
    return { ...(told as unknown as Preview), counting: counting.length };
  };

  test('count the whole of it in one statement', async () => {
    expect(await preview({ organizationId })).toMatchObject({
      reach: { accounts: ACCOUNTS, widgets: WIDGETS, environments: ENVIRONMENTS },
      counting: 1,
    });
  });

  test('count 5,000 environments without asking for more than that they are there', async () => {
    expect(await preview({ environmentIds: environmentIds.slice(0, GRANTED) })).toMatchObject({
      breadth: 'ENVIRONMENT',
      reach: { accounts: 0, widgets: 0, environments: GRANTED },
      warnings: [],
      counting: 0,
    });
  });

  test('count what is below 2,000 widgets and 20 accounts in one statement each', async () => {
    expect(await preview({ widgetIds })).toMatchObject({
      reach: { accounts: 0, widgets: WIDGETS, environments: ENVIRONMENTS },
      counting: 1,
    });
    expect(await preview({ accountIds, widgetIds })).toMatchObject({
      reach: { accounts: ACCOUNTS, widgets: WIDGETS, environments: ENVIRONMENTS },
      addedByWidest: { accounts: ACCOUNTS, widgets: 0, environments: 0 },
      counting: 2,
    });
  });

  test('cost as much as they name, so that a query cannot have many of the largest', async () => {
    const aliases = Array.from(
      { length: 60 },
      (_, index) => `p${index}: previewScope(scope: $scope) { breadth }`,
    );
    const { errors } = await program.graphql(asOwner, `query($scope: ScopeInput!) { ${aliases.join(' ')} }`, {
      scope: { environmentIds: environmentIds.slice(0, GRANTED) },
    });
    expect(errors).toMatchObject([{ extensions: { code: 'QUERY_TOO_COMPLEX' } }]);
  });

  test('tell what the organization costs a person who granted 5,000 environments already, in few words', async () => {
    const { warnings, ...told } = await preview({
      organizationId,
      environmentIds: environmentIds.slice(0, GRANTED),
    });
    expect(told).toEqual({
      breadth: 'ORGANIZATION',
      reach: { accounts: ACCOUNTS, widgets: WIDGETS, environments: ENVIRONMENTS },
      addedByWidest: { accounts: ACCOUNTS, widgets: WIDGETS, environments: ENVIRONMENTS - GRANTED },
      counting: 1,
    });
    expect(warnings).toHaveLength(22);
    expect(warnings.at(-1)).toBe(
      `${GRANTED - 20} more grants are covered by wider ones, and add nothing either.`,
    );
  });
});
