import type { Comparison, Contender } from '../contender';
import type { Load, Variant } from '../load';
import { ourProgram } from '../our-program';
import { peerProgram, prepared } from '../peer-programs';
import { measure } from '../rounds';
import type { Scenario } from '../scenario';
import type { Question, World } from '../world';

const MUTATION = `mutation Verify($input: VerifyApiKeyInput!) {
  verifyApiKey(input: $input) {
    verification {
      valid code
      apiKey { id name organizationId scope { organizationId accountIds widgetIds environmentIds } }
      grantedBy { grant { level resourceId } }
    }
  }
}`;

const FLOOR = 'node:http answering a constant';

export const measureVerification: Scenario = async (world, generator, options) => [
  await measure(await warmComparison(world), world, generator, options),
];

/** May one of many keys, chosen at random, touch an environment of its own? All of it is remembered. */
export async function warmComparison(world: World): Promise<Comparison> {
  const authorization = await world.service('api-keys:verify');
  const command = ourProgram(world);
  const rest: Load = {
    method: 'POST',
    path: '/v1/verify',
    headers: { authorization },
    variants: world.questions.map((question) => ({ body: JSON.stringify(inputOf(question)) })),
  };
  const graphql: Load = {
    ...rest,
    path: '/graphql',
    variants: world.questions.map((question) => ({
      body: JSON.stringify({ query: MUTATION, variables: { input: inputOf(question) } }),
    })),
  };
  const constant = { ANSWER: JSON.stringify(REST_ANSWER) };
  return {
    title: 'verify',
    connections: 16,
    floor: FLOOR,
    contenders: [
      { name: 'Scopegate, REST', command, flags: 'COMMON', load: rest, meaning: restMeaning },
      { name: 'Scopegate, GraphQL', command, flags: 'COMMON', load: graphql, meaning: graphqlMeaning },
      forwardAuth(world),
      {
        name: FLOOR,
        command: peerProgram(world, 'floor/constant.mjs', constant),
        flags: 'COMMON',
        load: rest,
        meaning: null,
      },
      {
        name: 'Mercurius, JIT, same cache',
        command: peerProgram(world, 'mercurius-verify/main.mjs'),
        flags: 'COMMON',
        load: graphql,
        meaning: graphqlMeaning,
      },
      betterAuth(world),
    ],
  };
}

function inputOf({ secretKey, environmentId }: Question) {
  return { secretKey, resource: { level: 'ENVIRONMENT', id: environmentId } };
}

function forwardAuth(world: World): Contender {
  const variants = world.questions.map(({ secretKey, environmentId }): Variant => ({
    headers: {
      authorization: `Bearer ${secretKey}`,
      'x-forwarded-uri': `/environments/${environmentId}/orders`,
    },
  }));
  return {
    name: 'Scopegate, forward-auth',
    command: ourProgram(world),
    flags: 'COMMON',
    load: {
      method: 'GET',
      path: `/v1/forward-auth?template=${encodeURIComponent('/environments/{environmentId}/**')}`,
      headers: { 'x-scopegate-authorization': `Bearer ${world.forwardAuthSecret}` },
      variants,
    },
    // It says yes by its status, and who it is in headers of its own.
    meaning: null,
  };
}

/** It has keys of its own, since it makes their secrets. It says only whether they are valid. */
function betterAuth(world: World): Contender {
  const command = peerProgram(world, 'better-auth/main.mjs');
  const keys = prepared(peerProgram(world, 'better-auth/prepare.mjs')) as readonly Variant[];
  return {
    name: 'better-auth, API keys',
    command,
    flags: 'COMMON',
    load: { method: 'POST', path: '/verify', headers: {}, variants: keys },
    meaning: null,
  };
}

interface Verified {
  readonly valid: boolean;
  readonly code: string;
  readonly apiKey: { readonly id: string; readonly name: string; readonly scope: object };
}

function restMeaning(body: string): unknown {
  const { valid, code, apiKey, grantedBy } = JSON.parse(body) as Verified & {
    readonly grantedBy: { readonly level: string; readonly resourceId: string };
  };
  const { level, resourceId } = grantedBy;
  return { valid, code, apiKey: told(apiKey), grantedBy: { level, resourceId } };
}

function graphqlMeaning(body: string): unknown {
  const { data } = JSON.parse(body) as {
    readonly data: {
      readonly verifyApiKey: {
        readonly verification: Verified & { readonly grantedBy: { readonly grant: object } };
      };
    };
  };
  const { valid, code, apiKey, grantedBy } = data.verifyApiKey.verification;
  return { valid, code, apiKey: told(apiKey), grantedBy: grantedBy.grant };
}

function told({ id, name, scope }: Verified['apiKey']): unknown {
  return { id, name, scope };
}

const ID = '0189c3a5-7c3e-7b8e-9d55-3f0c5a3d1e2f';

/** As long as an answer of ours. */
const REST_ANSWER = {
  valid: true,
  code: 'VALID',
  apiKey: {
    id: ID,
    name: 'Storefront nightly builds 417',
    organizationId: ID,
    scope: { organizationId: null, accountIds: [], widgetIds: [], environmentIds: [ID, ID] },
    metadata: null,
    expiresAt: null,
  },
  grantedBy: { level: 'ENVIRONMENT', resourceId: ID, path: [{ level: 'ENVIRONMENT', id: ID }] },
  missingGrant: null,
  limits: [],
  retryAfterSeconds: null,
};
