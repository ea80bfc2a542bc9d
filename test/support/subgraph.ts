import type { Credential, GraphqlAnswer, TestProgram } from './test-program';

/** Settings with which the program starts in production. */
export const PRODUCTION = {
  NODE_ENV: 'production',
  AUTH_JWT_SECRET: 'signs the tokens of users, 32 bytes',
  KEY_PEPPERS: `1:${Buffer.alloc(32, 'a pepper').toString('base64')}`,
} as const;

export const ROUTER_SECRET = 'what the router and we share, 32 bytes';

/** Asks the subgraph, as a router does. */
export async function askSubgraph<Data = Record<string, unknown>>(
  program: Pick<TestProgram, 'url'>,
  headers: Credential,
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
): Promise<GraphqlAnswer<Data>> {
  const response = await fetch(`${program.url}/subgraph`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables }),
  });
  const text = await response.text();
  return { status: response.status, text, ...(JSON.parse(text) as { data: Data }) };
}

/** What each reference is resolved to, and fails when there are errors. */
export async function entities(
  program: Pick<TestProgram, 'url'>,
  headers: Credential,
  representations: readonly unknown[],
  selection: string,
): Promise<readonly (Readonly<Record<string, unknown>> | null)[]> {
  const { data, errors, text } = await askSubgraph<{ _entities: (Record<string, unknown> | null)[] }>(
    program,
    headers,
    `query($representations: [_Any!]!) { _entities(representations: $representations) { __typename ${selection} } }`,
    { representations },
  );
  if (errors !== undefined) throw new Error(`The references were not resolved: ${text}`);
  return data._entities;
}
