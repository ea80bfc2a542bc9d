import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { TestProgram } from '../support/test-program';
import { FAILURES, TokenIssuer, newSigningKey, sign, type SigningKey } from '../support/token-issuer';

const SUBJECT = 'owner@acme.example';

describe('the keys of a token issuer', () => {
  let issuer: TokenIssuer;
  let program: TestProgram;
  let rsa: SigningKey;

  const settings = () => ({ AUTH_JWKS_URL: issuer.keysUrl, AUTH_JWKS_COOLDOWN_MS: '0' });

  const claims = () => ({ sub: SUBJECT, exp: Math.floor(Date.now() / 1000) + 60 });

  const ask = (token: string, to = program) =>
    to.graphql<{ viewer: object }>({ authorization: `Bearer ${token}` }, '{ viewer { id } }');

  beforeAll(async () => {
    issuer = await TokenIssuer.start();
    rsa = await newSigningKey('RS256', 'rsa-1');
    program = await TestProgram.start(settings());
  });

  beforeEach(() => issuer.publish(rsa));

  afterEach(() => issuer.recover());

  afterAll(async () => {
    await program.stop();
    await issuer.stop();
  });

  describe('that change', () => {
    test('a token of a key that was published later is good at once', async () => {
      expect((await ask(await sign(claims(), rsa))).status).toBe(200);
      const next = await newSigningKey('RS256', 'rsa-2');
      issuer.publish(rsa, next);
      expect((await ask(await sign(claims(), next))).status).toBe(200);
    });

    test('a token of a key that was withdrawn is refused once the keys were fetched again', async () => {
      const withdrawn = await newSigningKey('ES256', 'withdrawn');
      issuer.publish(withdrawn);
      const token = await sign(claims(), withdrawn);
      expect((await ask(token)).status).toBe(200);

      const next = await newSigningKey('ES256', 'next');
      issuer.publish(next);
      expect((await ask(await sign(claims(), next))).status).toBe(200);
      expect((await ask(token)).status).toBe(401);
    });

    test('tokens under made-up key ids cannot make the program storm the issuer', async () => {
      const calm = await TestProgram.start({ ...settings(), AUTH_JWKS_COOLDOWN_MS: '3600000' });
      try {
        const before = issuer.requests;
        const tokens = await Promise.all(
          Array.from({ length: 10 }, (_, i) => sign(claims(), rsa, `made-up-${i}`)),
        );
        for (const token of tokens) expect((await ask(token, calm)).status).toBe(401);
        expect(issuer.requests - before).toBe(1);
      } finally {
        await calm.stop();
      }
    });
  });

  describe('of an issuer in trouble', () => {
    let newKeys = 0;

    /** While the issuer fails, a token of a key that the program has yet to fetch cannot be checked. */
    const cannotBeCheckedWhile = async (fail: () => void | Promise<void>) => {
      const known = await sign(claims(), rsa);
      expect((await ask(known)).status).toBe(200);
      newKeys += 1;
      const key = await newSigningKey('ES256', `new-${newKeys}`);
      issuer.publish(rsa, key);
      const token = await sign(claims(), key);

      await fail();
      const { status, text } = await ask(token);
      expect(status).toBe(503);
      expect(JSON.parse(text)).toMatchObject({ errors: [{ extensions: { code: 'SERVICE_UNAVAILABLE' } }] });
      expect(text).not.toMatch(/jwk|jose|fetch|127\.0\.0\.1|ECONN|<h1>|timed out/i);
      const rest = await program.get({ authorization: `Bearer ${token}` }, '/v1/api-keys');
      expect(rest.status).toBe(503);
      expect(await rest.json()).toMatchObject({ code: 'SERVICE_UNAVAILABLE', status: 503 });
      // Keys that are known stay good, so an outage of the issuer is no outage of ours.
      expect((await ask(known)).status).toBe(200);

      await issuer.recover();
      expect((await ask(token)).status).toBe(200);
    };

    test.each(Object.entries(FAILURES))(
      'while it %s, a token cannot be checked, and then it can',
      (_name, failure) => cannotBeCheckedWhile(() => issuer.failWith(failure)),
    );

    test('while it cannot be reached, a token cannot be checked, and then it can', () =>
      cannotBeCheckedWhile(() => issuer.goDown()));

    test('while it hangs, a token cannot be checked, and then it can', () =>
      cannotBeCheckedWhile(() => issuer.hang()));

    test('a program that started before its issuer becomes well by itself', async () => {
      await issuer.goDown();
      const early = await TestProgram.start(settings());
      try {
        const token = await sign(claims(), rsa);
        expect((await ask(token, early)).status).toBe(503);
        await issuer.recover();
        expect((await ask(token, early)).status).toBe(200);
      } finally {
        await early.stop();
      }
    });
  });
});
