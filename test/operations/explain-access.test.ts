import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { asEveryone } from '../support/as-everyone';
import { ask } from '../support/every-page';
import { changedKey, createdKey } from '../support/key-mutations';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE, twoCustomers, type Person, type TwoCustomers } from '../support/two-customers';

const NOWHERE = '01890000-0000-7000-8000-000000000000';

interface Ref {
  readonly level: string;
  readonly resourceId: string;
}

interface Explanation {
  readonly valid: boolean;
  readonly code: string;
  readonly reason: string;
  readonly grant: (Ref & { readonly resource: { readonly name: string } | null }) | null;
  readonly path: readonly { readonly name: string }[];
  readonly missingGrant: Ref | null;
}

const QUERY = `query($key: ID!, $resource: ResourceInput!) { explainAccess(apiKeyId: $key, resource: $resource) {
  valid code reason grant { level resourceId resource { name } } path { name } missingGrant { level resourceId } } }`;

describe('an explanation of what a key may touch', () => {
  let program: TestProgram;
  let as: Record<Person, Credential>;
  let acme: TwoCustomers['acme'];
  let globex: TwoCustomers['globex'];

  beforeAll(async () => {
    program = await TestProgram.start();
    as = await asEveryone(program);
    ({ acme, globex } = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys)));
  });

  afterAll(() => program.stop());

  const explain = async (credential: Credential, key: string, level: string, id: string) => {
    const data = await ask<{ explainAccess: Explanation | null }>(program, credential, QUERY, {
      key,
      resource: { level, id },
    });
    return data.explainAccess;
  };
  const environment = (key: string, { id }: { id: string }, credential = as.owner) =>
    explain(credential, key, 'ENVIRONMENT', id);

  test('names the nearest grant, and the way from there to the resource', async () => {
    expect(await environment(acme.keys.account.key.id, acme.checkoutStaging)).toEqual({
      valid: true,
      code: 'VALID',
      reason:
        'The scope of the key covers the environment "Checkout staging": the key is granted the account "Retail", with ' +
        'everything below it.',
      grant: { level: 'ACCOUNT', resourceId: acme.retail.id, resource: { name: 'Retail' } },
      path: [{ name: 'Retail' }, { name: 'Checkout' }, { name: 'Checkout staging' }],
      missingGrant: null,
    });
    expect(await environment(acme.keys.mixed.key.id, acme.orderingProduction)).toMatchObject({
      reason: expect.stringContaining('is granted that itself'),
      grant: { level: 'ENVIRONMENT', resourceId: acme.orderingProduction.id },
      path: [{ name: 'Ordering production' }],
    });
  });

  test('of a key that is granted something else names what it lacks, and what to do', async () => {
    expect(await environment(acme.keys.account.key.id, acme.orderingProduction)).toEqual({
      valid: false,
      code: 'OUT_OF_SCOPE',
      reason:
        'The key is granted neither the environment "Ordering production" nor anything above it. To allow it, add the ' +
        'environment "Ordering production" to its scope with updateApiKey.',
      grant: null,
      path: [],
      missingGrant: { level: 'ENVIRONMENT', resourceId: acme.orderingProduction.id },
    });
  });

  test('of a key without grants names what it lacks, too', async () => {
    expect(await environment(acme.keys.none.key.id, acme.checkoutStaging)).toMatchObject({
      valid: false,
      code: 'NO_SCOPE',
      reason: expect.stringContaining('no grants'),
      missingGrant: { level: 'ENVIRONMENT', resourceId: acme.checkoutStaging.id },
    });
  });

  test('tells that nothing can be granted of another organization', async () => {
    const explanation = await environment(acme.keys.mixed.key.id, globex.gridProduction, as.both);
    expect(explanation).toBeNull();
    const { id } = acme.keys.wholesale.key;
    expect(await environment(id, globex.gridProduction, as.both)).toMatchObject({
      code: 'OUT_OF_SCOPE',
      reason: expect.stringContaining('of another organization'),
      missingGrant: null,
    });
  });

  test('of a key that is not in use tells why, and what its scope says', async () => {
    const explained = async (key: 'disabled' | 'expired' | 'revoked', of: { id: string }) => {
      const { code, grant, missingGrant, reason } =
        (await environment(acme.keys[key].key.id, of)) ?? ({} as Partial<Explanation>);
      return { code, granted: grant?.resourceId, missing: missingGrant?.resourceId, reason };
    };
    const [staging, production] = [acme.checkoutStaging, acme.checkoutProduction];
    expect(await explained('disabled', staging)).toEqual({
      code: 'DISABLED',
      granted: staging.id,
      missing: undefined,
      reason: 'The key is switched off. Switch it on again with enableApiKey.',
    });
    expect(await explained('disabled', production)).toEqual({
      code: 'DISABLED',
      granted: undefined,
      missing: production.id,
      reason: expect.stringMatching(/^The key is switched off\. .+ To allow it, add /),
    });
    expect(await explained('expired', staging)).toMatchObject({
      code: 'EXPIRED',
      granted: staging.id,
      reason: 'The key ended by itself at 2024-01-01T00:00:00.000Z. Move its end with updateApiKey.',
    });
    expect(await explained('revoked', acme.orderingProduction)).toMatchObject({
      code: 'REVOKED',
      missing: acme.orderingProduction.id,
      reason: 'The key was revoked, which is final. Make a new key, and use that.',
    });
  });

  test.each([
    ['an id that is nowhere', 'ENVIRONMENT', () => NOWHERE],
    ['a thing of another level', 'WIDGET', () => acme.checkoutStaging.id],
    ['a thing of another customer', 'ENVIRONMENT', () => globex.gridProduction.id],
  ])('of %s is that there is none', async (_what, level, id) => {
    expect(await explain(as.owner, acme.keys.whole.key.id, level, id())).toEqual({
      valid: false,
      code: 'RESOURCE_NOT_FOUND',
      reason: `There is no ${level.toLowerCase()} of this id that you may read. Check the id, and whether it is of that level.`,
      grant: null,
      path: [],
      missingGrant: null,
    });
  });

  test('shows a caller of the way and of the grant only what they may read', async () => {
    const wide = { id: 'wide@acme.example', email: 'wide@acme.example' };
    const { id } = await program.given((tenancy) => {
      tenancy.membership(acme.organization, wide, 'MEMBER', [acme.checkout]);
      return tenancy.apiKey({
        organization: acme.organization,
        name: 'Wide',
        creator: wide,
        grants: [acme.retail],
      });
    });
    expect(await environment(id, acme.checkoutStaging, await program.user(wide))).toMatchObject({
      code: 'VALID',
      reason: expect.not.stringContaining('Retail'),
      grant: { level: 'ACCOUNT', resourceId: acme.retail.id, resource: null },
      path: [{ name: 'Checkout' }, { name: 'Checkout staging' }],
    });
  });

  test('is given to a secret key about itself, and about no other', async () => {
    const { key, secretKey } = acme.keys.account;
    const asKey = { 'x-api-key': secretKey };
    expect(await environment(key.id, acme.checkoutStaging, asKey)).toMatchObject({ code: 'VALID' });
    expect(await environment(key.id, acme.orderingProduction, asKey)).toMatchObject({
      code: 'RESOURCE_NOT_FOUND',
    });
    expect(await environment(acme.keys.widget.key.id, acme.checkoutStaging, asKey)).toBeNull();
  });

  test.each(['apiKeyId', 'resource.id'])('with an id in %s that is none is bad input', async (argument) => {
    const key = argument === 'apiKeyId' ? 'none' : NOWHERE;
    const variables = { key, resource: { level: 'WIDGET', id: argument === 'apiKeyId' ? NOWHERE : 'none' } };
    const { data, errors } = await program.graphql(as.owner, QUERY, variables);
    expect(data).toEqual({ explainAccess: null });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument } }]);
  });

  test('is what a verification answers, for every key of a customer and each of its things', async () => {
    const asService = await program.service('verifier', 'api-keys:verify');
    const { keys, ...resources } = acme;
    const levels = ['ORGANIZATION', 'ACCOUNT', 'WIDGET', 'ENVIRONMENT'];
    for (const { key, secretKey } of Object.values(keys)) {
      for (const { id, level } of Object.values(resources)) {
        const resource = { level: levels[level] ?? '', id };
        const { data } = await program.graphql<{ verifyApiKey: { verification: Verification } }>(
          asService,
          `mutation($input: VerifyApiKeyInput!) { verifyApiKey(input: $input) { verification {
            valid code grantedBy { grant { resourceId } } } } }`,
          { input: { secretKey, resource } },
        );
        const { valid, code, grantedBy } = data.verifyApiKey.verification;
        const explained = await explain(as.owner, key.id, resource.level, id);
        expect(explained).toMatchObject({ valid, code });
        if (valid) expect(explained?.grant?.resourceId).toBe(grantedBy?.grant.resourceId);
      }
    }
  });

  test('costs four statements at most and one for the granted resource, and is of the moment', async () => {
    const scope = { widgetIds: [acme.checkout.id] };
    const { apiKey } = await createdKey(program, as.owner, { name: 'Narrowed', scope });
    const codeNow = async () => (await environment(apiKey.id, acme.checkoutStaging))?.code;
    const statements = await program.statementsDuring(async () => expect(await codeNow()).toBe('VALID'));
    // Fewer where the resources are remembered.
    expect(statements.length).toBeLessThanOrEqual(5);
    await changedKey(program, as.owner, 'updateApiKey', { id: apiKey.id, version: 1, scope: {} });
    expect(await codeNow()).toBe('NO_SCOPE');
  });

  test('of a key that others made is for owners and admins', async () => {
    const { id } = acme.keys.account.key;
    const codes = [];
    for (const person of ['owner', 'admin', 'narrowedAdmin', 'member', 'outsider'] as const) {
      codes.push((await environment(id, acme.checkoutStaging, as[person]))?.code);
    }
    expect(codes).toEqual(['VALID', 'VALID', 'VALID', undefined, undefined]);
    expect(acme.keys.account.key.creatorId).toBe(PEOPLE.admin.id);
  });
});

interface Verification {
  readonly valid: boolean;
  readonly code: string;
  readonly grantedBy: { readonly grant: Ref } | null;
}
