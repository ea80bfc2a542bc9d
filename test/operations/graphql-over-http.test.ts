import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { serverAudits } from 'graphql-http';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE } from '../support/two-customers';

describe('GraphQL over HTTP', () => {
  let program: TestProgram;
  let asOwner: Credential;

  beforeAll(async () => {
    program = await TestProgram.start();
    asOwner = await program.user(PEOPLE.owner);
  });

  afterAll(() => program.stop());

  test('every audit of the specification is passed, with no warning and no notice', async () => {
    const audits = serverAudits({
      url: `${program.url}/graphql`,
      fetchFn: (url: string, { headers, ...init }: RequestInit = {}) =>
        fetch(url, { ...init, headers: { ...Object.fromEntries(new Headers(headers)), ...asOwner } }),
    });
    const results = await Promise.all(audits.map((audit) => audit.fn()));
    const short = results.filter(({ status }) => status !== 'ok');
    expect(short.map((result) => [result.status, result.name, 'reason' in result && result.reason])).toEqual(
      [],
    );
    expect(results).toHaveLength(61);
  });
});
