import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ConfigError, readConfig } from '../../src/config';

type Environment = Readonly<Record<string, string>>;

const pepper = Buffer.alloc(32, 'a pepper').toString('base64');
const otherPepper = Buffer.alloc(32, 'another').toString('base64');
const jwtSecret = 'x'.repeat(32);

/** What the refusal of some settings says, line by line, below its heading. */
function problemsOf(environment: Environment): string[] {
  const error = refusalOf(environment);
  const [heading, ...problems] = error.message.split('\n');
  expect(heading).toBe('Scopegate cannot start with these settings:');
  return problems.map((problem) => problem.trim());
}

function refusalOf(environment: Environment): ConfigError {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('Nothing was refused.');
}

describe('without any setting', () => {
  const config = readConfig({});

  test('the program starts for development, for this machine only, on the embedded database', () => {
    expect(config).toMatchObject({
      production: false,
      host: '127.0.0.1',
      port: 4000,
      database: { url: null },
      tokens: { jwksUrl: null, secret: null, issuer: null, audience: null },
      secretKeys: { prefix: 'sg', peppers: null },
      introspection: true,
      graphiql: true,
    });
  });

  test('what was read cannot be changed any more', () => {
    expect(Object.isFrozen(config)).toBe(true);
  });
});

describe('settings', () => {
  test('are read from the environment that is given', () => {
    const config = readConfig({
      HOST: '0.0.0.0',
      PORT: '0',
      LOG_LEVEL: 'debug',
      DATABASE_URL: 'mysql://user:password@db.example:3306/scopegate',
      DATABASE_TLS: 'true',
      REDIS_URL: 'rediss://:password@cache.example:6380/1',
      AUTH_JWKS_URL: 'https://issuer.example/jwks',
      AUTH_ISSUER: 'https://issuer.example/',
      KEY_PREFIX: 'acme',
      KEY_PEPPERS: `1:${pepper},2:${otherPepper}`,
      INTROSPECTION: 'off',
      GRAPHIQL: 'off',
    });
    expect(config).toMatchObject({
      host: '0.0.0.0',
      port: 0,
      logLevel: 'debug',
      database: { url: 'mysql://user:password@db.example:3306/scopegate', tls: true },
      verification: { redisUrl: 'rediss://:password@cache.example:6380/1' },
      tokens: { jwksUrl: new URL('https://issuer.example/jwks'), issuer: 'https://issuer.example/' },
      introspection: false,
      graphiql: false,
    });
    expect(config.secretKeys).toEqual({
      prefix: 'acme',
      peppers: new Map([
        [1, Buffer.from(pepper, 'base64')],
        [2, Buffer.from(otherPepper, 'base64')],
      ]),
    });
  });

  test('of routers are read, and must not share a secret with users', () => {
    const routerSecret = 'y'.repeat(32);
    expect(readConfig({})).toMatchObject({
      router: { secret: null, signsUsers: false },
      subgraph: { ownsResources: true, authDirectives: false },
    });
    const settings = {
      ROUTER_SECRET: routerSecret,
      ROUTER_SIGNS_USERS: 'on',
      SUBGRAPH_OWNS_RESOURCES: 'off',
    };
    expect(readConfig(settings)).toMatchObject({
      router: { secret: routerSecret, signsUsers: true },
      subgraph: { ownsResources: false },
    });
    expect(problemsOf({ ROUTER_SIGNS_USERS: 'on' })).toEqual([
      expect.stringMatching(/^ROUTER_SECRET: needed/),
    ]);
    expect(problemsOf({ ROUTER_SECRET: 'short' })).toEqual([
      'ROUTER_SECRET: expected at least 32 bytes, got 5',
    ]);
    expect(problemsOf({ ROUTER_SECRET: jwtSecret, AUTH_JWT_SECRET: jwtSecret })).toEqual([
      'ROUTER_SECRET: expected another secret than AUTH_JWT_SECRET',
    ]);
  });

  test('of trusted documents are read, and nothing else is refused where there are none', () => {
    expect(readConfig({}).trustedDocuments).toEqual({ manifest: null, only: false });
    const settings = { TRUSTED_DOCUMENTS: 'manifest.json', TRUSTED_DOCUMENTS_ONLY: 'on' };
    expect(readConfig(settings).trustedDocuments).toEqual({ manifest: 'manifest.json', only: true });
    expect(problemsOf({ TRUSTED_DOCUMENTS_ONLY: 'on' })).toEqual([
      expect.stringMatching(/^TRUSTED_DOCUMENTS: needed/),
    ]);
  });

  test('that are set to nothing count as not set', () => {
    const names = ['PORT', 'DATABASE_URL', 'AUTH_JWT_SECRET', 'KEY_PEPPERS', 'INTROSPECTION', 'GRAPHIQL'];
    expect(readConfig(Object.fromEntries(names.map((name) => [name, ''])))).toEqual(readConfig({}));
  });

  test('that are wrong are all named at once', () => {
    const problems = problemsOf({ PORT: 'http', LOG_LEVEL: 'loud', KEY_PREFIX: 'sg', DATABASE_TLS: 'maybe' });
    expect(problems.map((problem) => problem.split(':')[0]).toSorted()).toEqual([
      'DATABASE_TLS',
      'LOG_LEVEL',
      'PORT',
    ]);
  });
});

describe('a wrong value names its setting and stops the start', () => {
  test.each([
    ['PORT', 'http'],
    ['PORT', '-1'],
    ['PORT', '65536'],
    ['PORT', '80.5'],
    ['PORT', '0x50'],
    ['PORT', ' 80'],
    ['LOG_LEVEL', 'loud'],
    ['LOG_LEVEL', 'INFO'],
    ['DATABASE_URL', 'db.example'],
    ['DATABASE_URL', 'postgres://db.example/scopegate'],
    ['DATABASE_URL', 'mysql://db.example'],
    ['DATABASE_URL', 'mysql://db.example/'],
    ['DATABASE_TLS', 'yes'],
    ['REDIS_URL', 'cache.example'],
    ['REDIS_URL', 'http://cache.example'],
    ['REDIS_URL', 'redis:///0'],
    ['REDIS_URL', 'redis://cache.example/zero'],
    ['DATABASE_POOL_SIZE', '0'],
    ['DATABASE_DEADLINE_MS', '99'],
    ['AUTH_JWKS_URL', 'issuer.example/jwks'],
    ['AUTH_JWKS_URL', 'file:///etc/passwd'],
    ['AUTH_JWKS_COOLDOWN_MS', 'soon'],
    ['AUTH_JWT_SECRET', 'x'.repeat(31)],
    ['FORWARD_AUTH_SECRET', 'x'.repeat(31)],
    ['FORWARD_AUTH_SECRET', `${'x'.repeat(31)} x`],
    ['FORWARD_AUTH_URI_HEADER', 'x forwarded uri'],
    ['KEY_PREFIX', 'SG'],
    ['KEY_PREFIX', '1sg'],
    ['KEY_PREFIX', 's_g'],
    ['KEY_PREFIX', 's.*'],
    ['KEY_PREFIX', 'a'.repeat(17)],
    ['KEY_PEPPERS', pepper],
    ['KEY_PEPPERS', '1:'],
    ['KEY_PEPPERS', `one:${pepper}`],
    ['KEY_PEPPERS', `1:${Buffer.alloc(31).toString('base64')}`],
    ['KEY_PEPPERS', `1:${pepper},`],
    ['KEY_PEPPERS', `1:${pepper},2:short`],
    ['KEY_PEPPERS', `1:${pepper},1:${otherPepper}`],
    ['BODY_LIMIT_BYTES', '1MB'],
    ['MAX_QUERY_COST', '0'],
    ['INTROSPECTION', 'maybe'],
    ['GRAPHIQL', 'maybe'],
    ['SHUTDOWN_TIMEOUT_MS', '600001'],
  ])('%s=%s', (name, value) => {
    const problems = problemsOf({ [name]: value });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^${name}: expected `));
  });
});

describe('production', () => {
  const complete = { NODE_ENV: 'production', AUTH_JWT_SECRET: jwtSecret, KEY_PEPPERS: `1:${pepper}` };

  test('starts with a way to check tokens and a pepper, and shows its schema to nobody', () => {
    expect(readConfig(complete)).toMatchObject({ production: true, introspection: false });
  });

  test('has GraphiQL only if it is switched on', () => {
    expect(readConfig(complete).graphiql).toBe(false);
    expect(readConfig({ ...complete, GRAPHIQL: 'on' }).graphiql).toBe(true);
  });

  test('takes published keys in place of a shared secret', () => {
    const published = { AUTH_JWT_SECRET: '', AUTH_JWKS_URL: 'https://issuer.example/jwks' };
    expect(readConfig({ ...complete, ...published }).production).toBe(true);
  });

  test('without authentication lists all that is missing', () => {
    const problems = problemsOf({ NODE_ENV: 'production' });
    expect(problems).toEqual([
      expect.stringMatching(/^AUTH_JWKS_URL or AUTH_JWT_SECRET: /),
      expect.stringMatching(/^KEY_PEPPERS: /),
    ]);
  });

  test.each([
    [{ KEY_PEPPERS: '' }, 'KEY_PEPPERS'],
    [{ AUTH_JWT_SECRET: '' }, 'AUTH_JWKS_URL or AUTH_JWT_SECRET'],
  ])('does not start with %j', (change, name) => {
    const problems = problemsOf({ ...complete, ...change });
    expect(problems).toEqual([expect.stringMatching(new RegExp(`^${name}: needed|^${name}: one is needed`))]);
  });

  test('tells of a wrong value that it is wrong, and not that it is missing', () => {
    const problems = problemsOf({ ...complete, AUTH_JWT_SECRET: 'short', KEY_PEPPERS: '1:short', PORT: 'x' });
    expect(problems.map((problem) => problem.split(':')[0]).toSorted()).toEqual([
      'AUTH_JWT_SECRET',
      'KEY_PEPPERS',
      'PORT',
    ]);
  });
});

describe('no message repeats a secret', () => {
  test.each([
    ['DATABASE_URL', (secret: string) => `postgres://user:${secret}@db.example/scopegate`],
    ['DATABASE_URL', (secret: string) => `mysql://user:${secret}@db.example`],
    ['DATABASE_URL', (secret: string) => secret],
    ['REDIS_URL', (secret: string) => `http://user:${secret}@cache.example`],
    ['REDIS_URL', (secret: string) => `redis://user:${secret}@cache.example/zero`],
    ['AUTH_JWKS_URL', (secret: string) => `ftp://user:${secret}@issuer.example/jwks`],
    ['AUTH_JWKS_URL', (secret: string) => secret],
    ['AUTH_JWT_SECRET', (secret: string) => secret],
    ['KEY_PEPPERS', (secret: string) => secret],
    ['KEY_PEPPERS', (secret: string) => `1:${secret}`],
    ['KEY_PEPPERS', (secret: string) => `1:${pepper},1:${pepper}${secret}`],
  ])('%s', (name, write) => {
    const secrets = fc.stringMatching(/^[a-fX-Z0-3]{10,20}$/);
    fc.assert(
      fc.property(secrets, (secret) => {
        for (const NODE_ENV of ['development', 'production']) {
          const { message, stack } = refusalOf({ NODE_ENV, [name]: write(secret) });
          expect(message).toContain(`${name}: `);
          expect(message).not.toContain(secret);
          expect(stack).not.toContain(secret);
        }
      }),
    );
  });
});
