import { Agent, request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createVerifier, type Verifier } from '../../clients/node/src';
import { Random } from '../../src/demo/seeding/random';
import type { VerificationCode } from '../../src/verification/verification-code';
import { DecidedPairs, type Expected, type Pair } from '../support/decided-pairs';
import { TestProgram, type Credential } from '../support/test-program';
import {
  VERIFICATION_FIELDS,
  fromGraphql,
  postVerify,
  type GraphqlVerification,
  type VerificationView,
} from '../support/verifying';

const PAIRS = 10_000;
const AT_ONCE = 100;
const PROXIES = 8;
const SEED = Number(process.env['RANDOM_SEED'] ?? 1);
const SECRET = 'what-the-proxies-of-the-tests-send';

const STATUSES: Readonly<Partial<Record<VerificationCode, number>>> = {
  VALID: 204,
  INVALID_FORMAT: 401,
  NOT_FOUND: 401,
  REVOKED: 401,
  DISABLED: 401,
  EXPIRED: 401,
  NO_SCOPE: 403,
  OUT_OF_SCOPE: 403,
  RESOURCE_NOT_FOUND: 403,
};

describe('a decision', () => {
  let program: TestProgram;
  let asService: Credential;
  let client: Verifier;
  let pairs: readonly Pair[];
  let expected: readonly Expected[];
  const counts = new Map<string, Map<unknown, number>>();
  const agent = new Agent({ keepAlive: true, maxSockets: PROXIES });

  beforeAll(async () => {
    program = await TestProgram.start({ FORWARD_AUTH_SECRET: SECRET });
    asService = await program.service('storefront', 'api-keys:verify');
    const token = String(asService['authorization']).replace('Bearer ', '');
    client = createVerifier({ url: program.url, token, timeoutMs: 20_000 });
    const random = new Random(SEED);
    const world = await program.given((tenancy) => new DecidedPairs(tenancy, program.secretKeys, random));
    pairs = Array.from({ length: PAIRS }, () => world.pick());
    expected = pairs.map((pair) => world.expected(pair));
    count(
      'pure rule',
      expected.map(({ code }) => code),
    );
  });

  afterAll(async () => {
    client.close();
    agent.destroy();
    if (process.env['PRINT_DECISIONS']) console.table(tableOf(counts));
    await program.stop();
  });

  const count = (channel: string, told: readonly unknown[]): void => {
    const byCode = new Map<unknown, number>();
    for (const code of told) byCode.set(code, (byCode.get(code) ?? 0) + 1);
    counts.set(channel, byCode);
  };

  const questions = () =>
    pairs.map(({ held: { secretKey }, resource }) => ({ secretKey, ...(resource && { resource }) }));

  /** Expects the decisions that the rule makes, with the grants that they are made by, in the same order. */
  const expectSame = (channel: string, answers: readonly Answer[]) => {
    count(
      channel,
      answers.map(({ code }) => code),
    );
    expect(answers.map(toDecision)).toEqual(expected.map(asTold));
  };

  test('knows every code that does not depend on limits', () => {
    expect(new Set(expected.map(({ code }) => code))).toEqual(new Set(Object.keys(STATUSES)));
  });

  test('over GraphQL is that of the rule', async () => {
    const answers: VerificationView[] = [];
    for (const together of parts(questions())) {
      const { data, text } = await program.graphql<{
        verifyApiKeys: { verifications: readonly GraphqlVerification[] };
      } | null>(
        asService,
        `mutation($input: VerifyApiKeysInput!) { verifyApiKeys(input: $input) {
          verifications { ${VERIFICATION_FIELDS} } userErrors { code } } }`,
        { input: { verifications: together } },
      );
      if (data === null) throw new Error(`The verification failed: ${text}`);
      answers.push(...data.verifyApiKeys.verifications.map(fromGraphql));
    }
    expectSame('GraphQL', answers);
  });

  test('over REST is that of the rule', async () => {
    const answers: VerificationView[] = [];
    for (const together of parts(questions())) {
      const response = await postVerify(program, asService, together);
      expect(response.status).toBe(200);
      answers.push(...((await response.json()) as VerificationView[]));
    }
    expectSame('REST', answers);
  });

  test('by the client is that of the rule', async () => {
    expectSame('client', await client.verifyMany(questions()));
  });

  test('to a proxy is that of the rule', async () => {
    const answers: ProxyAnswer[] = [];
    let next = 0;
    const proxy = async () => {
      for (let index = next++; index < pairs.length; index = next++) {
        const pair = pairs[index];
        if (pair !== undefined) answers[index] = await askAsProxy(pair);
      }
    };
    await Promise.all(Array.from({ length: PROXIES }, proxy));
    count(
      'forward-auth',
      answers.map(({ status }) => status),
    );
    expect(answers).toEqual(expected.map(asToldToProxy));
  });

  const askAsProxy = ({ held: { secretKey }, resource }: Pair): Promise<ProxyAnswer> => {
    const query = resource === null ? '' : `?resourceHeader=x-resource-id&level=${resource.level}`;
    const headers = {
      'x-scopegate-authorization': `Bearer ${SECRET}`,
      authorization: `Bearer ${secretKey}`,
      ...(resource && { 'x-resource-id': resource.id }),
    };
    return new Promise((resolve, reject) => {
      const sent = request(`${program.url}/v1/forward-auth${query}`, { agent, headers }, (response) => {
        response.resume().on('end', () => {
          const { 'x-scopegate-key-id': keyId, 'x-scopegate-grant': grant } = response.headers;
          resolve({ status: response.statusCode, keyId, grant });
        });
      });
      sent.on('error', reject).end();
    });
  };
});

/** What is compared of an answer over REST, GraphQL, or of the client. */
type Answer = Omit<VerificationView, 'apiKey'> & { readonly apiKey: { readonly id?: unknown } | null };

interface ProxyAnswer {
  readonly status: number | undefined;
  readonly keyId: unknown;
  readonly grant: unknown;
}

function asToldToProxy({ code, keyId, grantedBy }: Expected): ProxyAnswer {
  const status = STATUSES[code];
  if (code !== 'VALID') return { status, keyId: undefined, grant: undefined };
  return { status, keyId, grant: grantedBy === null ? '' : `${grantedBy.grant.level}:${grantedBy.grant.id}` };
}

/** What every channel tells of a decision. */
function asTold({ code, keyId, grantedBy, missingGrant }: Expected) {
  return {
    code,
    valid: code === 'VALID',
    keyId,
    grantedBy: grantedBy && {
      level: grantedBy.grant.level,
      resourceId: grantedBy.grant.id,
      path: grantedBy.path,
    },
    missingGrant: missingGrant && { level: missingGrant.level, resourceId: missingGrant.id },
  };
}

function toDecision({ code, valid, apiKey, grantedBy, missingGrant }: Answer) {
  return { code, valid, keyId: apiKey?.id ?? null, grantedBy, missingGrant };
}

function* parts<Item>(items: readonly Item[]): Iterable<readonly Item[]> {
  for (let start = 0; start < items.length; start += AT_ONCE) yield items.slice(start, start + AT_ONCE);
}

function tableOf(counts: ReadonlyMap<string, ReadonlyMap<unknown, number>>) {
  return Object.fromEntries(Array.from(counts, ([channel, byCode]) => [channel, Object.fromEntries(byCode)]));
}
