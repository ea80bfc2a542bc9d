import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { serverAudits } from 'graphql-http';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE } from '../support/two-customers';

let program: TestProgram;
let asOwner: Credential;

beforeAll(async () => {
  program = await TestProgram.start();
  asOwner = await program.user(PEOPLE.owner);
});

afterAll(() => program.stop());

describe('GraphQL over HTTP, as graphql-http audits it', () => {
  const audits = serverAudits({
    url: () => `${program.url}/graphql`,
    // Without a credential, no operation is answered.
    fetchFn: (url: string, { headers, ...init }: RequestInit = {}) =>
      fetch(url, { ...init, headers: { ...Object.fromEntries(new Headers(headers)), ...asOwner } }),
  });

  test('there are 61 audits', () => {
    expect(audits).toHaveLength(61);
  });

  // Neither a warning nor a notice is ok.
  test.each(audits.map((audit) => [audit.name, audit] as const))('%s', async (_name, audit) => {
    expect(await audit.fn()).toMatchObject({ status: 'ok' });
  });
});

describe('a page elsewhere', () => {
  const ask = (headers: Record<string, string>) =>
    fetch(`${program.url}/graphql?query={viewer{id}}`, { headers });

  test('cannot have a browser ask, with what it adds by itself or with nothing', async () => {
    expect((await ask({})).status).toBe(400);
    expect((await ask({ cookie: 'session=1' })).status).toBe(400);
    expect((await ask({ authorization: `Basic ${btoa('user:password')}` })).status).toBe(401);
  });

  test('is told apart from a client by the credential of the latter', async () => {
    expect((await ask({ ...asOwner })).status).toBe(200);
  });
});
