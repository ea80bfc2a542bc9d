import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { asEveryone } from '../support/as-everyone';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE, twoCustomers, type TwoCustomers } from '../support/two-customers';
import { postVerify, verifyByGraphql, verifyByRest, type Asked } from '../support/verifying';

const NOWHERE = '01890000-0000-7000-8000-000000000000';
const THEN = Date.UTC(2024, 0, 1);
const LEVELS = ['ORGANIZATION', 'ACCOUNT', 'WIDGET', 'ENVIRONMENT'];

interface Described {
  readonly revokedAt?: number;
  readonly disabledAt?: number;
  readonly expiresAt?: number;
  readonly granted: boolean;
}

/** Each key and what it is asked for, with what comes of it: the first that is wrong is told. */
const PRECEDENCE: [Described, 'covered' | 'elsewhere' | 'foreign' | 'nowhere' | 'nothing', string][] = [
  [{ revokedAt: THEN, disabledAt: THEN, expiresAt: THEN, granted: false }, 'nowhere', 'REVOKED'],
  [{ revokedAt: THEN, granted: true }, 'covered', 'REVOKED'],
  [{ disabledAt: THEN, expiresAt: THEN, granted: false }, 'nowhere', 'DISABLED'],
  [{ disabledAt: THEN, granted: true }, 'covered', 'DISABLED'],
  [{ expiresAt: THEN, granted: false }, 'nowhere', 'EXPIRED'],
  [{ expiresAt: THEN, granted: true }, 'covered', 'EXPIRED'],
  [{ granted: false }, 'nowhere', 'NO_SCOPE'],
  [{ granted: false }, 'nothing', 'NO_SCOPE'],
  [{ granted: true }, 'nowhere', 'RESOURCE_NOT_FOUND'],
  [{ granted: true }, 'elsewhere', 'OUT_OF_SCOPE'],
  [{ granted: true }, 'foreign', 'OUT_OF_SCOPE'],
  [{ granted: true }, 'covered', 'VALID'],
  [{ granted: true }, 'nothing', 'VALID'],
  [{ expiresAt: Date.now() + 3_600_000, granted: true }, 'covered', 'VALID'],
];

describe.each([
  ['REST', verifyByRest],
  ['GraphQL', verifyByGraphql],
])('a verification over %s', (_door, verify) => {
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

  /** The answer when the question is new, when it is remembered, and from the database: always the same. */
  const answer = async (asked: Asked) => {
    const first = await verify(program, asService, asked);
    expect(await verify(program, asService, asked)).toEqual(first);
    expect(await verify(program, asService, { ...asked, fresh: true })).toEqual(first);
    return first;
  };
  const environment = ({ id }: { id: string }) => ({ level: 'ENVIRONMENT', id });

  test.each(PRECEDENCE)('of a key with %j for something %s is %s', async (described, what, code) => {
    const { granted, ...times } = described;
    const { secretKey, stored } = program.secretKeys.generate();
    const key = await program.given((tenancy) =>
      tenancy.apiKey({
        organization: acme.organization,
        name: 'One',
        creator: PEOPLE.owner,
        grants: granted ? [acme.checkout] : [],
        secret: stored,
        ...times,
      }),
    );
    const resource = {
      covered: environment(acme.checkoutStaging),
      elsewhere: environment(acme.orderingProduction),
      foreign: environment(globex.gridProduction),
      nowhere: environment({ id: NOWHERE }),
      nothing: null,
    }[what];
    const missing = { level: 'ENVIRONMENT', resourceId: acme.orderingProduction.id };
    expect(await answer({ secretKey, resource })).toEqual({
      valid: code === 'VALID',
      code,
      apiKey: expect.objectContaining({ id: key.id }),
      grantedBy: code === 'VALID' && what === 'covered' ? expect.any(Object) : null,
      missingGrant: what === 'elsewhere' ? missing : null,
    });
  });

  test('tells the key, its scope, and the way from the nearest grant to the resource', async () => {
    const { key, secretKey } = acme.keys.environment;
    await program.database.transaction((transaction) =>
      transaction.execute('UPDATE api_keys SET metadata = ? WHERE id = ?', ['{"team":"shop"}', key.id]),
    );
    expect(await answer({ secretKey, resource: environment(acme.checkoutProduction) })).toEqual({
      valid: true,
      code: 'VALID',
      apiKey: {
        id: key.id,
        name: 'Checkout production only',
        organizationId: acme.organization.id,
        scope: {
          organizationId: null,
          accountIds: [],
          widgetIds: [],
          environmentIds: [acme.checkoutProduction.id],
        },
        metadata: { team: 'shop' },
        expiresAt: new Date(key.expiresAt ?? 0).toISOString(),
      },
      grantedBy: {
        level: 'ENVIRONMENT',
        resourceId: acme.checkoutProduction.id,
        path: [environment(acme.checkoutProduction)],
      },
      missingGrant: null,
    });
  });

  test('names the nearest of several grants, and the path below it', async () => {
    const { organization, retail, checkout, checkoutStaging, ordering, orderingProduction } = acme;
    const grantedBy = async (key: 'whole' | 'account' | 'widget' | 'mixed', of: { id: string }) =>
      (await answer({ secretKey: acme.keys[key].secretKey, resource: environment(of) })).grantedBy;
    const path = (...nodes: { level: number; id: string }[]) =>
      nodes.map(({ level, id }) => ({ level: LEVELS[level], id }));
    expect(await grantedBy('whole', checkoutStaging)).toEqual({
      level: 'ORGANIZATION',
      resourceId: organization.id,
      path: path(organization, retail, checkout, checkoutStaging),
    });
    expect((await grantedBy('account', checkoutStaging))?.path).toEqual(
      path(retail, checkout, checkoutStaging),
    );
    expect((await grantedBy('widget', checkoutStaging))?.path).toEqual(path(checkout, checkoutStaging));
    expect(await grantedBy('mixed', orderingProduction)).toMatchObject({ resourceId: orderingProduction.id });
    const ofWidget = { level: 'WIDGET', id: ordering.id };
    expect((await answer({ secretKey: acme.keys.mixed.secretKey, resource: ofWidget })).grantedBy).toEqual({
      level: 'WIDGET',
      resourceId: ordering.id,
      path: [ofWidget],
    });
  });

  test('of a resource by another level than its own finds none', async () => {
    const { secretKey } = acme.keys.whole;
    for (const level of LEVELS.slice(0, 3)) {
      const { code } = await answer({ secretKey, resource: { level, id: acme.checkoutStaging.id } });
      expect(code).toBe('RESOURCE_NOT_FOUND');
    }
  });

  test('takes an id in capitals for the same', async () => {
    const resource = environment({ id: acme.checkoutStaging.id.toUpperCase() });
    expect((await answer({ secretKey: acme.keys.widget.secretKey, resource })).code).toBe('VALID');
  });

  test('of a key that is well-formed and nobody has, or whose secret differs, is NOT_FOUND', async () => {
    const nothing = { valid: false, code: 'NOT_FOUND', apiKey: null, grantedBy: null, missingGrant: null };
    const { secretKey } = program.secretKeys.generate();
    expect(await answer({ secretKey })).toEqual(nothing);
    expect(await answer({ secretKey, resource: environment(acme.checkoutStaging) })).toEqual(nothing);
    // The selector of a key that there is, with the verifier of another.
    const { stored } = program.secretKeys.generate();
    const { secretKey: other } = program.secretKeys.generate();
    await program.given((tenancy) => {
      const selector = program.secretKeys.selectorOf(other) ?? '';
      const [organization, creator] = [acme.organization, PEOPLE.owner];
      return tenancy.apiKey({
        organization,
        name: 'X',
        creator,
        grants: [],
        secret: { ...stored, selector },
      });
    });
    expect(await answer({ secretKey: other })).toEqual(nothing);
  });

  test('is not for people, keys, other services, or callers without a credential', async () => {
    const as = await asEveryone(program);
    const asked = { secretKey: acme.keys.whole.secretKey };
    const others: Credential[] = [
      ...Object.values(as),
      await program.service('syncer', 'resources:sync'),
      { 'x-api-key': acme.keys.whole.secretKey },
    ];
    for (const credential of others) {
      await expect(verify(program, credential, asked)).rejects.toThrow(/FORBIDDEN|Only a service/);
      expect((await postVerify(program, credential, asked)).status).toBe(403);
    }
    await expect(verify(program, {}, asked)).rejects.toThrow(/UNAUTHENTICATED|credential/);
    expect((await postVerify(program, {}, asked)).status).toBe(401);
  });

  test('asks the database for a resource that there is none of as for one that is out of scope', async () => {
    const { secretKey } = acme.keys.widget;
    const statements = (id: string) =>
      program.statementsDuring(() =>
        verify(program, asService, { secretKey, resource: environment({ id }), fresh: true }),
      );
    const outOfScope = await statements(acme.orderingProduction.id);
    expect(outOfScope.length).toBeGreaterThan(0);
    expect(await statements(NOWHERE)).toEqual(outOfScope);
  });
});
