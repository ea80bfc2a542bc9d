import type { IncomingHttpHeaders } from 'node:http';
import type { Database } from '../database/database';
import { unauthenticated } from '../shared/errors';
import { whenReady, type MaybePromise } from '../shared/when-ready';
import { bearerOf } from './bearer';
import type { CallerRights } from './caller-rights';
import { SERVICE_PERMISSIONS, type ApiKeyPrincipal, type Principal, type UserPrincipal } from './principal';
import type { TokenClaims, TokenVerifier } from './token-verifier';

/** How callers with a secret key are told; the feature that owns the keys implements it. */
export interface SecretKeyAuthenticator {
  /** Whether a bearer credential means to be a secret key rather than a token. */
  recognizes(credential: string): boolean;
  /** The key that a secret key opens now; null when it opens none. */
  authenticate(secretKey: string, database: Database, now: number): Promise<ApiKeyPrincipal | null>;
}

/** Finds out from the headers of a request who calls. */
export class Authenticator {
  constructor(
    private readonly tokens: TokenVerifier,
    private readonly secretKeys: SecretKeyAuthenticator,
    private readonly rights: CallerRights,
  ) {}

  /**
   * At once for a service whose token is remembered.
   *
   * @returns null for a request without a credential
   * @throws ApiError UNAUTHENTICATED for a credential that is not good
   */
  authenticate(
    headers: IncomingHttpHeaders,
    database: Database,
    now: number,
  ): MaybePromise<Principal | null> {
    const credential = credentialOf(headers);
    if (credential === null) return null;
    return credential.kind === 'SECRET_KEY' || this.secretKeys.recognizes(credential.value)
      ? this.apiKey(credential.value, database, now)
      : whenReady(this.tokens.verify(credential.value), (claims) => this.bearer(claims));
  }

  /** A user who has been found out to be who they are. */
  async user(id: string, email: string | null): Promise<UserPrincipal> {
    return { kind: 'USER', id, email, ...(await this.rights.of(id)) };
  }

  private async apiKey(secretKey: string, database: Database, now: number): Promise<Principal> {
    const principal = await this.secretKeys.authenticate(secretKey, database, now);
    if (principal === null) throw unauthenticated();
    return principal;
  }

  private bearer({ subject, email, scope, organizationIds }: TokenClaims): MaybePromise<Principal> {
    const permissions = SERVICE_PERMISSIONS.filter((permission) => scope.includes(permission));
    if (permissions.length === 0) return this.user(subject, email);
    return { kind: 'SERVICE', id: subject, permissions, organizationIds };
  }
}

interface Credential {
  readonly kind: 'BEARER' | 'SECRET_KEY';
  readonly value: string;
}

/** @throws ApiError UNAUTHENTICATED for two at once, and for an `Authorization` that is no bearer's */
export function credentialOf(headers: IncomingHttpHeaders): Credential | null {
  const { authorization, 'x-api-key': apiKey } = headers;
  // Two credentials could be of two callers, and no rule says which of them asks.
  if (authorization !== undefined && apiKey !== undefined) throw unauthenticated();
  if (typeof apiKey === 'string') return { kind: 'SECRET_KEY', value: apiKey };
  if (authorization === undefined) return null;
  const bearer = bearerOf(authorization);
  if (bearer === null) throw unauthenticated();
  return { kind: 'BEARER', value: bearer };
}
