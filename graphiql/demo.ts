/** What the page has in the demo, so that its examples run as they are. */
export interface Demo {
  readonly ownerToken: string;
  /** Of a service that may verify keys. */
  readonly verifierToken: string;
  readonly apiKeyId: string;
  readonly environmentId: string;
}

interface Tokens {
  readonly ownerToken: string;
  readonly verifierToken: string;
}

interface Answer {
  readonly data?: { readonly apiKeys: { readonly nodes: readonly Key[] } };
}

interface Key {
  readonly id: string;
  readonly scope: { readonly environments: readonly { readonly id: string }[] };
}

const QUERY = `query DemoKey {
  apiKeys(first: 1, filter: { status: [ACTIVE], breadth: [ENVIRONMENT] }) {
    nodes { id scope { environments { id } } }
  }
}`;

/** Null where there is no demo, or where its tokens are not for this browser. */
export async function findDemo(): Promise<Demo | null> {
  const response = await fetch('graphiql/demo-tokens');
  const tokens = (await response.json()) as Tokens | null;
  if (tokens === null) return null;
  const key = await findKey(tokens.ownerToken);
  return { ...tokens, apiKeyId: key?.id ?? '', environmentId: key?.scope.environments[0]?.id ?? '' };
}

async function findKey(token: string): Promise<Key | undefined> {
  const response = await fetch('graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: QUERY }),
  });
  const { data } = (await response.json()) as Answer;
  return data?.apiKeys.nodes[0];
}
