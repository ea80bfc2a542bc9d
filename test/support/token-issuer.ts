import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CompactSign, exportJWK, exportSPKI, generateKeyPair, type CryptoKey, type JWK } from 'jose';

export type PublicKeyAlgorithm = 'RS256' | 'ES256' | 'EdDSA';

/** One key pair of an issuer. */
export interface SigningKey {
  readonly id: string;
  readonly algorithm: PublicKeyAlgorithm;
  readonly privateKey: CryptoKey;
  readonly publicJwk: JWK;
  /** The public key as anybody can have it. */
  readonly publicPem: string;
}

/** Any claims: also those that no honest issuer would put into a token. */
export type Claims = Readonly<Record<string, unknown>>;

type Answer = (response: ServerResponse) => void;

/** Answers of an issuer in trouble. */
export const FAILURES = {
  'answers with an error': (response) => response.writeHead(500).end('{"keys":[]}'),
  'answers with a page for people': (response) => response.end('<h1>Sign in</h1>'),
  'answers with JSON that is no set of keys': (response) => response.end('{"keys":"none today"}'),
  'sends the caller elsewhere': (response) => response.writeHead(302, { location: '/login' }).end(),
  'hangs up': (response) => response.destroy(),
} satisfies Record<string, Answer>;

/** An issuer of tokens, which publishes its keys over HTTP (RFC 7517) and can have every kind of bad day. */
export class TokenIssuer {
  readonly name = 'https://issuer.example/';
  /** How often its keys were asked for. */
  requests = 0;
  private keys: readonly SigningKey[] = [];
  private failure: Answer | null = null;

  private constructor(
    private readonly server: Server,
    private port: number,
  ) {}

  static async start(): Promise<TokenIssuer> {
    const server = createServer();
    const issuer = new TokenIssuer(server, 0);
    server.on('request', (_request, response) => issuer.answer(response));
    await issuer.listen();
    return issuer;
  }

  get keysUrl(): string {
    return `http://127.0.0.1:${this.port}/keys`;
  }

  /** Replaces the published keys. */
  publish(...keys: SigningKey[]): void {
    this.keys = keys;
  }

  failWith(failure: Answer): void {
    this.failure = failure;
  }

  /** Takes requests and never answers. */
  hang(): void {
    this.failure = () => undefined;
  }

  /** Stops listening: connections are refused. */
  async goDown(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  async recover(): Promise<void> {
    this.failure = null;
    this.server.closeAllConnections();
    if (!this.server.listening) await this.listen();
  }

  async stop(): Promise<void> {
    if (this.server.listening) await this.goDown();
  }

  private async listen(): Promise<void> {
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
  }

  private answer(response: ServerResponse): void {
    this.requests += 1;
    if (this.failure !== null) return this.failure(response);
    response.setHeader('content-type', 'application/jwk-set+json');
    response.end(JSON.stringify({ keys: this.keys.map(({ publicJwk }) => publicJwk) }));
  }
}

export async function newSigningKey(algorithm: PublicKeyAlgorithm, id: string): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true });
  const publicJwk = { ...(await exportJWK(publicKey)), kid: id, alg: algorithm, use: 'sig' };
  return { id, algorithm, privateKey, publicJwk, publicPem: await exportSPKI(publicKey) };
}

/** Signs any claims with a key, under its own id or under one that it claims to have. */
export async function sign(
  claims: Claims,
  { algorithm, id, privateKey }: SigningKey,
  claimedId = id,
): Promise<string> {
  return new CompactSign(Buffer.from(JSON.stringify(claims)))
    .setProtectedHeader({ alg: algorithm, kid: claimedId })
    .sign(privateKey);
}

/** Signs any claims with a shared secret. */
export async function signWithSecret(
  claims: Claims,
  secret: string,
  header: Readonly<Record<string, string>> = {},
): Promise<string> {
  return new CompactSign(Buffer.from(JSON.stringify(claims)))
    .setProtectedHeader({ ...header, alg: 'HS256' })
    .sign(Buffer.from(secret));
}

/** A token as it would be put together by hand. */
export function assemble(header: object, claims: Claims | readonly unknown[], signature = ''): string {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  return `${encode(header)}.${encode(claims)}.${signature}`;
}
