import { parseArgs } from 'node:util';
import { SERVICE_PERMISSIONS, type ServicePermission } from '../src/auth/principal';
import { readConfig } from '../src/config';
import { withDevelopmentSecrets } from '../src/demo/development-secrets';
import { mintToken } from '../src/demo/development-token';

const USAGE = `Usage: npm run token -- <email>                     a token of a user
       npm run token -- <name> --service <permission> a token of a service; may be repeated
Permissions: ${SERVICE_PERMISSIONS.join(', ')}`;

/** `npm run token`: mints a development token, signed with the secret of this installation. */
async function main(): Promise<void> {
  const { subject, permissions } = parseCommand(process.argv.slice(2));
  const config = await withDevelopmentSecrets(readConfig(process.env));
  if (config.production)
    throw new Error('Development tokens do not exist in production; ask your identity provider.');
  const { secret, issuer, audience } = config.tokens;
  if (secret === null)
    throw new Error('Tokens are checked against AUTH_JWKS_URL here; ask its issuer for one.');
  process.stdout.write(`${await mintToken(secret, { subject, permissions, issuer, audience })}\n`);
}

function parseCommand(args: string[]): { subject: string; permissions: ServicePermission[] } {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: { service: { type: 'string', multiple: true, default: [] } },
  });
  const [subject, ...others] = positionals;
  const permissions = values.service.map((name) => {
    const permission = SERVICE_PERMISSIONS.find((known) => known === name);
    if (permission === undefined) throw new Error(`There is no permission "${name}".\n${USAGE}`);
    return permission;
  });
  if (subject === undefined || others.length > 0) throw new Error(USAGE);
  return { subject, permissions };
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
