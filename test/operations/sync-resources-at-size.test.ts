import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newId } from '../../src/shared/ids';
import { mutate } from '../support/mutating';
import { TestProgram, type Credential } from '../support/test-program';

const SIZE = 10_000;
/** How many statements a call may take, however it spreads its ids over them. */
const STATEMENTS = 100;

interface Upsert {
  readonly id: string;
  readonly level: string;
  readonly parentId: string | null;
  readonly name: string;
  readonly slug: string | null;
}

/** A tree of as many resources, children before their parents: 10 accounts, 2,500 widgets, and environments. */
function bigTree(): Upsert[] {
  const organization = { id: newId(), level: 'ORGANIZATION', parentId: null, name: 'Big', slug: 'big' };
  const below = (level: string, parents: readonly Upsert[], count: number) =>
    Array.from({ length: count }, (_, index) => ({
      id: newId(),
      level,
      parentId: parents[index % parents.length]?.id ?? null,
      name: `${level} ${index}`,
      slug: null,
    }));
  const accounts = below('ACCOUNT', [organization], 10);
  const widgets = below('WIDGET', accounts, 2500);
  const environments = below('ENVIRONMENT', widgets, SIZE - 1 - accounts.length - widgets.length);
  return [...environments, ...widgets, ...accounts, organization];
}

// The deadline of the database, 5 seconds, holds for each of these calls.
describe('telling of 10,000 resources in one call', () => {
  let program: TestProgram;
  let asPlatform: Credential;
  const tree = bigTree();
  const nothing = { created: 0, updated: 0, moved: 0, deleted: 0, unchanged: 0, userErrors: [] };

  beforeAll(async () => {
    program = await TestProgram.start();
    asPlatform = await program.service('platform', 'resources:sync');
  });

  afterAll(() => program.stop());

  const expectAnswer = async (input: object, expected: object) => {
    const statements = await program.statementsDuring(async () => {
      const answer = await mutate<object>(program, asPlatform, 'syncResources', input);
      expect(answer).toEqual({ ...nothing, ...expected });
    });
    expect(statements.length).toBeLessThan(STATEMENTS);
  };

  test('creates, keeps, renames, moves and deletes them all in time, in a few statements', async () => {
    await expectAnswer({ upserts: tree }, { created: SIZE });
    await expectAnswer({ upserts: tree }, { unchanged: SIZE });
    const renamed = tree.map((upsert) => ({ ...upsert, name: `${upsert.name}, renamed` }));
    await expectAnswer({ upserts: renamed }, { updated: SIZE });

    const [first, second] = tree.filter(({ level }) => level === 'WIDGET');
    const moved = renamed.map((upsert) =>
      upsert.parentId === first?.id ? { ...upsert, parentId: second?.id ?? null } : upsert,
    );
    const count = tree.filter(({ parentId }) => parentId === first?.id).length;
    await expectAnswer({ upserts: moved }, { moved: count, unchanged: SIZE - count });
    await expectAnswer({ deletes: tree.map(({ id }) => id) }, { deleted: SIZE });
    expect(await program.database.rows('SELECT id FROM resources')).toEqual([]);
  });

  test('one more is refused, and nothing is made', async () => {
    const more = { id: newId(), level: 'ORGANIZATION', parentId: null, name: 'More', slug: 'more' };
    const { userErrors } = await mutate(program, asPlatform, 'syncResources', {
      upserts: tree,
      deletes: [more.id],
    });
    expect(userErrors).toMatchObject([{ code: 'LIMIT_REACHED' }]);
    expect(await program.database.rows('SELECT id FROM resources')).toEqual([]);
  });
});
