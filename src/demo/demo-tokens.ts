import type { Config } from '../config';
import type { DemoTokens } from '../graphiql/graphiql-routes';
import { DEMO_USERS } from './demo-tenancy';
import { mintToken } from './development-token';

/**
 * Mints tokens of the demo for whoever tries it out in a browser.
 *
 * @param configured the settings as they were given: a secret that stands there may be an issuer's, and open more than
 *   this program, so that only one which was made here is signed with
 * @param config the settings with secrets for development
 */
export function demoTokens(configured: Config, config: Config): (() => Promise<DemoTokens>) | null {
  const { secret, issuer, audience } = config.tokens;
  if (config.production || configured.tokens.secret !== null || secret === null) return null;
  const mint = (subject: string, permissions: readonly ['api-keys:verify'] | readonly []) =>
    mintToken(secret, { subject, permissions, issuer, audience });
  return async () => ({
    ownerToken: await mint(DEMO_USERS.owner.id, []),
    verifierToken: await mint('gateway', ['api-keys:verify']),
  });
}
