import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import {
  createRemoteJWKSet,
  errors,
  jwksCache,
  jwtVerify,
  type JWKSCacheInput,
  type JWTPayload,
  type JWTVerifyOptions,
} from 'jose';
import { ApiError, serviceUnavailable, unauthenticated } from '../shared/errors';
import { isId } from '../shared/ids';
import type { MaybePromise } from '../shared/when-ready';

export interface TokenSettings {
  /** Where the issuer publishes its public keys (RFC 7517). */
  readonly jwksUrl: URL | null;
  /** How long to wait before an unknown key id makes us ask the issuer again. */
  readonly jwksCooldownMs: number;
  /** A secret shared with the issuer. */
  readonly secret: string | null;
  readonly issuer: string | null;
  readonly audience: string | null;
}

/** What is known of the bearer of a token that was found good. */
export interface TokenClaims {
  readonly subject: string;
  readonly email: string | null;
  /** The words of the `scope` claim. */
  readonly scope: readonly string[];
  /** The ids of the `organization_ids` claim, which binds a service to organizations; null without the claim. */
  readonly organizationIds: readonly string[] | null;
  /** When the token ends, in milliseconds. */
  readonly expiresAt: number;
}

type Verify = (token: string, options: JWTVerifyOptions) => Promise<JWTPayload>;

/**
 * Named one by one, and apart for each kind of key: a token can choose neither `none`, nor to have a public key taken
 * for the secret of an HMAC.
 */
const PUBLIC_KEY_ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
];
const SECRET_ALGORITHMS = ['HS256', 'HS384', 'HS512'];

/** How far the clocks of the issuer and of this server may be apart. */
const CLOCK_TOLERANCE_SECONDS = 5;

/** Errors of jose that speak of the issuer's keys, not of the token. */
const KEY_SOURCE_ERRORS = ['ERR_JOSE_GENERIC', 'ERR_JWKS_INVALID', 'ERR_JWKS_TIMEOUT'];

/** Services send the same token with every request. What was found good is taken for good this long, and never past its end. */
const REMEMBERED_MS = 60_000;
const MAX_REMEMBERED = 10_000;

/** How often the memory looks at the clock: a timer that runs out each millisecond costs more than what it times. */
const CLOCK_MS = 100;

/** Checks JSON Web Tokens against the issuer's published keys, a shared secret, or either. */
export class TokenVerifier {
  private readonly ways: readonly Verify[];
  private readonly options: JWTVerifyOptions;
  /** By the digest of the token: the token itself is not kept. */
  private readonly good = new LRUCache<string, TokenClaims>({
    max: MAX_REMEMBERED,
    ttl: REMEMBERED_MS,
    ttlResolution: CLOCK_MS,
  });
  /** The issuer's keys, as they were fetched last. */
  private readonly issuerKeys: JWKSCacheInput = {};
  /** When the keys had been fetched by which the good tokens were checked. */
  private goodByKeysOf: number | undefined;

  constructor(settings: TokenSettings) {
    this.ways = [...verifyByPublicKey(settings, this.issuerKeys), ...verifyBySecret(settings)];
    this.options = {
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      requiredClaims: ['sub', 'exp'],
      ...(settings.issuer !== null && { issuer: settings.issuer }),
      ...(settings.audience !== null && { audience: settings.audience }),
    };
  }

  /**
   * At once for a token that is remembered.
   *
   * @throws ApiError UNAUTHENTICATED for a token that is not good, SERVICE_UNAVAILABLE when the issuer's keys cannot be
   *   had. Which of its checks a token failed is logged, and not told: the message is the same for all.
   */
  verify(token: string): MaybePromise<TokenClaims> {
    const digest = hash('sha256', token, 'base64');
    this.forgetTokensOfOldKeys();
    const known = this.good.get(digest);
    return known !== undefined && known.expiresAt > Date.now() ? known : this.checkAndRemember(token, digest);
  }

  private async checkAndRemember(token: string, digest: string): Promise<TokenClaims> {
    const claims = await this.check(token);
    if (this.issuerKeys.uat === this.goodByKeysOf) this.good.set(digest, claims);
    return claims;
  }

  /** A key may have been withdrawn when the issuer's keys are fetched again. */
  private forgetTokensOfOldKeys(): void {
    if (this.issuerKeys.uat === this.goodByKeysOf) return;
    this.good.clear();
    this.goodByKeysOf = this.issuerKeys.uat;
  }

  private async check(token: string): Promise<TokenClaims> {
    let failure: unknown = new errors.JOSEAlgNotAllowed('no way to check tokens is configured');
    for (const verify of this.ways) {
      try {
        return toClaims(await verify(token, this.options));
      } catch (error) {
        if (!isAlgorithmRefused(error)) throw toApiError(error);
        failure = error;
      }
    }
    throw toApiError(failure);
  }
}

function* verifyByPublicKey(
  { jwksUrl, jwksCooldownMs }: TokenSettings,
  fetched: JWKSCacheInput,
): Iterable<Verify> {
  if (jwksUrl === null) return;
  const keys = createRemoteJWKSet(jwksUrl, { cooldownDuration: jwksCooldownMs, [jwksCache]: fetched });
  yield async (token, options) =>
    (await jwtVerify(token, keys, { ...options, algorithms: PUBLIC_KEY_ALGORITHMS })).payload;
}

function* verifyBySecret({ secret }: TokenSettings): Iterable<Verify> {
  if (secret === null) return;
  const key = Buffer.from(secret);
  yield async (token, options) =>
    (await jwtVerify(token, key, { ...options, algorithms: SECRET_ALGORITHMS })).payload;
}

/** The longest that addresses can be (RFC 5321), and that is stored of one. */
const MAX_EMAIL_LENGTH = 320;

/**
 * Reads the claims of a token whose signature is good.
 *
 * @throws JWTInvalid
 */
export function toClaims({ sub, email, scope, organization_ids: ids, exp = 0 }: JWTPayload): TokenClaims {
  if (!isSubject(sub)) throw new errors.JWTInvalid('sub is not a name of 1 to 255 characters');
  // A binding that cannot be read must not turn into none.
  if (ids !== undefined && !isListOfIds(ids))
    throw new errors.JWTInvalid('organization_ids is not a list of ids');
  return {
    subject: sub,
    organizationIds: ids ?? null,
    email: typeof email === 'string' && email.length <= MAX_EMAIL_LENGTH ? email : null,
    scope: typeof scope === 'string' ? scope.split(' ').filter(Boolean) : [],
    expiresAt: exp * 1000,
  };
}

function isListOfIds(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(isId);
}

/** The subject reaches SQL, where only text does no harm: a server finds every name equal to the number 0. */
function isSubject(sub: unknown): sub is string {
  return typeof sub === 'string' && sub.length >= 1 && sub.length <= 255;
}

function isAlgorithmRefused(error: unknown): boolean {
  return error instanceof errors.JOSEAlgNotAllowed;
}

function toApiError(error: unknown): ApiError {
  const speaksOfToken = error instanceof errors.JOSEError && !KEY_SOURCE_ERRORS.includes(error.code);
  return speaksOfToken ? unauthenticated(error) : serviceUnavailable(error);
}
