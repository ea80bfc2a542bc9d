import type { Credential, TestProgram } from './test-program';
import { PEOPLE, type Person } from './two-customers';

/** A token for each of the people of the two customers. */
export async function asEveryone(program: TestProgram): Promise<Record<Person, Credential>> {
  const people = Object.entries(PEOPLE) as [Person, (typeof PEOPLE)[Person]][];
  const entries = people.map(async ([person, user]) => [person, await program.user(user)] as const);
  return Object.fromEntries(await Promise.all(entries)) as Record<Person, Credential>;
}
