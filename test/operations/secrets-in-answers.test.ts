import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { TestProgram, type Credential } from '../support/test-program';
import { twoCustomers } from '../support/two-customers';
import { postVerify } from '../support/verifying';

const MUTATION =
  'mutation($input: VerifyApiKeyInput!) { verifyApiKey(input: $input) { verification { code } userErrors { code } } }';

/** Inputs of a service that has put the secret key into the wrong place, or in the wrong form. */
const MISTAKES: [string, (secretKey: string) => object][] = [
  ['a list', (secretKey) => ({ secretKey: [secretKey] })],
  ['an object', (secretKey) => ({ secretKey: { value: secretKey } })],
  ['the name of a field', (secretKey) => ({ secretKey, [secretKey]: true })],
  ['the whole resource', (secretKey) => ({ secretKey, resource: secretKey })],
  ['the level', (secretKey) => ({ secretKey, resource: { level: secretKey, id: secretKey } })],
  ['the id', (secretKey) => ({ secretKey, resource: { level: 'WIDGET', id: secretKey } })],
  ['the cost', (secretKey) => ({ secretKey, cost: secretKey })],
  ['the wish for something fresh', (secretKey) => ({ secretKey, fresh: secretKey })],
];

describe('the answer to a secret key in the wrong place does not repeat it', () => {
  let program: TestProgram;
  let asService: Credential;
  let secretKey: string;
  let end: string;

  beforeAll(async () => {
    program = await TestProgram.start();
    asService = await program.service('gateway', 'api-keys:verify');
    const { acme } = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys));
    ({ secretKey } = acme.keys.whole);
    end = secretKey.slice(-20);
  });

  afterAll(() => program.stop());

  test.each(MISTAKES)('over REST: as %s', async (_where, inputOf) => {
    const response = await postVerify(program, asService, inputOf(secretKey));
    expect(response.status).toBe(400);
    expect(await response.text()).not.toContain(end);
  });

  test.each(MISTAKES)('over GraphQL, in variables: as %s', async (_where, inputOf) => {
    const { errors, text } = await program.graphql(asService, MUTATION, { input: inputOf(secretKey) });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(text).not.toContain(end);
  });

  test.each<[string, (secretKey: string) => string]>([
    ['a list', (key) => `secretKey: ["${key}"]`],
    ['a name', (key) => `secretKey: ${key}`],
    ['the name of a field', (key) => `secretKey: "x", ${key}: true`],
    ['the level', (key) => `secretKey: "x", resource: { level: ${key}, id: "x" }`],
    ['the cost', (key) => `secretKey: "x", cost: "${key}"`],
    ['something that does not parse', (key) => `secretKey: "${key}`],
  ])('over GraphQL, in the document: as %s', async (_where, fields) => {
    const query = `mutation { verifyApiKey(input: { ${fields(secretKey)} }) { verification { code } } }`;
    const { errors, text } = await program.graphql(asService, query);
    expect(errors?.length).toBeGreaterThan(0);
    expect(text).not.toContain(end);
  });
});
