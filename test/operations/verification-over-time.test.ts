import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { changedKey, createdKey, mutateKey } from '../support/key-mutations';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE, twoCustomers, type TwoCustomers } from '../support/two-customers';
import { remembered, verifyByRest } from '../support/verifying';

const HOUR_MS = 60 * 60 * 1000;

describe('as time goes by', () => {
  let program: TestProgram;
  let asOwner: Credential;
  let asService: Credential;
  let acme: TwoCustomers['acme'];
  let passedMs = 0;

  beforeAll(async () => {
    program = await TestProgram.start({}, () => Date.now() + passedMs);
    asOwner = await program.user(PEOPLE.owner);
    asService = await program.service('gateway', 'api-keys:verify');
    ({ acme } = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys)));
  });

  afterAll(() => program.stop());

  const codeOf = async (secretKey: string, fresh = false) => {
    const resource = { level: 'ENVIRONMENT', id: acme.checkoutStaging.id };
    return (await verifyByRest(program, asService, { secretKey, resource, fresh })).code;
  };

  /** The code that is answered from memory alone. */
  const rememberedCodeOf = (secretKey: string) => remembered(program, () => codeOf(secretKey));

  const keyOf = (input: object) =>
    createdKey(program, asOwner, { name: 'Key', scope: { widgetIds: [acme.checkout.id] }, ...input });

  test('a remembered key ends when it expires', async () => {
    const end = new Date(Date.now() + passedMs + HOUR_MS).toISOString();
    const { secretKey } = await keyOf({ expiresAt: end });
    expect(await rememberedCodeOf(secretKey)).toBe('VALID');
    passedMs += HOUR_MS + 1000;
    expect(await codeOf(secretKey)).toBe('EXPIRED');
    expect(await rememberedCodeOf(secretKey)).toBe('EXPIRED');
    expect(await codeOf(secretKey, true)).toBe('EXPIRED');
  });

  test('a rotated key goes by both its secrets, until the grace of the old one is over', async () => {
    const { apiKey, secretKey: old } = await keyOf({});
    expect(await rememberedCodeOf(old)).toBe('VALID');
    const rotation = { id: apiKey.id, gracePeriodSeconds: 3600 };
    const { secretKey: next } = await mutateKey(program, asOwner, 'rotateApiKey', rotation);
    const codes = async (ask: (secretKey: string) => Promise<string>) => [
      await ask(old),
      await ask(next ?? ''),
    ];
    expect(await codes(codeOf)).toEqual(['VALID', 'VALID']);
    expect(await codes(rememberedCodeOf)).toEqual(['VALID', 'VALID']);
    passedMs += HOUR_MS + 1000;
    expect(await codes(codeOf)).toEqual(['NOT_FOUND', 'VALID']);
    expect(await codes(rememberedCodeOf)).toEqual(['NOT_FOUND', 'VALID']);
    expect(await codes((secretKey) => codeOf(secretKey, true))).toEqual(['NOT_FOUND', 'VALID']);
  });

  test('a rotation that is ended early, or followed by another, ends the old secret at once', async () => {
    const { apiKey, secretKey: first } = await keyOf({});
    const rotation = { id: apiKey.id, gracePeriodSeconds: 3600 };
    const { secretKey: second } = await mutateKey(program, asOwner, 'rotateApiKey', rotation);
    expect(await rememberedCodeOf(first)).toBe('VALID');
    const { secretKey: third } = await mutateKey(program, asOwner, 'rotateApiKey', rotation);
    const codes = async () => [await codeOf(first), await codeOf(second ?? ''), await codeOf(third ?? '')];
    expect(await codes()).toEqual(['NOT_FOUND', 'VALID', 'VALID']);
    await changedKey(program, asOwner, 'endApiKeyRotation', { id: apiKey.id });
    expect(await codes()).toEqual(['NOT_FOUND', 'NOT_FOUND', 'VALID']);
  });

  test('a revoked key is revoked by both its secrets, and NOT_FOUND by the old one once its grace is over', async () => {
    const { apiKey, secretKey: old } = await keyOf({});
    const rotation = { id: apiKey.id, gracePeriodSeconds: 3600 };
    const { secretKey: next } = await mutateKey(program, asOwner, 'rotateApiKey', rotation);
    expect([await rememberedCodeOf(old), await rememberedCodeOf(next ?? '')]).toEqual(['VALID', 'VALID']);
    await changedKey(program, asOwner, 'revokeApiKey', { id: apiKey.id });
    expect(await codeOf(next ?? '')).toBe('REVOKED');
    expect(['REVOKED', 'NOT_FOUND']).toContain(await codeOf(old));
  });
});
