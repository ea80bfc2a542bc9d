import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { TestProgram } from '../support/test-program';
import {
  TokenIssuer,
  assemble,
  newSigningKey,
  sign,
  signWithSecret,
  type Claims,
  type SigningKey,
} from '../support/token-issuer';

const AUDIENCE = 'https://scopegate.example';
const SHARED_SECRET = 'a secret that the program and a second issuer share';
const WHO = '{ viewer { kind id email permissions memberships { organizationId role } } }';

const owner = { id: 'owner@acme.example', email: 'owner@acme.example' };
const stranger = { id: 'owner@globex.example', email: 'owner@globex.example' };

const seconds = (fromNow: number) => Math.floor(Date.now() / 1000) + fromNow;

describe('JSON web tokens', () => {
  let issuer: TokenIssuer;
  let program: TestProgram;
  let withSecret: TestProgram;
  let rsa: SigningKey;
  let elliptic: SigningKey;
  let edwards: SigningKey;
  let acmeId: string;

  const settings = () => ({
    AUTH_JWKS_URL: issuer.keysUrl,
    AUTH_ISSUER: issuer.name,
    AUTH_AUDIENCE: AUDIENCE,
  });

  const claims = (others: Claims = {}): Claims => ({
    sub: owner.id,
    email: owner.email,
    iss: issuer.name,
    aud: AUDIENCE,
    exp: seconds(60),
    ...others,
  });

  const ask = (token: string, to = program) =>
    to.graphql<{ viewer: object }>({ authorization: `Bearer ${token}` }, WHO);

  const tenants = async (to: TestProgram) =>
    to.given((tenancy) => {
      const globex = tenancy.organization('Globex', 'globex');
      tenancy.membership(globex, stranger, 'OWNER');
      const acme = tenancy.organization('Acme', 'acme');
      tenancy.membership(acme, owner, 'OWNER');
      return acme.id;
    });

  beforeAll(async () => {
    issuer = await TokenIssuer.start();
    [rsa, elliptic, edwards] = await Promise.all([
      newSigningKey('RS256', 'rsa-1'),
      newSigningKey('ES256', 'elliptic-1'),
      newSigningKey('EdDSA', 'edwards-1'),
    ]);
    issuer.publish(rsa, elliptic, edwards);
    program = await TestProgram.start(settings());
    withSecret = await TestProgram.start({ ...settings(), AUTH_JWT_SECRET: SHARED_SECRET });
    acmeId = await tenants(program);
    await tenants(withSecret);
  });

  afterAll(async () => {
    await program.stop();
    await withSecret.stop();
    await issuer.stop();
  });

  describe('that are good', () => {
    test('tokens of each kind of key open what their subject belongs to, and nothing else', async () => {
      const viewer = {
        kind: 'USER',
        ...owner,
        permissions: [],
        memberships: [{ organizationId: acmeId, role: 'OWNER' }],
      };
      for (const key of [rsa, elliptic, edwards]) {
        expect(await ask(await sign(claims(), key))).toMatchObject({ status: 200, data: { viewer } });
      }
    });

    test('a token for several audiences is good when this one is among them', async () => {
      const token = await sign(claims({ aud: ['https://other.example', AUDIENCE] }), rsa);
      expect(await ask(token)).toMatchObject({ status: 200, data: { viewer: { id: owner.id } } });
    });

    test('the clocks of the issuer and of the program may be a little apart', async () => {
      const justExpired = await sign(claims({ exp: seconds(-1) }), rsa);
      const almostValid = await sign(claims({ nbf: seconds(2) }), rsa);
      expect(await ask(justExpired)).toMatchObject({ status: 200 });
      expect(await ask(almostValid)).toMatchObject({ status: 200 });
    });

    test('with keys and a shared secret configured, tokens of either are good', async () => {
      const signed = await Promise.all([sign(claims(), rsa), signWithSecret(claims(), SHARED_SECRET)]);
      for (const token of signed) {
        expect(await ask(token, withSecret)).toMatchObject({ status: 200, data: { viewer: owner } });
      }
    });

    test('a subject with a space behind it is another user, whatever the database thinks of spaces', async () => {
      const token = await sign(claims({ sub: `${stranger.id} ` }), rsa);
      expect(await ask(token)).toMatchObject({
        data: { viewer: { id: `${stranger.id} `, memberships: [] } },
      });
    });

    test('a user without an address in the token has none', async () => {
      const token = await sign(claims({ email: { no: 'address' } }), rsa);
      expect(await ask(token)).toMatchObject({ data: { viewer: { id: owner.id, email: null } } });
    });
  });

  describe('of services', () => {
    test('a scope claim with permissions makes a service of the bearer', async () => {
      const scope = 'openid api-keys:verify resources:sync';
      expect(await ask(await sign(claims({ sub: 'billing', scope }), rsa))).toMatchObject({
        data: {
          viewer: {
            kind: 'SERVICE',
            id: 'billing',
            permissions: ['api-keys:verify', 'resources:sync'],
            memberships: [],
          },
        },
      });
    });

    test('a scope claim with other words leaves the bearer a user', async () => {
      for (const scope of [
        'openid profile',
        'api-keys:verify-not',
        'API-KEYS:VERIFY',
        ['api-keys:verify'],
        7,
      ]) {
        expect(await ask(await sign(claims({ scope }), rsa))).toMatchObject({
          data: { viewer: { kind: 'USER', permissions: [] } },
        });
      }
    });
  });

  describe('that are not good', () => {
    const without = (...names: string[]) =>
      Object.fromEntries(
        Object.entries(claims({ sub: stranger.id })).filter(([name]) => !names.includes(name)),
      );
    const stolen = (others: Claims) => sign(claims({ sub: stranger.id, ...others }), rsa);

    const tampered = async () => {
      const [header = '', , signature = ''] = (await sign(claims(), rsa)).split('.');
      const payload = Buffer.from(JSON.stringify(claims({ sub: stranger.id }))).toString('base64url');
      return [header, payload, signature].join('.');
    };

    const cut = async () => (await sign(claims(), rsa)).slice(0, -8);

    const BAD: Readonly<Record<string, () => Promise<string> | string>> = {
      'for another audience': () => stolen({ aud: 'https://other.example' }),
      'of another issuer': () => stolen({ iss: 'https://issuer.example' }),
      'for nobody in particular': () => sign(without('aud'), rsa),
      'of nobody in particular': () => sign(without('iss'), rsa),
      'that has expired': () => stolen({ exp: seconds(-10) }),
      'that is not yet valid': () => stolen({ nbf: seconds(60) }),
      'that never expires': () => sign(without('exp'), rsa),
      'with a word for its expiry': () => stolen({ exp: 'tomorrow' }),
      'without a subject': () => sign(without('sub'), rsa),
      'with an empty subject': () => stolen({ sub: '' }),
      'with a subject that is too long': () => stolen({ sub: 'x'.repeat(256) }),
      // Servers of the MySQL protocol find every name equal to the number 0.
      'with a number for its subject': () => stolen({ sub: 0 }),
      'with a list for its subject': () => stolen({ sub: [stranger.id] }),
      'with an object for its subject': () => stolen({ sub: { user_id: 1 } }),
      'with truth for its subject': () => stolen({ sub: true }),
      'with nothing for its subject': () => stolen({ sub: null }),
      'signed with the public key as a secret': () =>
        signWithSecret(claims({ sub: stranger.id }), rsa.publicPem, { kid: rsa.id }),
      'signed with a secret of its own': () => signWithSecret(claims({ sub: stranger.id }), 'x'.repeat(32)),
      'signed by nobody': () => assemble({ alg: 'none', typ: 'JWT' }, claims({ sub: stranger.id })),
      'signed by nobody under a good algorithm': () =>
        assemble({ alg: 'RS256', kid: rsa.id }, claims({ sub: stranger.id })),
      'without an algorithm': () => assemble({ kid: rsa.id }, claims({ sub: stranger.id }), 'AAAA'),
      'of an unknown key': () => sign(claims({ sub: stranger.id }), rsa, 'unknown'),
      'of a key under the id of another': () => sign(claims({ sub: stranger.id }), rsa, elliptic.id),
      'with changed claims': tampered,
      'that was cut short': cut,
      'with claims that are no object': () => assemble({ alg: 'RS256', kid: rsa.id }, [], 'AAAA'),
      'of two parts': () => 'e30.e30',
      'of three empty parts': () => '..',
      'that is garbage': () => 'garbage',
      'that is a lot of garbage': () => `${'x'.repeat(2000)}.${'y'.repeat(2000)}.${'z'.repeat(2000)}`,
    };

    /** Over both transports: the status, the challenge, and the body without what belongs to the one request. */
    const refusals = async (token: string, to: TestProgram) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const responses = await Promise.all([
        fetch(`${to.url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query: WHO }) }),
        to.get(headers, '/v1/api-keys'),
      ]);
      return Promise.all(
        responses.map(async (response) => ({
          status: response.status,
          challenge: response.headers.get('www-authenticate'),
          body: (await response.text()).replace(/"requestId":"[\w-]+"/, ''),
        })),
      );
    };

    test.each(Object.keys(BAD))('a token %s is refused, to the letter like any other', async (name) => {
      const token = await BAD[name]?.();
      const expected = await refusals('no-token-at-all', program);
      for (const refusal of expected) {
        expect(refusal).toMatchObject({ status: 401, challenge: expect.stringMatching(/^Bearer/) });
        expect(refusal.body).toContain('"UNAUTHENTICATED"');
      }
      for (const to of [program, withSecret]) {
        expect(await refusals(token ?? '', to)).toEqual(expected);
      }
    });
  });
});
