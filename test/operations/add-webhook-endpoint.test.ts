import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { asEveryone } from '../support/as-everyone';
import { recordOf } from '../support/key-mutations';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE, twoCustomers, type Person, type TwoCustomers } from '../support/two-customers';
import {
  addedEndpoint,
  deliveriesOf,
  endpointsOf,
  removeEndpoints,
  tryToAddEndpoint,
} from '../support/webhooks';

const NOWHERE = '01890000-0000-7000-8000-000000000000';
const URL_OF_ACME = 'https://hooks.acme.example/keys';

describe('addWebhookEndpoint', () => {
  let program: TestProgram;
  let as: Record<Person, Credential>;
  let customers: TwoCustomers;
  let acmeId: string;

  beforeAll(async () => {
    program = await TestProgram.start();
    as = await asEveryone(program);
    customers = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys));
    acmeId = customers.acme.organization.id;
  });

  afterEach(() => removeEndpoints(program));

  afterAll(() => program.stop());

  test('an admin adds an endpoint, and sees its signing secret this once', async () => {
    const { signingSecret, ...endpoint } = await addedEndpoint(program, as.admin, acmeId, URL_OF_ACME);
    expect(signingSecret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(endpoint.url).toBe(URL_OF_ACME);
    expect(await endpointsOf(program, as.owner, acmeId)).toEqual([endpoint]);

    const listed = await program.graphql(
      as.owner,
      `{ organizations { nodes { webhookEndpoints { nodes { id url } } auditEvents { nodes { before after } }
        webhookDeliveries { nodes { payload } } } } }`,
    );
    expect(listed.text).toContain(URL_OF_ACME);
    expect(listed.text).not.toContain(signingSecret);
  });

  test('each endpoint has a secret of its own, and the newest is listed first', async () => {
    const first = await addedEndpoint(program, as.owner, acmeId, URL_OF_ACME);
    const second = await addedEndpoint(program, as.owner, acmeId, URL_OF_ACME);
    expect(second.signingSecret).not.toBe(first.signingSecret);
    const listed = await endpointsOf(program, as.owner, acmeId);
    expect(listed?.map(({ id }) => id)).toEqual([second.id, first.id]);
  });

  test('it is recorded who added it, without the secret', async () => {
    const { id, signingSecret } = await addedEndpoint(program, as.admin, acmeId, URL_OF_ACME);
    const events = await recordOf(program, id);
    expect(events).toMatchObject([
      {
        action: 'WEBHOOK_ENDPOINT_ADDED',
        actorId: PEOPLE.admin.id,
        before: null,
        after: { url: URL_OF_ACME },
      },
    ]);
    expect(JSON.stringify(events)).not.toContain(signingSecret.slice(6));
  });

  test.each(['member', 'narrowedMember', 'narrowedAdmin', 'both', 'outsider', 'nobody'] as const)(
    'to the %s the organization reads as one that is nowhere, and nothing is added or shown',
    async (person) => {
      await addedEndpoint(program, as.owner, acmeId, URL_OF_ACME);
      const refused = await tryToAddEndpoint(program, as[person], acmeId, URL_OF_ACME);
      expect(refused).toEqual(await tryToAddEndpoint(program, as[person], NOWHERE, URL_OF_ACME));
      expect(refused.userErrors).toMatchObject([{ code: 'NOT_FOUND', field: ['organizationId'] }]);
      expect(await endpointsOf(program, as.owner, acmeId)).toHaveLength(1);
      if (person === 'outsider' || person === 'nobody') return;
      expect(await endpointsOf(program, as[person], acmeId)).toBeNull();
      expect(await deliveriesOf(program, as[person], acmeId)).toBeNull();
    },
  );

  test('an API key may not add one, whatever its scope', async () => {
    const credential = { 'x-api-key': customers.acme.keys.whole.secretKey };
    const answer = await program.graphql(
      credential,
      `mutation { addWebhookEndpoint(input: { organizationId: "${acmeId}", url: "${URL_OF_ACME}" }) { signingSecret } }`,
    );
    expect(answer.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    expect(await endpointsOf(program, credential, acmeId)).toBeNull();
  });

  test.each([
    ['', 'Expected a URL such as'],
    ['hooks.acme.example', 'Expected a URL such as'],
    ['ftp://hooks.acme.example/', 'begins with https'],
    ['http://hooks.acme.example/', 'begins with https'],
    ['http://10.0.0.1/', 'begins with https'],
    ['https://user:password@hooks.acme.example/', 'without a user name'],
    ['https://user@hooks.acme.example/', 'without a user name'],
    [`https://hooks.acme.example/${'a'.repeat(2000)}`, 'at most 2000 characters'],
  ])('the URL %j is refused', async (url, message) => {
    const { endpoint, signingSecret, userErrors } = await tryToAddEndpoint(program, as.owner, acmeId, url);
    expect([endpoint, signingSecret]).toEqual([null, null]);
    expect(userErrors).toMatchObject([{ code: 'INVALID', field: ['url'] }]);
    expect(userErrors[0]?.message).toContain(message);
    expect(await endpointsOf(program, as.owner, acmeId)).toEqual([]);
  });

  test('outside production an endpoint on this machine may do without TLS', async () => {
    for (const url of ['http://localhost:8080/', 'http://127.0.0.1:8080/', 'http://[::1]:8080/']) {
      expect((await addedEndpoint(program, as.owner, acmeId, url)).url).toBe(url);
    }
  });

  test('an organization has at most 20 endpoints, however many are added at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 25 }, (_, index) =>
        tryToAddEndpoint(program, as.owner, acmeId, `${URL_OF_ACME}/${index}`),
      ),
    );
    const refused = answers.flatMap(({ userErrors }) => userErrors.map(({ code }) => code));
    expect(refused).toEqual(Array.from({ length: 5 }, () => 'LIMIT_REACHED'));
    expect(await endpointsOf(program, as.owner, acmeId)).toHaveLength(20);
    const globexId = customers.globex.organization.id;
    await addedEndpoint(program, as.outsider, globexId, 'https://hooks.globex.example/');
  });
});

describe('addWebhookEndpoint in production', () => {
  let program: TestProgram;

  beforeAll(async () => {
    program = await TestProgram.start({
      NODE_ENV: 'production',
      AUTH_JWT_SECRET: 'for tests only, and long enough to be taken',
      KEY_PEPPERS: `1:${Buffer.alloc(32, 7).toString('base64')}`,
    });
  });

  afterAll(() => program.stop());

  test('this machine, its network and its cloud are refused', async () => {
    const { acme } = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys));
    const asOwner = await program.user(PEOPLE.owner);
    const refused = [
      'http://localhost/',
      'http://127.0.0.1/',
      'https://127.0.0.1/',
      'https://169.254.169.254/',
    ];
    for (const url of [...refused, 'https://10.1.2.3/', 'https://[::1]/', 'https://[fd00:ec2::254]/']) {
      const { userErrors } = await tryToAddEndpoint(program, asOwner, acme.organization.id, url);
      expect([url, userErrors.map(({ code, field }) => [code, field])]).toEqual([
        url,
        [['INVALID', ['url']]],
      ]);
    }
    await addedEndpoint(program, asOwner, acme.organization.id, URL_OF_ACME);
  });
});
