import type { GraphiQLProps } from 'graphiql';
import type { Demo } from './demo';
import createKey from './examples/create-key.graphql';
import explainAccess from './examples/explain-access.graphql';
import listKeys from './examples/list-keys.graphql';
import verifyKey from './examples/verify-key.graphql';

type Tabs = NonNullable<GraphiQLProps['defaultTabs']>;

/** The headers of a tab that has none of its own. */
export function headersFor(token: string | undefined): string {
  if (token === undefined) return '{\n  // "Authorization": "Bearer …"\n}';
  return json({ Authorization: `Bearer ${token}` });
}

/** A tab for each of the main jobs. */
export function exampleTabs(demo: Demo | null): Tabs {
  const headers = headersFor(demo?.ownerToken);
  const environmentId = demo?.environmentId ?? '';
  return [
    { query: listKeys, headers },
    { query: createKey, headers, variables: json({ environmentId }) },
    {
      query: verifyKey,
      headers: headersFor(demo?.verifierToken),
      variables: json({ secretKey: 'the secretKey of CreateKey', environmentId }),
    },
    {
      query: explainAccess,
      headers,
      variables: json({ apiKeyId: demo?.apiKeyId ?? '', environmentId }),
    },
  ];
}

function json(value: object): string {
  return JSON.stringify(value, null, 2);
}
