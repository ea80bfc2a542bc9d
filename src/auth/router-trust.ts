import type { IncomingHttpHeaders } from 'node:http';
import { ApiError } from '../shared/errors';
import { bearerOf } from './bearer';
import type { ServicePermission } from './principal';
import { isSameSecret } from './same-secret';
import type { TokenVerifier } from './token-verifier';

/** What the token of a router must have in its `scope` claim. */
const PERMISSION: ServicePermission = 'federation:route';

/**
 * Tells requests of a router of ours from those of strangers: by the secret that it shares with us in `X-Router-Secret`, or
 * by a token of its own in `X-Router-Authorization`. The `Authorization` header is the user's and says nothing of routers.
 */
export class RouterTrust {
  /** @param secret null: none is configured, so that no header can be it */
  constructor(
    private readonly secret: string | null,
    private readonly tokens: Pick<TokenVerifier, 'verify'>,
  ) {}

  /** @throws ApiError SERVICE_UNAVAILABLE when that cannot be told */
  async trusts(headers: IncomingHttpHeaders): Promise<boolean> {
    const { 'x-router-secret': secret, 'x-router-authorization': authorization } = headers;
    if (typeof secret === 'string' && this.secret !== null && isSameSecret(secret, this.secret)) return true;
    return typeof authorization === 'string' && this.isRouterToken(authorization);
  }

  private async isRouterToken(authorization: string): Promise<boolean> {
    const token = bearerOf(authorization);
    if (token === null) return false;
    try {
      return (await this.tokens.verify(token)).scope.includes(PERMISSION);
    } catch (error) {
      if (error instanceof ApiError && error.code === 'UNAUTHENTICATED') return false;
      throw error;
    }
  }
}
