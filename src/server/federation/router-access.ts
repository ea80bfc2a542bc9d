import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Authenticator } from '../../auth/authenticate';
import { RouterTrust } from '../../auth/router-trust';
import { RouterUserAuthenticator } from '../../auth/router-users';
import type { TokenVerifier } from '../../auth/token-verifier';

export interface RouterSettings {
  /** What a router of ours sends in `X-Router-Secret`; null: none is configured. */
  readonly secret: string | null;
  /** Whether routers may say who their users are, signed with the secret. */
  readonly signsUsers: boolean;
}

export interface RouterAccessParts {
  readonly settings: { readonly production: boolean; readonly router: RouterSettings };
  readonly tokens: Pick<TokenVerifier, 'verify'>;
  readonly authenticator: Pick<Authenticator, 'authenticate' | 'user'>;
}

/** Who may use the subgraph, and how its callers are told. */
export interface RouterAccess {
  /** Whether it is open to everybody, as it is for development until a secret is configured. */
  readonly open: boolean;
  /** Answers strangers as if there were nothing. */
  readonly admit: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;
  readonly authenticator: Pick<Authenticator, 'authenticate'>;
}

export function routerAccess({ settings, tokens, authenticator }: RouterAccessParts): RouterAccess {
  const { secret, signsUsers } = settings.router;
  const open = !settings.production && secret === null;
  const trust = new RouterTrust(secret, tokens);
  return {
    open,
    admit: async (request, reply) => {
      if (open || (await trust.trusts(request.headers))) return;
      reply.callNotFound();
      return reply;
    },
    authenticator:
      signsUsers && secret !== null ? new RouterUserAuthenticator(secret, authenticator) : authenticator,
  };
}
