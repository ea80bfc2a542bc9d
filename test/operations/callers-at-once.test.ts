import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CallerRights } from '../../src/auth/caller-rights';
import { ask } from '../support/every-page';
import { TestProgram } from '../support/test-program';
import { PEOPLE, twoCustomers, type Person } from '../support/two-customers';

const NAMES = Object.keys(PEOPLE) as Person[];
const TIMES = 8;

/** The organizations that each belongs to, by their names. */
const ORGANIZATIONS: Readonly<Record<Person, readonly string[]>> = {
  owner: ['Acme'],
  admin: ['Acme'],
  member: ['Acme'],
  narrowedMember: ['Acme'],
  narrowedAdmin: ['Acme'],
  outsider: ['Globex'],
  both: ['Acme', 'Globex'],
  nobody: [],
};

describe('callers who come at once', () => {
  let program: TestProgram;

  beforeAll(async () => {
    program = await TestProgram.start();
    await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys));
  });

  afterAll(() => program.stop());

  test('are each answered by their own rights', async () => {
    const callers = Array.from({ length: TIMES }, () => NAMES).flat();
    const told = await Promise.all(
      callers.map(async (name) => {
        const credential = await program.user(PEOPLE[name]);
        const query = '{ viewer { id } organizations(orderBy: { field: NAME }) { nodes { name } } }';
        const { viewer, organizations } = await ask<{
          viewer: { id: string };
          organizations: { nodes: { name: string }[] };
        }>(program, credential, query);
        return { id: viewer.id, organizations: organizations.nodes.map((organization) => organization.name) };
      }),
    );
    expect(told).toEqual(
      callers.map((name) => ({ id: PEOPLE[name].id, organizations: ORGANIZATIONS[name] })),
    );
  });

  test('have their rights read by one statement, and those of nobody else', async () => {
    const rights = new CallerRights(program.database);
    const almost = ['OWNER@acme.example', 'owner@acme.example ', 'owner@acme.exampl'];
    const ids = [...NAMES.map((name) => PEOPLE[name].id), ...almost, PEOPLE.owner.id];
    let together: Awaited<ReturnType<CallerRights['of']>>[] = [];
    const statements = await program.statementsDuring(async () => {
      together = await Promise.all(ids.map((id) => rights.of(id)));
    });
    expect(statements).toHaveLength(1);
    for (const [index, id] of ids.entries()) {
      expect(together[index]).toEqual(await rights.of(id));
      expect(together[index]?.memberships.every(({ userId }) => userId === id)).toBe(true);
    }
    const counts = together.map(({ memberships }) => memberships.length);
    expect(counts).toEqual([...NAMES.map((name) => ORGANIZATIONS[name].length), 0, 0, 0, 1]);
  });
});
