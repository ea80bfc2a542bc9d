import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mutate } from '../support/mutate';
import { expectNothingInternal } from '../support/nothing-internal';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE, twoCustomers, type TwoCustomers } from '../support/two-customers';
import { postVerify, verifyByGraphql, verifyByRest } from '../support/verifying';

/** Longer than a reading of the feed takes anywhere, so that what is known at the start is known throughout. */
const SETTINGS = { MAX_STALENESS_MS: '60000' };

const INVALID = { valid: false, code: 'INVALID_FORMAT', apiKey: null, grantedBy: null, missingGrant: null };

const DOORS = [
  ['REST', verifyByRest],
  ['GraphQL', verifyByGraphql],
] as const;

/** What begins like a key of ours and is none, whatever was imported; made of a good one. */
const SPOILT: [string, (good: string) => string][] = [
  ['cut off at the end', (good) => good.slice(0, -1)],
  ['cut off in the middle', (good) => good.slice(0, 30)],
  ['cut off after the prefix', (good) => good.slice(0, good.indexOf('_') + 1)],
  ['with a character more', (good) => `${good}0`],
  [
    'with another one in place of a character',
    (good) => good.slice(0, -10) + changed(good.at(-10)) + good.slice(-9),
  ],
  ['with a checksum of another', (good) => good.slice(0, -6) + '000000'],
  ['with two characters swapped', (good) => good.slice(0, 20) + swapped(good.slice(20, 22)) + good.slice(22)],
  ['repeated beyond all length', (good) => good.repeat(100)],
  ['in other letters', (good) => `${good.slice(0, good.indexOf('_') + 1)}${'é'.repeat(62)}`],
  ['with a line break', (good) => `${good}\n`],
  ['with a space before', (good) => ` ${good}`],
  ['with a NUL in it', (good) => `${good.slice(0, 20)}\0${good.slice(21)}`],
];

/** What is no key of ours by any reading. */
const FOREIGN: [string, string][] = [
  ['empty', ''],
  ['a word', 'password'],
  ['a token', 'eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl'],
  ['an operator of another database', "' OR 1=1 --"],
  ['a number', '0'],
  ['a key of another prefix', `other_${'a'.repeat(12)}_${'b'.repeat(49)}`],
  ['a megabyte less some', 'x'.repeat(500_000)],
  ['emoji', '🔑'.repeat(20)],
  ['half of an emoji', '\ud83d'],
];

/** What cannot be sent in a header is no key of anybody. */
const UNSENDABLE = FOREIGN.filter(([, secretKey]) => !/^[\x21-\x7e]{1,512}$/.test(secretKey));

describe('what is no secret key', () => {
  let program: TestProgram;
  let asService: Credential;
  let customers: TwoCustomers;

  beforeAll(async () => {
    program = await TestProgram.start(SETTINGS);
    asService = await program.service('gateway', 'api-keys:verify');
    customers = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys));
    // Whether keys were imported is looked up once.
    await verifyByRest(program, asService, { secretKey: 'anything' });
  });

  afterAll(() => program.stop());

  const expectRefused = async (verify: (typeof DOORS)[number][1], secretKey: string) => {
    const resource = { level: 'ENVIRONMENT', id: customers.acme.checkoutStaging.id };
    const statements = await program.statementsDuring(async () => {
      expect(await verify(program, asService, { secretKey })).toEqual(INVALID);
      expect(await verify(program, asService, { secretKey, resource })).toEqual(INVALID);
      expect(await verify(program, asService, { secretKey, resource, fresh: true })).toEqual(INVALID);
    });
    expect(statements).toEqual([]);
  };

  describe.each(DOORS)('over %s', (_door, verify) => {
    test.each(SPOILT)('is refused with no statement: one %s', async (_how, spoil) => {
      await expectRefused(verify, spoil(customers.acme.keys.whole.secretKey));
    });

    test.each(FOREIGN)('is refused with no statement: %s', async (_what, secretKey) => {
      await expectRefused(verify, secretKey);
    });
  });

  describe('when keys were imported', () => {
    beforeAll(async () => {
      const { acme } = customers;
      const scope = { environmentIds: [acme.checkoutStaging.id] };
      const sha256 = createHash('sha256').update('a key from elsewhere').digest('hex');
      const keys = [{ name: 'Imported', scope, sha256 }];
      const input = { organizationId: acme.organization.id, keys };
      const asOwner = await program.user(PEOPLE.owner);
      expect((await mutate(program, asOwner, 'importApiKeys', 'apiKeys { id }', input)).userErrors).toEqual(
        [],
      );
    });

    test.each(SPOILT)('is still refused with no statement: one %s', async (_how, spoil) => {
      await expectRefused(verifyByRest, spoil(customers.acme.keys.whole.secretKey));
    });

    test.each(UNSENDABLE)('is still refused with no statement: %s', async (_what, secretKey) => {
      await expectRefused(verifyByRest, secretKey);
    });

    test('is looked up where it could be one of them', async () => {
      expect((await verifyByRest(program, asService, { secretKey: 'password' })).code).toBe('NOT_FOUND');
    });
  });

  test.each(['none', '', '0', "' OR 1=1 --", '1'.repeat(36), `{${'a'.repeat(34)}}`])(
    'is no matter where the id of a resource is none: %j is bad input',
    async (id) => {
      const { secretKey } = customers.acme.keys.whole;
      const resource = { level: 'WIDGET', id };
      const statements = await program.statementsDuring(async () => {
        const response = await postVerify(program, asService, { secretKey, resource });
        const text = await response.text();
        expect([response.status, JSON.parse(text)]).toMatchObject([400, { code: 'BAD_USER_INPUT' }]);
        expect(text).not.toContain(secretKey.slice(-20));
        const { errors } = await program.graphql(
          asService,
          'mutation($input: VerifyApiKeyInput!) { verifyApiKey(input: $input) { userErrors { code } } }',
          { input: { secretKey, resource } },
        );
        expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
      });
      expect(statements).toEqual([]);
    },
  );

  test.each<[string, (secretKey: string) => unknown]>([
    ['nothing', () => null],
    ['a text', (secretKey) => secretKey],
    ['an empty object', () => ({})],
    ['a secret key that is a number', () => ({ secretKey: 1 })],
    ['a secret key that is null', () => ({ secretKey: null })],
    ['a list of secret keys', (secretKey) => ({ secretKey: [secretKey] })],
    ['a level that there is none of', (secretKey) => ({ secretKey, resource: { level: 'GALAXY', id: 'x' } })],
    ['a level in small letters', (secretKey) => ({ secretKey, resource: { level: 'widget', id: 'x' } })],
    ['a resource without an id', (secretKey) => ({ secretKey, resource: { level: 'WIDGET' } })],
    ['an id that is a list', (secretKey) => ({ secretKey, resource: { level: 'WIDGET', id: ['x'] } })],
    ['a cost below nothing', (secretKey) => ({ secretKey, cost: -1 })],
    ['a cost beyond the most', (secretKey) => ({ secretKey, cost: 1_000_001 })],
    ['half a cost', (secretKey) => ({ secretKey, cost: 0.5 })],
    ['a cost in words', (secretKey) => ({ secretKey, cost: '1' })],
    ['a fresh that is a word', (secretKey) => ({ secretKey, fresh: 'yes' })],
    ['a field that there is none of', (secretKey) => ({ secretKey, principal: 'me' })],
    ['a list in a list', (secretKey) => [[{ secretKey }]]],
  ])('is answered with a problem that does not repeat it: %s', async (_what, bodyOf) => {
    const { secretKey } = customers.acme.keys.whole;
    const response = await postVerify(program, asService, bodyOf(secretKey));
    const text = await response.text();
    expect([response.status, JSON.parse(text)]).toMatchObject([400, { code: 'BAD_USER_INPUT' }]);
    expect(text).not.toContain(secretKey.slice(-20));
    expectNothingInternal(text);
  });
});

function changed(character = ''): string {
  return character === 'a' ? 'b' : 'a';
}

function swapped([first = '', second = '']: string): string {
  return first === second ? `${changed(first)}${second}` : `${second}${first}`;
}
