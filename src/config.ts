import { resolve } from 'node:path';
import { cleanEnv, str } from 'envalid';
import { missingInProduction, wrongForRouters } from './setting-rules';
import {
  addresses,
  bearerSecret,
  databaseUrl,
  flag,
  headerName,
  httpUrl,
  keyPrefix,
  oneOf,
  peppers,
  redisUrl,
  sharedSecret,
  staleness,
  wholeNumber,
} from './setting-forms';
import type { LogLevel } from './shared/logger';

export interface DatabaseConfig {
  /** Where the MySQL-protocol server is; null for the embedded database. */
  readonly url: string | null;
  /** The file of the embedded database. */
  readonly file: string;
  readonly tls: boolean;
  readonly poolSize: number;
  /** How long a request may wait for the database, over all its statements. */
  readonly deadlineMs: number;
}

export interface TokenConfig {
  /** Where the issuer publishes its public keys. */
  readonly jwksUrl: URL | null;
  /** How long to wait before an unknown key id makes us ask the issuer again. */
  readonly jwksCooldownMs: number;
  /** A secret shared with the issuer, at least 32 bytes. */
  readonly secret: string | null;
  readonly issuer: string | null;
  readonly audience: string | null;
}

export interface SecretKeyConfig {
  /** What every secret key of this installation begins with. */
  readonly prefix: string;
  /** Version to pepper; the highest version is used for new keys. Null: none configured. */
  readonly peppers: ReadonlyMap<number, Buffer> | null;
}

export interface RouterConfig {
  /** What a router of ours sends in `X-Router-Secret`, at least 32 bytes; null: none is configured. */
  readonly secret: string | null;
  /** Whether routers may say who their users are, signed with the secret. */
  readonly signsUsers: boolean;
}

export interface SubgraphConfig {
  /** Whether the subgraph has the resources' own fields, such as names; not where another subgraph owns these. */
  readonly ownsResources: boolean;
  /** Whether the subgraph tells routers which fields need a caller. */
  readonly authDirectives: boolean;
}

export interface TrustedDocumentsConfig {
  /** The file that lists the documents that front ends were built with; null: there is none. */
  readonly manifest: string | null;
  /** Whether all other documents are refused. */
  readonly only: boolean;
}

export interface BackgroundConfig {
  /** The time between two looks for webhooks that are due; 0: this process sends none. */
  readonly webhookPollMs: number;
  /** The time between two looks for keys that expire; 0: this process looks for none. */
  readonly expiryPollMs: number;
  /** For how many days it is kept what keys were used for. */
  readonly usageRetentionDays: number;
}

export interface VerificationConfig {
  /** How old an answer may be at most; 0: nothing is answered from memory. */
  readonly maxStalenessMs: number;
  /** About how many keys, and how many resources, are remembered. */
  readonly memorySize: number;
  /** Where the Redis is that processes share the limits of keys by; null: each process holds them for itself. */
  readonly redisUrl: string | null;
  /** The time between two writings of what keys were used for; 0: only when the program stops. */
  readonly usageFlushMs: number;
}

export interface ForwardAuthConfig {
  /** What proxies may send instead of the token of a service; null: nothing. */
  readonly secret: string | null;
  /** The one header in which proxies send the URI of the request, in lower case. */
  readonly uriHeader: string;
}

export interface SubscriptionConfig {
  /** How many each process serves at once. */
  readonly max: number;
  /** How many of them may be of one user. */
  readonly maxPerUser: number;
  /** The time between two signs of life of one that has nothing to tell. */
  readonly heartbeatMs: number;
}

export interface Config {
  readonly production: boolean;
  readonly host: string;
  readonly port: number;
  /** Proxies whose X-Forwarded-For is believed: addresses, or ranges such as 10.0.0.0/8. */
  readonly trustedProxies: readonly string[];
  readonly logLevel: LogLevel;
  /** Where the embedded database and the development secrets lie. */
  readonly dataDir: string;
  readonly database: DatabaseConfig;
  readonly tokens: TokenConfig;
  readonly secretKeys: SecretKeyConfig;
  readonly router: RouterConfig;
  readonly subgraph: SubgraphConfig;
  readonly trustedDocuments: TrustedDocumentsConfig;
  readonly bodyLimitBytes: number;
  readonly maxQueryCost: number;
  /** How many operations may come in one request; 0: each comes by itself. */
  readonly batchLimit: number;
  readonly subscriptions: SubscriptionConfig;
  /** How many reports of leaked keys an address may send in a minute, to each process. */
  readonly leakReportsPerMinute: number;
  readonly introspection: boolean;
  /** Whether GraphiQL is served. */
  readonly graphiql: boolean;
  readonly shutdownTimeoutMs: number;
  readonly verification: VerificationConfig;
  readonly forwardAuth: ForwardAuthConfig;
  readonly background: BackgroundConfig;
  /** Whether webhooks are sent to addresses that are not of the internet. */
  readonly webhookAllowPrivate: boolean;
}

/** The settings of a program that can start: nothing is missing any more. */
export interface CompleteConfig extends Config {
  readonly secretKeys: SecretKeyConfig & { readonly peppers: ReadonlyMap<number, Buffer> };
}

/** A start that cannot go on: the message lists every setting that is wrong or missing, one a line. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const ENVIRONMENTS = ['development', 'test', 'production'] as const;
const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'] as const;

const SETTINGS = {
  NODE_ENV: oneOf<(typeof ENVIRONMENTS)[number]>(ENVIRONMENTS)({ default: 'development' }),
  HOST: str({ default: '127.0.0.1' }),
  PORT: wholeNumber(0, 65_535)({ default: 4000 }),
  TRUST_PROXY: addresses({ default: undefined }),
  LOG_LEVEL: oneOf<LogLevel>(LOG_LEVELS)({ default: 'info' }),
  DATA_DIR: str({ default: './data' }),
  DATABASE_URL: databaseUrl({ default: undefined }),
  DATABASE_TLS: flag({ default: false }),
  DATABASE_POOL_SIZE: wholeNumber(1, 1000)({ default: 10 }),
  DATABASE_DEADLINE_MS: wholeNumber(100, 600_000)({ default: 5000 }),
  AUTH_JWKS_URL: httpUrl({ default: undefined }),
  AUTH_JWKS_COOLDOWN_MS: wholeNumber(0, 3_600_000)({ default: 5000 }),
  AUTH_JWT_SECRET: sharedSecret({ default: undefined }),
  AUTH_ISSUER: str({ default: undefined }),
  AUTH_AUDIENCE: str({ default: undefined }),
  KEY_PREFIX: keyPrefix({ default: 'sg' }),
  KEY_PEPPERS: peppers({ default: undefined }),
  ROUTER_SECRET: sharedSecret({ default: undefined }),
  ROUTER_SIGNS_USERS: flag({ default: false }),
  SUBGRAPH_OWNS_RESOURCES: flag({ default: true }),
  SUBGRAPH_AUTH_DIRECTIVES: flag({ default: false }),
  TRUSTED_DOCUMENTS: str({ default: undefined }),
  TRUSTED_DOCUMENTS_ONLY: flag({ default: false }),
  BODY_LIMIT_BYTES: wholeNumber(1024, 100_000_000)({ default: 4_194_304 }),
  MAX_QUERY_COST: wholeNumber(1, 1_000_000_000)({ default: 250_000 }),
  GRAPHQL_BATCH_LIMIT: wholeNumber(0, 100)({ default: 0 }),
  MAX_SUBSCRIPTIONS: wholeNumber(0, 100_000)({ default: 1000 }),
  MAX_SUBSCRIPTIONS_PER_USER: wholeNumber(1, 100_000)({ default: 20 }),
  SUBSCRIPTION_HEARTBEAT_MS: wholeNumber(10, 600_000)({ default: 15_000 }),
  LEAK_REPORTS_PER_MINUTE: wholeNumber(1, 1_000_000)({ default: 30 }),
  INTROSPECTION: flag({ default: undefined }),
  GRAPHIQL: flag({ default: undefined }),
  SHUTDOWN_TIMEOUT_MS: wholeNumber(0, 600_000)({ default: 10_000 }),
  MAX_STALENESS_MS: staleness({ default: 1000 }),
  REDIS_URL: redisUrl({ default: undefined }),
  VERIFICATION_MEMORY: wholeNumber(1, 10_000_000)({ default: 50_000 }),
  USAGE_FLUSH_MS: wholeNumber(0, 3_600_000)({ default: 5000 }),
  // Advice on scopes looks at 30 days.
  USAGE_RETENTION_DAYS: wholeNumber(31, 36_500)({ default: 400 }),
  FORWARD_AUTH_SECRET: bearerSecret({ default: undefined }),
  FORWARD_AUTH_URI_HEADER: headerName({ default: 'x-forwarded-uri' }),
  WEBHOOK_POLL_MS: wholeNumber(0, 3_600_000)({ default: 1000 }),
  WEBHOOK_ALLOW_PRIVATE: flag({ default: undefined }),
  EXPIRY_POLL_MS: wholeNumber(0, 86_400_000)({ default: 60_000 }),
};

/**
 * Reads the settings once.
 *
 * @throws ConfigError naming each setting that is wrong, or that production needs and does not have.
 */
export function readConfig(environment: NodeJS.ProcessEnv): Config {
  const settings = readSettings(withoutEmpty(environment));
  const production = settings.NODE_ENV === 'production';
  const dataDir = resolve(settings.DATA_DIR);
  return Object.freeze({
    production,
    host: settings.HOST,
    port: settings.PORT,
    trustedProxies: settings.TRUST_PROXY ?? [],
    logLevel: settings.LOG_LEVEL,
    dataDir,
    database: {
      url: settings.DATABASE_URL ?? null,
      file: resolve(dataDir, 'scopegate.sqlite'),
      tls: settings.DATABASE_TLS,
      poolSize: settings.DATABASE_POOL_SIZE,
      deadlineMs: settings.DATABASE_DEADLINE_MS,
    },
    tokens: tokenConfig(settings),
    secretKeys: { prefix: settings.KEY_PREFIX, peppers: settings.KEY_PEPPERS ?? null },
    router: { secret: settings.ROUTER_SECRET ?? null, signsUsers: settings.ROUTER_SIGNS_USERS },
    subgraph: {
      ownsResources: settings.SUBGRAPH_OWNS_RESOURCES,
      authDirectives: settings.SUBGRAPH_AUTH_DIRECTIVES,
    },
    trustedDocuments: { manifest: settings.TRUSTED_DOCUMENTS ?? null, only: settings.TRUSTED_DOCUMENTS_ONLY },
    bodyLimitBytes: settings.BODY_LIMIT_BYTES,
    maxQueryCost: settings.MAX_QUERY_COST,
    batchLimit: settings.GRAPHQL_BATCH_LIMIT,
    subscriptions: subscriptionConfig(settings),
    leakReportsPerMinute: settings.LEAK_REPORTS_PER_MINUTE,
    introspection: settings.INTROSPECTION ?? !production,
    graphiql: settings.GRAPHIQL ?? !production,
    shutdownTimeoutMs: settings.SHUTDOWN_TIMEOUT_MS,
    verification: verificationConfig(settings),
    forwardAuth: {
      secret: settings.FORWARD_AUTH_SECRET ?? null,
      uriHeader: settings.FORWARD_AUTH_URI_HEADER,
    },
    background: {
      webhookPollMs: settings.WEBHOOK_POLL_MS,
      expiryPollMs: settings.EXPIRY_POLL_MS,
      usageRetentionDays: settings.USAGE_RETENTION_DAYS,
    },
    webhookAllowPrivate: settings.WEBHOOK_ALLOW_PRIVATE ?? !production,
  });
}

function subscriptionConfig(settings: ReturnType<typeof readSettings>): SubscriptionConfig {
  return {
    max: settings.MAX_SUBSCRIPTIONS,
    maxPerUser: settings.MAX_SUBSCRIPTIONS_PER_USER,
    heartbeatMs: settings.SUBSCRIPTION_HEARTBEAT_MS,
  };
}

function verificationConfig(settings: ReturnType<typeof readSettings>): VerificationConfig {
  return {
    maxStalenessMs: settings.MAX_STALENESS_MS,
    memorySize: settings.VERIFICATION_MEMORY,
    redisUrl: settings.REDIS_URL ?? null,
    usageFlushMs: settings.USAGE_FLUSH_MS,
  };
}

function tokenConfig(settings: ReturnType<typeof readSettings>): TokenConfig {
  return {
    jwksUrl: settings.AUTH_JWKS_URL ?? null,
    jwksCooldownMs: settings.AUTH_JWKS_COOLDOWN_MS,
    secret: settings.AUTH_JWT_SECRET ?? null,
    issuer: settings.AUTH_ISSUER ?? null,
    audience: settings.AUTH_AUDIENCE ?? null,
  };
}

function readSettings(given: NodeJS.ProcessEnv) {
  const problems: string[] = [];
  const settings = cleanEnv(given, SETTINGS, {
    reporter: ({ errors }) => {
      for (const [name, error] of Object.entries(errors)) problems.push(`${name}: ${error.message}`);
    },
  });
  if (settings.NODE_ENV === 'production') problems.push(...missingInProduction(given));
  problems.push(...wrongForRouters(given, settings.ROUTER_SIGNS_USERS));
  if (settings.TRUSTED_DOCUMENTS_ONLY && given['TRUSTED_DOCUMENTS'] === undefined) {
    problems.push('TRUSTED_DOCUMENTS: needed with TRUSTED_DOCUMENTS_ONLY, or nothing could be asked');
  }
  if (problems.length === 0) return settings;
  const lines = problems.map((problem) => `  ${problem}`).join('\n');
  throw new ConfigError(`Scopegate cannot start with these settings:\n${lines}`);
}

/** A variable that is set to nothing counts as not set, as it does in most shells' scripts. */
function withoutEmpty(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
}
