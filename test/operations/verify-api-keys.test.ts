import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { TestProgram, type Credential } from '../support/test-program';
import { twoCustomers, type TwoCustomers } from '../support/two-customers';
import {
  VERIFICATION_FIELDS,
  fromGraphql,
  postVerify,
  verifyByRest,
  type Asked,
  type GraphqlVerification,
  type VerificationView,
} from '../support/verifying';

const LEVELS = ['ORGANIZATION', 'ACCOUNT', 'WIDGET', 'ENVIRONMENT'];
const NOWHERE = '01890000-0000-7000-8000-000000000000';

interface Verified {
  readonly verifications: readonly GraphqlVerification[] | null;
  readonly userErrors: readonly { readonly code: string; readonly field: readonly string[] }[];
}

describe('many verifications at once', () => {
  let program: TestProgram;
  let asService: Credential;
  let acme: TwoCustomers['acme'];
  let globex: TwoCustomers['globex'];

  beforeAll(async () => {
    program = await TestProgram.start();
    asService = await program.service('gateway', 'api-keys:verify');
    ({ acme, globex } = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys)));
  });

  afterAll(() => program.stop());

  /** Every key with every resource, and keys that are none, in an order that mixes them. */
  const questions = (): Asked[] => {
    const { keys, ...resources } = acme;
    const secretKeys = [...Object.values(keys), globex.keys.whole].map(({ secretKey }) => secretKey);
    const places = [...Object.values(resources), globex.gridProduction];
    return places.flatMap(({ id, level }) =>
      [...secretKeys, 'garbage', program.secretKeys.generate().secretKey].map((secretKey) => ({
        secretKey,
        resource: { level: LEVELS[level] ?? '', id },
      })),
    );
  };

  const byRest = async (asked: readonly Asked[]) => {
    const response = await postVerify(program, asService, asked);
    expect(response.status).toBe(200);
    return (await response.json()) as VerificationView[];
  };
  const byGraphql = async (verifications: readonly Asked[], fresh = false) => {
    const { data } = await program.graphql<{ verifyApiKeys: Verified }>(
      asService,
      `mutation($input: VerifyApiKeysInput!) { verifyApiKeys(input: $input) {
        verifications { ${VERIFICATION_FIELDS} } userErrors { code field } } }`,
      { input: { verifications, fresh } },
    );
    return data.verifyApiKeys;
  };

  test('are answered in their order, as they are one by one, over REST and GraphQL', async () => {
    const asked = questions().slice(0, 100);
    expect(asked).toHaveLength(100);
    const one = [];
    for (const question of asked) one.push(await verifyByRest(program, asService, question));
    expect(await byRest(asked)).toMatchObject(one);
    for (const fresh of [false, true]) {
      const { verifications, userErrors } = await byGraphql(asked, fresh);
      expect(userErrors).toEqual([]);
      expect(verifications?.map(fromGraphql)).toEqual(one);
    }
    const codes = new Set(one.map(({ code }) => code));
    expect([...codes].sort()).toEqual([
      'DISABLED',
      'EXPIRED',
      'INVALID_FORMAT',
      'NOT_FOUND',
      'NO_SCOPE',
      'OUT_OF_SCOPE',
      'REVOKED',
      'VALID',
    ]);
  });

  test('cost two statements when all is new, and none when all is remembered', async () => {
    const fresh = await TestProgram.start({ MAX_STALENESS_MS: '60000' });
    try {
      const credential = await fresh.service('gateway', 'api-keys:verify');
      const { acme: other } = await fresh.given((tenancy) => twoCustomers(tenancy, fresh.secretKeys));
      const asked = Object.values(other.keys).map(({ secretKey }) => ({
        secretKey,
        resource: { level: 'ENVIRONMENT', id: other.checkoutStaging.id },
      }));
      const ask = () => fresh.statementsDuring(() => postVerify(fresh, credential, asked));
      expect(await ask()).toHaveLength(2);
      expect(await ask()).toEqual([]);
    } finally {
      await fresh.stop();
    }
  });

  test.each([0, 101])('%d of them are refused', async (count) => {
    const asked = Array.from({ length: count }, () => ({ secretKey: acme.keys.whole.secretKey }));
    const response = await postVerify(program, asService, asked);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(await byGraphql(asked)).toEqual({
      verifications: null,
      userErrors: [{ code: 'INVALID', field: ['verifications'] }],
    });
  });

  test('of which one is malformed are refused as a whole', async () => {
    const good = { secretKey: acme.keys.whole.secretKey };
    const bad = { ...good, resource: { level: 'WIDGET', id: 'none' } };
    const response = await postVerify(program, asService, [good, bad]);
    expect(response.status).toBe(400);
    expect(await response.text()).not.toContain(good.secretKey.slice(-20));
    const { errors, text } = await program.graphql(
      asService,
      'mutation($input: VerifyApiKeysInput!) { verifyApiKeys(input: $input) { userErrors { code } } }',
      { input: { verifications: [good, bad] } },
    );
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(text).not.toContain(good.secretKey.slice(-20));
  });

  test('of one key ask for it once, and of one resource too', async () => {
    const resource = { level: 'ENVIRONMENT', id: NOWHERE };
    const asked = Array.from({ length: 100 }, () => ({
      secretKey: acme.keys.whole.secretKey,
      resource,
      fresh: true,
    }));
    let answers: readonly VerificationView[] = [];
    const statements = await program.statementsDuring(async () => {
      answers = await byRest(asked);
    });
    expect(answers.map(({ code }) => code)).toEqual(asked.map(() => 'RESOURCE_NOT_FOUND'));
    expect(statements).toHaveLength(2);
    expect(statements.join('').match(/\?/g)).toHaveLength(2);
  });
});
