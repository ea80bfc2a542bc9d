import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { TestProgram, type Credential } from '../support/test-program';
import { twoCustomers, type TwoCustomers } from '../support/two-customers';
import { boundService, postVerify, verifyByGraphql, verifyByRest } from '../support/verifying';

const NOWHERE = '01890000-0000-7000-8000-000000000000';
const TOKEN_SECRET = 'a secret that the issuer of tokens shares with us';

describe('a service that is bound to one customer', () => {
  let program: TestProgram;
  let bound: Credential;
  let unbound: Credential;
  let acme: TwoCustomers['acme'];
  let globex: TwoCustomers['globex'];

  beforeAll(async () => {
    program = await TestProgram.start({ AUTH_JWT_SECRET: TOKEN_SECRET });
    ({ acme, globex } = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys)));
    bound = await boundService(TOKEN_SECRET, [globex.organization.id]);
    unbound = await program.service('gateway', 'api-keys:verify');
  });

  afterAll(() => program.stop());

  const textOf = async (credential: Credential, asked: object) => {
    const response = await postVerify(program, credential, asked);
    return [response.status, await response.text()];
  };
  const environment = ({ id }: { id: string }) => ({ level: 'ENVIRONMENT', id });

  test('verifies the keys of that customer', async () => {
    const { secretKey, key } = globex.keys.environment;
    const asked = { secretKey, resource: environment(globex.gridProduction) };
    for (const verify of [verifyByRest, verifyByGraphql]) {
      expect(await verify(program, bound, asked)).toMatchObject({ code: 'VALID', apiKey: { id: key.id } });
    }
  });

  test('is told of every key of others what it is told of one that is nowhere, to the letter', async () => {
    const resources = [undefined, environment(acme.checkoutStaging), environment({ id: NOWHERE })];
    for (const resource of resources) {
      for (const fresh of [false, true]) {
        const { secretKey: unknown } = program.secretKeys.generate();
        const nowhere = await textOf(bound, { secretKey: unknown, resource, fresh });
        expect(nowhere[1]).toContain('"code":"NOT_FOUND"');
        for (const { secretKey } of Object.values(acme.keys)) {
          const asked = { secretKey, resource, fresh };
          expect(await textOf(bound, asked)).toEqual(nowhere);
          expect((await verifyByGraphql(program, bound, asked)).code).toBe('NOT_FOUND');
        }
      }
    }
  });

  test('which others are told about, each in its own state', async () => {
    const codes = [];
    for (const { secretKey } of Object.values(acme.keys)) {
      codes.push((await verifyByRest(program, unbound, { secretKey })).code);
    }
    expect([...new Set(codes)].sort()).toEqual(['DISABLED', 'EXPIRED', 'NO_SCOPE', 'REVOKED', 'VALID']);
  });

  test('is told of every resource of others what it is told of one that is nowhere, to the letter', async () => {
    const { secretKey } = globex.keys.whole;
    const { organization, retail, checkout, checkoutStaging, orderingProduction } = acme;
    const resources = [organization, retail, checkout, checkoutStaging, orderingProduction];
    for (const level of ['ORGANIZATION', 'ACCOUNT', 'WIDGET', 'ENVIRONMENT']) {
      const nowhere = await textOf(bound, { secretKey, resource: { level, id: NOWHERE } });
      expect(nowhere[1]).toContain('"code":"RESOURCE_NOT_FOUND"');
      for (const { id } of resources) {
        expect(await textOf(bound, { secretKey, resource: { level, id } })).toEqual(nowhere);
      }
    }
    const asked = { secretKey, resource: environment(acme.checkoutStaging) };
    expect(await verifyByRest(program, unbound, asked)).toMatchObject({
      code: 'OUT_OF_SCOPE',
      missingGrant: null,
    });
  });

  test('sees both customers when it is bound to both, and none when it is bound to none', async () => {
    const both = await boundService(TOKEN_SECRET, [acme.organization.id, globex.organization.id]);
    const neither = await boundService(TOKEN_SECRET, []);
    const codes = async (credential: Credential) => [
      (await verifyByRest(program, credential, { secretKey: acme.keys.revoked.secretKey })).code,
      (await verifyByRest(program, credential, { secretKey: globex.keys.whole.secretKey })).code,
    ];
    expect(await codes(both)).toEqual(['REVOKED', 'VALID']);
    expect(await codes(neither)).toEqual(['NOT_FOUND', 'NOT_FOUND']);
  });

  test('is told of what is remembered for others no more than of what is not', async () => {
    const { secretKey } = acme.keys.disabled;
    const asked = { secretKey, resource: environment(acme.checkoutStaging) };
    expect((await verifyByRest(program, unbound, asked)).code).toBe('DISABLED');
    expect((await verifyByRest(program, bound, asked)).code).toBe('NOT_FOUND');
    expect((await verifyByRest(program, unbound, asked)).code).toBe('DISABLED');
  });

  test('asks the database for a key of others as for one that is out of scope', async () => {
    const statements = (secretKey: string) =>
      program.statementsDuring(() =>
        postVerify(program, bound, { secretKey, resource: environment(acme.checkoutStaging), fresh: true }),
      );
    const own = await statements(globex.keys.environment.secretKey);
    expect(own.length).toBeGreaterThan(0);
    expect(await statements(acme.keys.whole.secretKey)).toEqual(own);
  });
});
