import type { Credential, GraphqlAnswer, TestProgram } from './test-program';
import { PEOPLE, type Person } from './two-customers';

export const NOWHERE = '01890000-0000-7000-8000-000000000000';

export interface UserError {
  readonly code: string;
  readonly message: string;
  readonly field: readonly string[] | null;
  readonly ids: readonly string[];
}

export type Payload<Result> = Result & { readonly userErrors: readonly UserError[] };

const PATH = 'name ... on Environment { widget { id } } ... on Widget { account { id } }';

/** Of each mutation, what is asked for of its payload. */
const FIELDS = {
  createOrganization: 'organization { id name slug }',
  createResource: `resource { __typename id ${PATH} }`,
  renameResource: `resource { __typename id ${PATH} }`,
  moveResource: `resource { __typename id ${PATH} }`,
  deleteResource: `resource { __typename id ${PATH} }`,
  syncResources: 'created updated moved deleted unchanged',
  addMembership: 'membership { id organizationId userId role narrowedTo { level resourceId } }',
  changeMembership:
    'membership { id userId role narrowedTo { level resourceId } } revokedApiKeys { id name status revocationReason }',
  removeMembership: 'membership { id userId role } revokedApiKeys { id name status revocationReason }',
} as const;

export type TreeMutation = keyof typeof FIELDS;

/** Asks for a mutation of the tree or its people, whatever comes of it. */
export async function ask<Result>(
  program: TestProgram,
  credential: Credential,
  mutation: TreeMutation,
  input: object,
): Promise<GraphqlAnswer<Record<TreeMutation, Payload<Result>>>> {
  const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input!`;
  const query =
    `mutation($input: ${type}) { ${mutation}(input: $input) ` +
    `{ ${FIELDS[mutation]} userErrors { code message field ids } } }`;
  return program.graphql(credential, query, { input });
}

/** Answers the payload of a mutation, and fails when there are errors other than the user's. */
export async function mutate<Result>(
  program: TestProgram,
  credential: Credential,
  mutation: TreeMutation,
  input: object,
): Promise<Payload<Result>> {
  const answer = await ask<Result>(program, credential, mutation, input);
  if (answer.errors !== undefined) throw new Error(`The mutation failed: ${answer.text}`);
  return answer.data[mutation];
}

/** The credentials of everybody. */
export async function credentials(program: TestProgram): Promise<Record<Person, Credential>> {
  const entries = Object.entries(PEOPLE).map(async ([person, user]) => [person, await program.user(user)]);
  return Object.fromEntries(await Promise.all(entries)) as Record<Person, Credential>;
}

export interface RecordedEvent {
  readonly action: string;
  readonly subjectId: string;
  readonly actorId: string;
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>> | null;
}

/** What has been recorded of an organization, oldest first. */
export async function eventsOf(program: TestProgram, organizationId: string): Promise<RecordedEvent[]> {
  const rows = await program.database.rows<Record<string, string | null>>(
    'SELECT action, subject_id AS subjectId, actor_id AS actorId, before_state AS beforeState, ' +
      'after_state AS afterState FROM audit_events WHERE organization_id = ? ORDER BY occurred_at, id',
    [organizationId],
  );
  return rows.map(({ action, subjectId, actorId, beforeState, afterState }) => ({
    action: action ?? '',
    subjectId: subjectId ?? '',
    actorId: actorId ?? '',
    before: parsed(beforeState),
    after: parsed(afterState),
  }));
}

// A server hands JSON over as what it holds, or as text, depending on which it is.
function parsed(state: unknown): Record<string, unknown> | null {
  return (typeof state === 'string' ? JSON.parse(state) : (state ?? null)) as Record<string, unknown> | null;
}

/** The names of the API keys that reach a resource, as someone sees them. */
export async function keysReaching(
  program: TestProgram,
  credential: Credential,
  id: string,
): Promise<readonly string[]> {
  const answer = await program.graphql<{ apiKeys: { nodes: { name: string }[] } }>(
    credential,
    'query($id: ID!) { apiKeys(first: 100, filter: { reaches: $id, status: [ACTIVE] }) { nodes { name } } }',
    { id },
  );
  return answer.data.apiKeys.nodes.map(({ name }) => name).sort();
}

/**
 * Makes requests at once. Connections to the database are opened first, as many as there are requests: while one is being
 * opened, another request could be over already.
 */
export async function atOnce<Result>(
  program: TestProgram,
  requests: readonly (() => Promise<Result>)[],
): Promise<Result[]> {
  const reading = () => program.database.rows('SELECT COUNT(*) AS total FROM resources');
  await Promise.all(requests.map(reading));
  return Promise.all(requests.map((request) => request()));
}
