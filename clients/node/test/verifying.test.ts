import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { SignJWT } from 'jose';
import { eventually } from '../../../test/support/eventually';
import { mutate } from '../../../test/support/mutate';
import { TestProgram } from '../../../test/support/test-program';
import { PEOPLE, twoCustomers, type TwoCustomers } from '../../../test/support/two-customers';
import { createVerifier, type Level, type Verifier } from '../src';
import { countConnections } from './support/count-connections';
import { countRequests } from './support/count-requests';

const TOKEN_SECRET = 'shared with the issuer of the tests alone';
const NOWHERE = '01890000-0000-7000-8000-000000000000';

const environment = ({ id }: { readonly id: string }) => ({ level: 'ENVIRONMENT' as Level, id });

describe('verifying keys', () => {
  let program: TestProgram;
  let customers: TwoCustomers;
  let token: string;
  let verifier: Verifier;

  beforeAll(async () => {
    program = await TestProgram.start({ AUTH_JWT_SECRET: TOKEN_SECRET });
    customers = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys));
    const credential = await program.service('storefront', 'api-keys:verify');
    token = String(credential['authorization']).replace('Bearer ', '');
    verifier = createVerifier({ url: program.url, token, timeoutMs: 10_000 });
  });

  afterAll(async () => {
    verifier.close();
    await program.stop();
  });

  const makeKey = async (limits: object): Promise<{ secretKey: string; id: string }> => {
    const scope = { accountIds: [customers.acme.retail.id] };
    const { secretKey, apiKey } = await mutate<{ secretKey: string; apiKey: { id: string } }>(
      program,
      await program.user(PEOPLE.owner),
      'createApiKey',
      'secretKey apiKey { id }',
      { name: 'For a while', scope, ...limits },
    );
    return { secretKey, id: apiKey.id };
  };

  test('a key that may touch a resource is valid, with what it is and why', async () => {
    const { organization, checkout, checkoutProduction, keys } = customers.acme;
    const { secretKey, key } = keys.widget;
    const answer = await verifier.verify({ secretKey, resource: environment(checkoutProduction) });
    expect(answer).toEqual({
      valid: true,
      code: 'VALID',
      apiKey: {
        id: key.id,
        name: 'Checkout widget',
        organizationId: organization.id,
        scope: { organizationId: null, accountIds: [], widgetIds: [checkout.id], environmentIds: [] },
        metadata: null,
        expiresAt: null,
      },
      grantedBy: {
        level: 'WIDGET',
        resourceId: checkout.id,
        path: [{ level: 'WIDGET', id: checkout.id }, environment(checkoutProduction)],
      },
      missingGrant: null,
      limits: [],
      retryAfterSeconds: null,
    });
  });

  test('without a resource, a key is valid that is good for anything', async () => {
    const { environment: narrow, none } = customers.acme.keys;
    expect(await verifier.verify({ secretKey: narrow.secretKey })).toMatchObject({
      valid: true,
      grantedBy: null,
      apiKey: { expiresAt: new Date(narrow.key.expiresAt ?? 0).toISOString() },
    });
    expect(await verifier.verify({ secretKey: none.secretKey })).toMatchObject({
      valid: false,
      code: 'NO_SCOPE',
    });
  });

  test('a key that may not is told with the reason', async () => {
    const { acme, globex } = customers;
    const { keys } = acme;
    const code = async (secretKey: string, resource = environment(acme.checkoutStaging)) =>
      (await verifier.verify({ secretKey, resource })).code;
    expect(await code(keys.revoked.secretKey)).toBe('REVOKED');
    expect(await code(keys.disabled.secretKey)).toBe('DISABLED');
    expect(await code(keys.expired.secretKey)).toBe('EXPIRED');
    expect(await code(keys.none.secretKey)).toBe('NO_SCOPE');
    expect(await code(program.secretKeys.generate().secretKey)).toBe('NOT_FOUND');
    expect(await code(keys.whole.secretKey.slice(0, -1))).toBe('INVALID_FORMAT');
    expect(await code(keys.whole.secretKey, environment({ id: NOWHERE }))).toBe('RESOURCE_NOT_FOUND');
    expect(await code(keys.whole.secretKey, environment(acme.checkout))).toBe('RESOURCE_NOT_FOUND');
    expect(await code(keys.whole.secretKey, environment(globex.gridProduction))).toBe('OUT_OF_SCOPE');
  });

  test('out of scope, the least that is missing is told', async () => {
    const { checkoutStaging, keys } = customers.acme;
    const { secretKey, key } = keys.environment;
    expect(await verifier.verify({ secretKey, resource: environment(checkoutStaging) })).toMatchObject({
      valid: false,
      code: 'OUT_OF_SCOPE',
      apiKey: { id: key.id },
      grantedBy: null,
      missingGrant: { level: 'ENVIRONMENT', resourceId: checkoutStaging.id },
    });
  });

  test('a key that is revoked is refused, at once when the answer is to be fresh', async () => {
    const asOwner = await program.user(PEOPLE.owner);
    const { secretKey, id } = await makeKey({});
    expect(await verifier.verify({ secretKey })).toMatchObject({ valid: true });
    await mutate(program, asOwner, 'revokeApiKey', 'apiKey { id }', { id });
    expect(await verifier.verify({ secretKey, fresh: true })).toMatchObject({ code: 'REVOKED' });
    await eventually(async () => {
      expect(await verifier.verify({ secretKey })).toMatchObject({ code: 'REVOKED' });
    });
  });

  test('a key with limits is counted by what its uses cost, and refused when they are used up', async () => {
    const { secretKey } = await makeKey({
      rateLimits: [{ limit: 3, windowSeconds: 600 }],
      quota: { limit: 100, refill: 'MONTHLY' },
    });
    const left = async (cost: number) => {
      const { code, limits } = await verifier.verify({ secretKey, cost });
      return [code, ...limits.map(({ remaining }) => remaining)];
    };
    expect(await left(0)).toEqual(['VALID', 3, 100]);
    expect(await left(2)).toEqual(['VALID', 1, 98]);
    expect(await left(2)).toEqual(['RATE_LIMITED', 1, 98]);
    expect(await left(101)).toEqual(['USAGE_EXCEEDED', 1, 98]);
    const questions = [{ secretKey }, { secretKey }];
    const answers = await verifier.verifyMany(questions);
    expect(answers.map(({ code }) => code)).toEqual(['VALID', 'RATE_LIMITED']);
    const refused = answers[1];
    expect(refused?.retryAfterSeconds).toBeGreaterThan(0);
    expect(refused?.retryAfterSeconds).toBeLessThanOrEqual(600);
    const limit = refused?.limits[0];
    expect(limit).toEqual({
      kind: 'RATE_LIMIT',
      limit: 3,
      remaining: 0,
      resetsAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      resetsInSeconds: refused?.retryAfterSeconds,
      windowSeconds: 600,
    });
  });

  test('many keys are answered in their order, a hundred in a request, and none is asked about that can be none', async () => {
    const { acme, globex } = customers;
    const known = [acme.keys.whole, acme.keys.revoked, globex.keys.whole];
    const questions = Array.from({ length: 250 }, (_, index) => ({
      secretKey: known[index % 3]?.secretKey ?? '',
      resource: environment(acme.checkoutProduction),
    }));
    const withGarbage = questions.flatMap((question) => [{ secretKey: 'ключ' }, question]);
    let answers: readonly unknown[] = [];
    const requests = await countRequests(async () => {
      answers = await verifier.verifyMany(withGarbage);
    });
    expect(requests).toBe(3);
    const codes = ['VALID', 'REVOKED', 'OUT_OF_SCOPE'];
    const expected = questions.flatMap((_, index) => [
      { code: 'INVALID_FORMAT' },
      { code: codes[index % 3], apiKey: { id: known[index % 3]?.key.id } },
    ]);
    expect(answers).toMatchObject(expected);
    expect(answers).toHaveLength(500);
    expect(await countRequests(() => verifier.verifyMany([]))).toBe(0);
  });

  test('what can be no key is refused without a request', async () => {
    const strict = createVerifier({ url: program.url, token, prefix: 'sg' });
    const { secretKey } = customers.acme.keys.whole;
    const withTypo = `${secretKey.slice(0, 20)}${secretKey[20] === 'a' ? 'b' : 'a'}${secretKey.slice(21)}`;
    const garbage = ['', 'ключ', 'two words', 'x'.repeat(513), undefined as unknown as string];
    const mistyped = [withTypo, secretKey.slice(0, -1), `${secretKey}0`, secretKey.replace('sg_', 'pk_')];
    const refused = { valid: false, code: 'INVALID_FORMAT', apiKey: null };
    const requests = await countRequests(async () => {
      for (const one of garbage) expect(await verifier.verify({ secretKey: one })).toMatchObject(refused);
      for (const one of [...garbage, ...mistyped]) {
        expect(await strict.verify({ secretKey: one })).toMatchObject(refused);
      }
    });
    expect(requests).toBe(0);
    expect(await countRequests(() => strict.verify({ secretKey }))).toBe(1);
    for (let count = 0; count < 50; count++) {
      const made = program.secretKeys.generate().secretKey;
      expect(await strict.verify({ secretKey: made })).toMatchObject({ code: 'NOT_FOUND' });
    }
    // Keys that were imported look like anything.
    expect(await countRequests(() => verifier.verify({ secretKey: 'an-old-key' }))).toBe(1);
    strict.close();
  });

  test('a question that is wrong names what is wrong, and is not sent', async () => {
    const { secretKey } = customers.acme.keys.whole;
    const resource = { level: 'PLANET' as Level, id: NOWHERE };
    const requests = await countRequests(async () => {
      await expect(verifier.verify({ secretKey, resource })).rejects.toThrow('resource.level');
      const id = 'one';
      await expect(verifier.verify({ secretKey, resource: { level: 'WIDGET', id } })).rejects.toThrow(
        'resource.id to be a UUID',
      );
      for (const cost of [-1, 0.5, NaN, 1_000_001]) {
        await expect(verifier.verifyMany([{ secretKey, cost }])).rejects.toThrow('cost');
      }
    });
    expect(requests).toBe(0);
  });

  test('a service that is bound to another organization finds no key', async () => {
    const { acme, globex } = customers;
    const claims = { scope: 'api-keys:verify', organization_ids: [globex.organization.id] };
    const boundToken = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject('grid')
      .setExpirationTime('1h')
      .sign(Buffer.from(TOKEN_SECRET));
    const bound = createVerifier({ url: program.url, token: boundToken });
    expect(await bound.verify({ secretKey: acme.keys.whole.secretKey })).toMatchObject({
      code: 'NOT_FOUND',
      apiKey: null,
    });
    expect(await bound.verify({ secretKey: globex.keys.whole.secretKey })).toMatchObject({ valid: true });
    bound.close();
  });

  test('a token that is refused is brought anew once, for all that wait for it', async () => {
    const tokens = ['outdated.token.here', token];
    const brought: string[] = [];
    const renewing = createVerifier({
      url: program.url,
      timeoutMs: 10_000,
      token: async () => {
        const next = tokens[Math.min(brought.length, 1)] ?? '';
        brought.push(next);
        return next;
      },
    });
    const { secretKey } = customers.acme.keys.whole;
    const answers = await Promise.all(Array.from({ length: 20 }, () => renewing.verify({ secretKey })));
    expect(answers.every(({ valid }) => valid)).toBe(true);
    await renewing.verify({ secretKey });
    expect(brought).toEqual(tokens);
    renewing.close();
  });

  test('a service that may not verify is told so', async () => {
    const other = await program.service('sync', 'resources:sync');
    const { secretKey } = customers.acme.keys.whole;
    const refusal = async (bad: string) => {
      const refused = createVerifier({ url: program.url, token: bad });
      await expect(refused.verify({ secretKey })).rejects.toMatchObject({ name: 'ScopegateRefused' });
      refused.close();
    };
    await refusal(String(other['authorization']).replace('Bearer ', ''));
    await refusal('no.token.atall');
  });

  test('requests one after the other share a connection', async () => {
    const alone = createVerifier({ url: `${program.url}/`, token });
    const { secretKey } = customers.acme.keys.whole;
    const connections = await countConnections(async () => {
      for (let count = 0; count < 10; count++) await alone.verify({ secretKey });
    });
    expect(connections).toBe(1);
    alone.close();
  });
});
