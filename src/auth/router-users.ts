import type { IncomingHttpHeaders } from 'node:http';
import { errors, jwtVerify, type JWTVerifyOptions } from 'jose';
import type { Database } from '../database/database';
import { unauthenticated } from '../shared/errors';
import type { Authenticator } from './authenticate';
import type { Principal } from './principal';
import { toClaims } from './token-verifier';

/**
 * What a router's word on its user must be: signed with the secret that it shares with us, said to be just that, so that
 * nothing else that is signed with the secret can be taken for it, and no older than a request takes to get here.
 */
const RULES: JWTVerifyOptions = {
  algorithms: ['HS256'],
  typ: 'router-user+jwt',
  requiredClaims: ['sub', 'iat', 'exp'],
  maxTokenAge: 60,
  clockTolerance: 5,
};

/**
 * Finds out who calls through a router that has checked its users itself, and says who they are in `X-Router-User`. For
 * requests without that, as any authenticator. To be asked only about requests of trusted routers.
 */
export class RouterUserAuthenticator implements Pick<Authenticator, 'authenticate'> {
  private readonly key: Uint8Array;

  constructor(
    secret: string,
    private readonly others: Pick<Authenticator, 'authenticate' | 'user'>,
  ) {
    this.key = Buffer.from(secret);
  }

  /** @throws ApiError UNAUTHENTICATED for a word that is not good, and for one beside a credential of the user's own */
  async authenticate(
    headers: IncomingHttpHeaders,
    database: Database,
    now: number,
  ): Promise<Principal | null> {
    const { 'x-router-user': word, authorization, 'x-api-key': apiKey } = headers;
    if (word === undefined) return this.others.authenticate(headers, database, now);
    // Two credentials could be of two callers.
    if (typeof word !== 'string' || authorization !== undefined || apiKey !== undefined)
      throw unauthenticated();
    const { subject, email } = await this.read(word);
    return this.others.user(subject, email);
  }

  private async read(word: string): Promise<ReturnType<typeof toClaims>> {
    try {
      return toClaims((await jwtVerify(word, this.key, RULES)).payload);
    } catch (error) {
      throw error instanceof errors.JOSEError ? unauthenticated(error) : error;
    }
  }
}
