import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { SignJWT, type JWTPayload } from 'jose';
import { PRODUCTION, ROUTER_SECRET, askSubgraph, entities } from '../support/subgraph';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE, twoCustomers, type TwoCustomers } from '../support/two-customers';

const SDL = '{ _service { sdl } }';
const TRACE = { 'apollo-federation-include-trace': 'ftv1' };
const asRouter = { 'x-router-secret': ROUTER_SECRET };

/** What was answered, without what differs between two requests for the same. */
async function answerTo(url: string, headers: Credential, method: string, body?: string) {
  const response = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json', 'x-request-id': 'same', ...headers },
    ...(body !== undefined && { body }),
  });
  const { status } = response;
  const text = await response.text();
  const told = [...response.headers].filter(([name]) => name !== 'date');
  return { status, text, told };
}

describe('in production, with a router secret', () => {
  let program: TestProgram;
  let asOwner: Credential;
  let customers: TwoCustomers;

  beforeAll(async () => {
    program = await TestProgram.start({ ...PRODUCTION, ROUTER_SECRET });
    asOwner = await program.user(PEOPLE.owner);
    customers = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys));
  });

  afterAll(() => program.stop());

  const bearer = async (name: string, ...permissions: Parameters<TestProgram['service']>[1][]) => {
    const { authorization = '' } = await program.service(name, ...permissions);
    return { 'x-router-authorization': authorization };
  };

  test('a router with the secret reads the schema, which no user sees at /graphql', async () => {
    const answer = await askSubgraph<{ _service: { sdl: string } }>(program, asRouter, SDL);
    expect(answer.data._service.sdl).toContain('type Environment implements Resource @key(fields: "id")');
    const { errors } = await program.graphql(asOwner, SDL);
    expect(errors?.[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
    const asked = await program.graphql(
      { ...asOwner, ...asRouter },
      '{ _entities(representations: []) { __typename } }',
    );
    expect(asked.errors?.[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
  });

  test('a router with a token of its own does, and only with the permission for it', async () => {
    const { data } = await askSubgraph(program, await bearer('router', 'federation:route'), SDL);
    expect(data).toHaveProperty('_service.sdl');
    for (const headers of [await bearer('syncer', 'resources:sync'), await bearer('a user')]) {
      expect((await askSubgraph(program, headers, SDL)).status).toBe(404);
    }
  });

  test.each<[string, (owner: Credential) => Credential]>([
    ['nothing', () => ({})],
    ['a wrong secret', () => ({ 'x-router-secret': `${ROUTER_SECRET}.` })],
    ['a part of the secret', () => ({ 'x-router-secret': ROUTER_SECRET.slice(0, -1) })],
    ['the secret in another place', () => ({ authorization: `Bearer ${ROUTER_SECRET}` })],
    ['the secret as a token', () => ({ 'x-router-authorization': `Bearer ${ROUTER_SECRET}` })],
    ['no token', () => ({ 'x-router-authorization': 'Basic cm91dGVyOnNlY3JldA==' })],
    ['the token of a user', (owner) => ({ ...owner })],
  ])(
    'a stranger with %s is answered as if there were nothing there, to the letter',
    async (_what, headersOf) => {
      const headers = headersOf(asOwner);
      const requests = [
        ['POST', JSON.stringify({ query: SDL })],
        ['POST', '{"query":'],
        ['POST', 'x'.repeat(10_000)],
        ['GET'],
        ['PUT', '{}'],
        ['HEAD'],
      ] as const;
      for (const [method, body] of requests) {
        const nothing = await answerTo(`${program.url}/nothing`, headers, method, body);
        expect(nothing.status).toBe(404);
        expect(await answerTo(`${program.url}/subgraph`, headers, method, body)).toEqual(nothing);
      }
      const path = `/subgraph?query=${encodeURIComponent(SDL)}`;
      const asked = await answerTo(
        program.url + path,
        { ...headers, 'apollo-require-preflight': '1' },
        'GET',
      );
      expect(asked.status).toBe(404);
    },
  );

  test('the permission to route is worth nothing where users and services call', async () => {
    const asService = await program.service('router', 'federation:route');
    const { data } = await program.graphql(
      asService,
      '{ viewer { kind permissions } organizations { totalCount } }',
    );
    expect(data).toEqual({
      viewer: { kind: 'SERVICE', permissions: ['federation:route'] },
      organizations: { totalCount: 0 },
    });
  });

  test('the caller is who the Authorization header says, whichever way the router proves itself', async () => {
    const reference = { __typename: 'Organization', id: customers.acme.organization.id };
    const asOutsider = await program.user(PEOPLE.outsider);
    for (const router of [asRouter, await bearer('router', 'federation:route')]) {
      const [own] = await entities(
        program,
        { ...router, ...asOwner },
        [reference],
        '... on Organization { name }',
      );
      expect(own).toMatchObject({ name: 'Acme' });
      const [foreign] = await entities(program, { ...router, ...asOutsider }, [reference], '');
      expect(foreign).toBeNull();
    }
  });

  test('a router gets nothing but the schema for a user without a credential, or with a wrong one', async () => {
    const query = '{ _entities(representations: []) { __typename } }';
    for (const headers of [asRouter, { ...asRouter, authorization: 'Bearer x' }]) {
      const { status, errors } = await askSubgraph(program, headers, query);
      expect([status, errors?.[0]?.extensions.code]).toEqual([401, 'UNAUTHENTICATED']);
    }
  });

  test('traces are told to routers that ask for them, with errors masked', async () => {
    const traced = await askSubgraph(program, { ...asRouter, ...asOwner, ...TRACE }, '{ viewer { id } }');
    expect(JSON.parse(traced.text)).toMatchObject({ extensions: { ftv1: expect.stringMatching(/./) } });
    const plain = await askSubgraph(program, { ...asRouter, ...asOwner }, '{ viewer { id } }');
    expect(JSON.parse(plain.text)).not.toHaveProperty('extensions');
    const { text } = await program.graphql({ ...asRouter, ...asOwner, ...TRACE }, '{ viewer { id } }');
    expect(JSON.parse(text)).not.toHaveProperty('extensions');
  });

  test('a word on the user is not heard, since the setting is off', async () => {
    const word = await wordOn({ sub: PEOPLE.owner.id });
    const { status } = await askSubgraph(
      program,
      { ...asRouter, 'x-router-user': word },
      '{ viewer { id } }',
    );
    expect(status).toBe(401);
  });
});

/** What a router says of its user. */
async function wordOn(
  claims: JWTPayload,
  { secret = ROUTER_SECRET, typ = 'router-user+jwt', age = 0, life = 60, omit = '' } = {},
): Promise<string> {
  const now = Math.floor(Date.now() / 1000) - age;
  const all = Object.entries({ iat: now, exp: now + life, ...claims });
  return new SignJWT(Object.fromEntries(all.filter(([name]) => name !== omit)))
    .setProtectedHeader({ alg: 'HS256', typ })
    .sign(Buffer.from(secret));
}

describe('with routers that sign who their users are', () => {
  const { id: sub, email } = PEOPLE.owner;
  let program: TestProgram;

  beforeAll(async () => {
    program = await TestProgram.start({ ...PRODUCTION, ROUTER_SECRET, ROUTER_SIGNS_USERS: 'on' });
    await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys));
  });

  afterAll(() => program.stop());

  const QUERY = '{ viewer { kind id email } organizations { nodes { name } } }';
  const ask = (headers: Credential) => askSubgraph(program, headers, QUERY);

  test('the caller is who the router says, with the rights that they have here', async () => {
    const { data } = await ask({ ...asRouter, 'x-router-user': await wordOn({ sub, email }) });
    expect(data).toEqual({
      viewer: { kind: 'USER', id: sub, email },
      organizations: { nodes: [{ name: 'Acme' }] },
    });
  });

  test('a token of the user is taken as before', async () => {
    const { data } = await ask({ ...asRouter, ...(await program.user(PEOPLE.outsider)) });
    expect(data).toMatchObject({ organizations: { nodes: [{ name: 'Globex' }] } });
  });

  test.each<[string, () => Promise<string> | string]>([
    ['in plain text', () => sub],
    ['as plain JSON', () => JSON.stringify({ sub, email })],
    ['signed with another secret', () => wordOn({ sub }, { secret: PRODUCTION.AUTH_JWT_SECRET })],
    ['signed for something else', () => wordOn({ sub }, { typ: 'JWT' })],
    [
      'unsigned',
      () => `${btoa('{"alg":"none","typ":"router-user+jwt"}')}.${btoa(JSON.stringify({ sub, exp: 9e9 }))}.`,
    ],
    ['from two minutes ago, for an hour', () => wordOn({ sub }, { age: 120, life: 3600 })],
    ['that has expired', () => wordOn({ sub }, { age: 40, life: 10 })],
    ['from the future', () => wordOn({ sub }, { age: -120 })],
    ['without a time', () => wordOn({ sub }, { omit: 'iat' })],
    ['without an end', () => wordOn({ sub }, { omit: 'exp' })],
    ['without a user', () => wordOn({ email })],
    ['with a number for a user', () => wordOn({ sub: 0 as unknown as string })],
    ['that is empty', () => ''],
  ])('a word %s is refused', async (_what, word) => {
    const { status, errors } = await ask({ ...asRouter, 'x-router-user': await word() });
    expect([status, errors?.[0]?.extensions.code]).toEqual([401, 'UNAUTHENTICATED']);
  });

  test('a word beside a credential is refused: they could be of two callers', async () => {
    const word = await wordOn({ sub });
    for (const credential of [await program.user(PEOPLE.owner), { 'x-api-key': 'sg_x' }]) {
      expect((await ask({ ...asRouter, ...credential, 'x-router-user': word })).status).toBe(401);
    }
  });

  test('a word without the proof of a router, or outside the subgraph, is worth nothing', async () => {
    const word = { 'x-router-user': await wordOn({ sub }) };
    expect((await ask(word)).status).toBe(404);
    expect((await program.graphql({ ...asRouter, ...word }, QUERY)).status).toBe(401);
    expect((await program.get({ ...asRouter, ...word }, '/v1/api-keys')).status).toBe(401);
  });

  test('a word is no token of a user', async () => {
    const { status } = await program.graphql({ authorization: `Bearer ${await wordOn({ sub })}` }, QUERY);
    expect(status).toBe(401);
  });
});

describe('without a router secret', () => {
  test('in production the subgraph is closed to everybody but routers with a token', async () => {
    const program = await TestProgram.start(PRODUCTION);
    try {
      for (const headers of [{}, asRouter, { 'x-router-secret': '' }, { 'x-router-secret': 'null' }]) {
        expect((await askSubgraph(program, headers, SDL)).status).toBe(404);
      }
      const { authorization = '' } = await program.service('router', 'federation:route');
      const routed = await askSubgraph(program, { 'x-router-authorization': authorization }, SDL);
      expect(routed.data).toHaveProperty('_service.sdl');
    } finally {
      await program.stop();
    }
  });

  test('in development it is open, tells no traces, and answers users only about what they may read', async () => {
    const program = await TestProgram.start();
    try {
      const { acme } = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys));
      const answer = await askSubgraph(program, TRACE, SDL);
      expect(answer.data).toHaveProperty('_service.sdl');
      expect(JSON.parse(answer.text)).not.toHaveProperty('extensions');
      const reference = { __typename: 'Organization', slug: acme.organization.slug };
      const outsider = await program.user(PEOPLE.outsider);
      expect(await entities(program, outsider, [reference], '')).toEqual([null]);
      expect(await entities(program, await program.user(PEOPLE.owner), [reference], '')).not.toEqual([null]);
    } finally {
      await program.stop();
    }
  });

  test('a secret closes it in development too', async () => {
    const program = await TestProgram.start({ ROUTER_SECRET });
    try {
      expect((await askSubgraph(program, {}, SDL)).status).toBe(404);
      expect((await askSubgraph(program, asRouter, SDL)).data).toHaveProperty('_service.sdl');
    } finally {
      await program.stop();
    }
  });
});
