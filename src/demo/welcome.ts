import type { TokenSettings } from '../auth/token-verifier';
import { DEMO_USERS } from './demo-tenancy';
import { mintToken } from './development-token';

const QUERY =
  '{ apiKeys(first: 3) { nodes { name status scope { breadth environments { name widget { name } } } } } }';

/** What a newcomer needs in order to try the demo: who there is, a token for each, and a request that works. */
export async function welcome(url: string, tokens: TokenSettings, secretKey: string | null): Promise<string> {
  const { secret, issuer, audience } = tokens;
  if (secret === null) return `Scopegate is ready: ${url}/graphql\n`;
  const minted = await Promise.all(
    Object.entries(DEMO_USERS).map(async ([name, { id }]) => {
      const token = await mintToken(secret, { subject: id, permissions: [], issuer, audience });
      return { name, id, token };
    }),
  );
  const lines = minted.map(({ name, id, token }) => `  ${name.padEnd(9)}${id}\n    ${token}`);
  const curl =
    `  curl -s ${url}/graphql -H 'content-type: application/json' \\\n` +
    `    -H 'authorization: Bearer ${minted[0]?.token ?? ''}' \\\n` +
    `    -d '${JSON.stringify({ query: QUERY })}'`;
  return [
    `Scopegate is ready: ${url}/graphql`,
    `Tokens of the demo's people (for development, good for 30 days):\n${lines.join('\n')}`,
    ...(secretKey === null ? [] : [`A secret key of the demo, shown only this once:\n  ${secretKey}`]),
    `Try it:\n${curl}\n`,
  ].join('\n\n');
}
