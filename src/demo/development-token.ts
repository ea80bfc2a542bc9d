import { SignJWT } from 'jose';
import type { ServicePermission } from '../auth/principal';

export interface TokenRequest {
  /** Who the bearer is: the address of a user, or the name of a service. */
  readonly subject: string;
  /** The permissions of a service; none for a user. */
  readonly permissions: readonly ServicePermission[];
  readonly issuer: string | null;
  readonly audience: string | null;
}

const LIFETIME = '30d';

/** Mints a token of the kind that an identity provider would give out. Users are known by their address. */
export async function mintToken(secret: string, request: TokenRequest): Promise<string> {
  const { subject, permissions, issuer, audience } = request;
  const claims = permissions.length > 0 ? { scope: permissions.join(' ') } : { email: subject };
  const token = new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(subject)
    .setIssuedAt()
    .setExpirationTime(LIFETIME);
  if (issuer !== null) token.setIssuer(issuer);
  if (audience !== null) token.setAudience(audience);
  return token.sign(Buffer.from(secret));
}
