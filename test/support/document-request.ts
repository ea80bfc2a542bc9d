import type { Credential } from './test-program';

/** A request that names its document by an id, or brings it, or both. */
export interface DocumentRequest {
  readonly method: 'GET' | 'POST';
  readonly id?: string | undefined;
  readonly query?: string | undefined;
  readonly variables?: Readonly<Record<string, unknown>>;
  /** In the place of the extension that `id` stands for. */
  readonly persistedQuery?: unknown;
}

export interface DocumentAnswer {
  readonly status: number;
  readonly body: { readonly data?: unknown; readonly errors?: readonly GraphqlFault[] };
  /** Of the first error. */
  readonly code: string | undefined;
}

interface GraphqlFault {
  readonly extensions: { readonly code: string };
}

export async function idQuery(
  url: string,
  credential: Credential,
  request: DocumentRequest,
): Promise<DocumentAnswer> {
  const { method, id, query, variables } = request;
  const persistedQuery = request.persistedQuery ?? (id && { version: 1, sha256Hash: id });
  const body = { query, variables, extensions: persistedQuery && { persistedQuery } };
  const response = method === 'GET' ? await get(url, credential, body) : await post(url, credential, body);
  const answer = (await response.json()) as DocumentAnswer['body'];
  return { status: response.status, body: answer, code: answer.errors?.[0]?.extensions.code };
}

function get(
  url: string,
  credential: Credential,
  body: Readonly<Record<string, unknown>>,
): Promise<Response> {
  const parameters = Object.entries(body).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, typeof value === 'string' ? value : JSON.stringify(value)] as const],
  );
  return fetch(`${url}/graphql?${new URLSearchParams(Object.fromEntries(parameters)).toString()}`, {
    headers: { 'apollo-require-preflight': '1', ...credential },
  });
}

function post(url: string, credential: Credential, body: object): Promise<Response> {
  return fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...credential },
    body: JSON.stringify(body),
  });
}
