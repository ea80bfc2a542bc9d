import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createClient } from 'graphql-sse';
import { SignJWT } from 'jose';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { asEveryone } from '../support/as-everyone';
import { eventually } from '../support/eventually';
import { EventReader, FOLLOW, requestStream, type KeyEvent, type Told } from '../support/following';
import { changedKey } from '../support/key-mutations';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE, twoCustomers, type Person, type TwoCustomers } from '../support/two-customers';

const SECRET = 'signs the tokens of users, 32 bytes';
const HEARTBEAT_MS = 50;

let program: TestProgram;
let customers: TwoCustomers;
let as: Record<Person, Credential>;
let acme: string;

const start = async (settings: Record<string, string> = {}) => {
  program = await TestProgram.start({
    AUTH_JWT_SECRET: SECRET,
    SUBSCRIPTION_HEARTBEAT_MS: String(HEARTBEAT_MS),
    ...settings,
  });
  customers = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys));
  as = await asEveryone(program);
  acme = customers.acme.organization.id;
};

afterEach(() => program.stop());

const follow = (person: Person) => EventReader.follow(program, as[person], acme);
const touch = () => changedKey(program, as.owner, 'rotateApiKey', { id: customers.acme.keys.whole.key.id });
const ask = (credential: Credential, body: object) => requestStream(program, credential, body);
const following = () => ({ query: FOLLOW, variables: { organizationId: acme } });

describe('a stream of events', () => {
  beforeEach(() => start());

  test('is read by the client of graphql-sse', async () => {
    const client = createClient({ url: `${program.url}/graphql/stream`, headers: { ...as.owner } });
    const events = client.iterate<{ apiKeyEvents: KeyEvent }>(following());
    const next = async () => {
      const { value } = (await events.next()) as { readonly value?: Pick<Told, 'data'> };
      return value?.data?.apiKeyEvents;
    };
    expect((await next())?.kind).toBe('REFRESH');
    await touch();
    expect(await next()).toMatchObject({
      kind: 'API_KEY_ROTATED',
      apiKey: { name: 'Whole organization' },
    });
    await events.return?.(undefined);
    client.dispose();
  });

  test('is neither kept by anybody nor held back by proxies, and shows signs of life', async () => {
    const reader = await follow('owner');
    const { headers } = reader.response;
    expect(headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(headers.get('cache-control')).toBe('no-store, no-transform');
    expect(headers.get('x-accel-buffering')).toBe('no');
    expect([await reader.block(), await reader.block()]).toEqual([':', ':']);
  });

  test('ends with UNAUTHENTICATED when the token does', async () => {
    const expiresAt = Math.ceil(Date.now() / 1000) + 1;
    const token = await new SignJWT({ email: PEOPLE.owner.email })
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject(PEOPLE.owner.id)
      .setExpirationTime(expiresAt)
      .sign(Buffer.from(SECRET));
    const reader = await EventReader.follow(program, { authorization: `Bearer ${token}` }, acme);
    expect(await reader.refusal()).toBe('UNAUTHENTICATED');
    expect(Date.now()).toBeGreaterThanOrEqual(expiresAt * 1000);
    expect(Date.now()).toBeLessThan((expiresAt + 2) * 1000);
  });

  test('ends without being complete when the server stops, so that clients connect anew', async () => {
    const readers = await Promise.all([follow('owner'), follow('member')]);
    const begun = Date.now();
    const stopping = program.stop();
    for (const reader of readers) expect(await reader.next()).toBeNull();
    await stopping;
    expect(Date.now() - begun).toBeLessThan(5000);
    await start();
  });

  test('is for people: others are told so, and nobody at all without a credential', async () => {
    const service = await program.service('verifier', 'api-keys:verify');
    const key = { 'x-api-key': customers.acme.keys.whole.secretKey };
    for (const credential of [service, key]) {
      const reader = await EventReader.open(program, credential, following());
      expect(await reader.refusal()).toBe('FORBIDDEN');
    }
    for (const credential of [{}, { authorization: 'Bearer nonsense' }]) {
      const answer = await ask(credential, following());
      expect(answer.status).toBe(401);
      expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    }
  });

  test.each([
    ['a query', '{ viewer { id } }', 'GRAPHQL_VALIDATION_FAILED'],
    [
      'a mutation',
      'mutation { revokeApiKey(input: { id: "x" }) { userErrors { code } } }',
      'GRAPHQL_VALIDATION_FAILED',
    ],
    ['what does not parse', 'subscription {', 'GRAPHQL_PARSE_FAILED'],
    ['an unknown field', 'subscription { nothing }', 'GRAPHQL_VALIDATION_FAILED'],
    ['an id that is none', 'subscription { apiKeyEvents(organizationId: "1") { kind } }', 'BAD_USER_INPUT'],
    [
      'a variable that is missing',
      'subscription($id: ID!) { apiKeyEvents(organizationId: $id) { kind } }',
      'BAD_USER_INPUT',
    ],
    ['more than 4000 tokens', `subscription { ${'a '.repeat(4001)} }`, 'GRAPHQL_PARSE_FAILED'],
  ])('of %s tells only why there is none', async (_, query, code) => {
    const reader = await EventReader.open(program, as.owner, { query });
    expect(reader.response.status).toBe(200);
    expect(await reader.refusal()).toBe(code);
    expect(await reader.next()).toBeNull();
  });

  test.each([
    ['no object', [following()]],
    ['variables that are none', { ...{ query: FOLLOW }, variables: 'x' }],
  ])('is refused for a body of %s', async (_, body) => {
    const answer = await ask(as.owner, body);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
  });

  test('is not had at the address of queries, nor from the subgraph', async () => {
    for (const path of ['/graphql', '/subgraph']) {
      const answer = await fetch(program.url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...as.owner },
        body: JSON.stringify(following()),
      });
      const { errors } = (await answer.json()) as { errors: { extensions: { code: string } }[] };
      expect(errors[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
    }
  });

  test('that nobody takes keeps a bounded number of events, and tells to read the list anew', async () => {
    const request = httpRequest(`${program.url}/graphql/stream`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...as.owner },
    });
    const aliases = Array.from(
      { length: 300 },
      (_, index) => `scope${index}: scope { accountIds widgetIds }`,
    );
    const query = `subscription { apiKeyEvents(organizationId: "${acme}") { kind apiKey { ${aliases.join(' ')} } } }`;
    request.end(JSON.stringify({ query }));
    const response = await new Promise<IncomingMessage>((resolve) => request.once('response', resolve));
    response.setEncoding('utf8');
    const reader = await follow('owner');
    const kinds: string[] = [];
    for (let round = 0; round < 8; round++) {
      await addToFeed(100);
      for (let told = 0; told < 100; told++) kinds.push((await reader.event()).kind);
    }
    expect(kinds).toEqual(kinds.map(() => 'API_KEY_UPDATED'));
    let text = '';
    for await (const part of response) {
      text += part as string;
      if ((text.match(/"REFRESH"/g)?.length ?? 0) > 1) break;
    }
    const told = text.match(/"API_KEY_UPDATED"/g)?.length ?? 0;
    expect(told).toBeLessThan(800);
  });
});

/** Changes of a key, as if another program had made them at once. */
async function addToFeed(count: number): Promise<void> {
  await program.database.transaction(async (transaction) => {
    const [head] = await transaction.rows<{ position: number }>('SELECT position FROM change_feed_head', []);
    for (let index = 1; index <= count; index++)
      await transaction.execute(
        'INSERT INTO change_feed (position, organization_id, action, subject_id, changed_at) VALUES (?, ?, ?, ?, ?)',
        [
          (head?.position ?? 0) + index,
          acme,
          'API_KEY_UPDATED',
          customers.acme.keys.whole.key.id,
          Date.now(),
        ],
      );
    await transaction.execute('UPDATE change_feed_head SET position = position + ?', [count]);
  });
}

describe('the number of streams', () => {
  test('of one user is bounded, and who leaves makes room', async () => {
    await start({ MAX_SUBSCRIPTIONS_PER_USER: '2' });
    for (let round = 0; round < 10; round++) {
      const readers = [await eventually(() => follow('owner')), await eventually(() => follow('owner'))];
      const answer = await ask(as.owner, following());
      expect(answer.status).toBe(429);
      expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: 'RATE_LIMITED' } }] });
      const other = await follow('member');
      for (const reader of [...readers, other]) reader.leave();
    }
  });

  test('of all is bounded, also for one that was refused for its cost', async () => {
    await start({ MAX_SUBSCRIPTIONS: '1', MAX_QUERY_COST: '10' });
    const costly = `subscription { apiKeyEvents(organizationId: "${acme}") { apiKey { scope { grants(first: 100) { nodes { level } } } } } }`;
    const refused = await EventReader.open(program, as.owner, { query: costly });
    expect(await refused.refusal()).toBe('QUERY_TOO_COMPLEX');
    const reader = await follow('owner');
    const answer = await ask(as.member, following());
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: 'SERVICE_UNAVAILABLE' } }] });
    reader.leave();
    await eventually(() => follow('member'));
  });
});

test('where nothing is answered from memory, changes are told all the same', async () => {
  await start({ MAX_STALENESS_MS: '0' });
  const other = await program.beside();
  try {
    const reader = await follow('owner');
    await changedKey(other, as.owner, 'rotateApiKey', { id: customers.acme.keys.whole.key.id });
    expect((await reader.event()).kind).toBe('API_KEY_ROTATED');
  } finally {
    await other.stop();
  }
});
