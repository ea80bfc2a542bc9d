import type { GraphqlAnswer, Credential, TestProgram } from './test-program';

/** A key as its mutations and its list tell it. */
export interface KeyView {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly status: string;
  readonly version: number;
  readonly createdAt: string;
  readonly modifiedAt: string;
  readonly expiresAt: string | null;
  readonly disabledAt: string | null;
  readonly revokedAt: string | null;
  readonly revocationReason: string | null;
  readonly metadata: object | null;
  readonly organizationId: string;
  readonly creatorId: string;
  readonly modifiedBy: string;
  readonly scope: {
    readonly breadth: string;
    readonly organizationId: string | null;
    readonly accountIds: readonly string[];
    readonly widgetIds: readonly string[];
    readonly environmentIds: readonly string[];
  };
}

export interface UserErrorView {
  readonly code: string;
  readonly message: string;
  readonly field: readonly string[] | null;
  readonly ids: readonly string[];
}

/** What a mutation of keys answers; which of the fields it has depends on the mutation. */
export interface KeyPayload {
  readonly apiKey: KeyView | null;
  readonly secretKey: string | null;
  readonly warnings: readonly string[] | null;
  readonly revocations:
    | readonly {
        readonly id: string;
        readonly apiKey: KeyView | null;
        readonly error: UserErrorView | null;
      }[]
    | null;
  readonly userErrors: readonly UserErrorView[];
}

const KEY_FIELDS =
  'id name description status version createdAt modifiedAt expiresAt disabledAt revokedAt revocationReason metadata ' +
  'organizationId creatorId modifiedBy scope { breadth organizationId accountIds widgetIds environmentIds }';

const ERROR_FIELDS = 'code message field ids';
const API_KEY = `apiKey { ${KEY_FIELDS} }`;

/** Of each mutation of keys, the type of its input and what is asked for. */
const MUTATIONS = {
  createApiKey: ['CreateApiKeyInput', `${API_KEY} secretKey warnings`],
  updateApiKey: ['UpdateApiKeyInput', `${API_KEY} warnings`],
  disableApiKey: ['SwitchApiKeyInput', API_KEY],
  enableApiKey: ['SwitchApiKeyInput', API_KEY],
  rotateApiKey: ['RotateApiKeyInput', `${API_KEY} secretKey`],
  endApiKeyRotation: ['SwitchApiKeyInput', API_KEY],
  revokeApiKey: ['RevokeApiKeyInput', API_KEY],
  revokeApiKeys: [
    'RevokeApiKeysInput',
    `revocations { id apiKey { ${KEY_FIELDS} } error { ${ERROR_FIELDS} } }`,
  ],
} as const;

export type KeyMutation = keyof typeof MUTATIONS;

export const KEY_MUTATIONS = Object.keys(MUTATIONS) as KeyMutation[];

/** Asks for a mutation of keys, whatever comes of it. */
export async function askForKeyMutation(
  program: TestProgram,
  credential: Credential,
  mutation: KeyMutation,
  input: object,
): Promise<GraphqlAnswer<Record<string, KeyPayload> | null>> {
  const [inputType, selection] = MUTATIONS[mutation];
  return program.graphql(
    credential,
    `mutation($input: ${inputType}!) { ${mutation}(input: $input) { ${selection} userErrors { ${ERROR_FIELDS} } } }`,
    { input },
  );
}

/** Answers the payload of a mutation of keys, with its user errors if there are some, and fails on other errors. */
export async function mutateKey(
  program: TestProgram,
  credential: Credential,
  mutation: KeyMutation,
  input: object,
): Promise<KeyPayload> {
  const answer = await askForKeyMutation(program, credential, mutation, input);
  const payload = answer.data?.[mutation];
  if (answer.errors !== undefined || payload === undefined)
    throw new Error(`${mutation} failed: ${answer.text}`);
  return payload;
}

/** Answers the key that a mutation left, and fails when there are errors of any kind. */
export async function changedKey(...request: Parameters<typeof mutateKey>): Promise<KeyView> {
  const { apiKey, userErrors } = await mutateKey(...request);
  if (apiKey === null) throw new Error(`${request[2]} was refused: ${JSON.stringify(userErrors)}`);
  return apiKey;
}

/** Answers a new key with its secret, and fails when there are errors of any kind. */
export async function createdKey(
  program: TestProgram,
  credential: Credential,
  input: object,
): Promise<{ readonly apiKey: KeyView; readonly secretKey: string }> {
  const { apiKey, secretKey, userErrors } = await mutateKey(program, credential, 'createApiKey', input);
  if (apiKey === null || secretKey === null)
    throw new Error(`createApiKey was refused: ${JSON.stringify(userErrors)}`);
  return { apiKey, secretKey };
}

/** Whether a secret key lets its bearer in. */
export async function opens(program: TestProgram, secretKey: string): Promise<boolean> {
  const { status } = await program.graphql({ 'x-api-key': secretKey }, '{ viewer { id } }');
  if (status !== 200 && status !== 401) throw new Error(`A secret key was answered with ${status}.`);
  return status === 200;
}

export interface RecordedEvent {
  readonly action: string;
  readonly actorId: string;
  readonly before: object | null;
  readonly after: object | null;
}

/** What is recorded of a subject, the oldest first. */
export async function recordOf(program: TestProgram, subjectId: string): Promise<RecordedEvent[]> {
  const rows = await program.database.rows<Record<'action' | 'actorId' | 'before' | 'after', unknown>>(
    'SELECT action, actor_id AS actorId, before_state AS `before`, after_state AS `after` FROM audit_events ' +
      'WHERE subject_id = ? ORDER BY occurred_at, id',
    [subjectId],
  );
  return rows.map(({ action, actorId, before, after }) => ({
    action: String(action),
    actorId: String(actorId),
    before: toState(before),
    after: toState(after),
  }));
}

/** One of the drivers reads JSON by itself. */
function toState(json: unknown): object | null {
  return (typeof json === 'string' ? JSON.parse(json) : json) as object | null;
}
