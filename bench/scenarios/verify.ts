import type { Comparison, Contender } from '../contender';
import type { Load, Variant } from '../load';
import { restLoad, verificationInput } from '../our-loads';
import { ourProgram } from '../our-program';
import { peerProgram, prepared } from '../peer-programs';
import { measure } from '../rounds';
import type { Scenario, Table } from '../scenario';
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

/** May one of many keys, chosen at random, touch an environment of its own? */
export const measureVerification: Scenario = async (world, generator, options) => {
  const warm = await warmComparison(world);
  if (options.small) return [await measure(warm, world, generator, options)];
  const oneKey = await comparison(world, {
    title: 'verify, one key',
    questions: world.questions.slice(0, 1),
  });
  const others = betterAuth(world);
  const tables: Table[] = [];
  for (const each of [warm, await coldComparison(world), oneKey]) {
    const all = { ...each, contenders: [...each.contenders, ...others] };
    tables.push(await measure(all, world, generator, options));
  }
  return tables;
};

/** All of it is remembered. */
async function warmComparison(world: World): Promise<Comparison> {
  return comparison(world, { title: 'verify, warm', questions: world.questions });
}

/**
 * Nothing of it is remembered: the memory, which works as ever, has room for one key and one resource, so that it has let go
 * of them when they are asked about again.
 */
async function coldComparison(world: World): Promise<Comparison> {
  return comparison(world, { title: 'verify, cold', questions: world.questions, memorySize: 1 });
}

interface Asked {
  readonly title: string;
  readonly questions: readonly Question[];
  /** How many keys, and how many resources, a program remembers; without it, as many as by default. */
  readonly memorySize?: number;
}

async function comparison(world: World, { title, questions, memorySize }: Asked): Promise<Comparison> {
  const authorization = await world.service('api-keys:verify');
  const memory: Record<string, string> =
    memorySize === undefined ? {} : { VERIFICATION_MEMORY: String(memorySize) };
  const ours = ourProgram(world);
  const command = { ...ours, environment: { ...ours.environment, ...memory } };
  const rest = restLoad(authorization, questions);
  const graphql: Load = {
    ...rest,
    path: '/graphql',
    variants: questions.map((question) => ({
      body: JSON.stringify({ query: MUTATION, variables: { input: verificationInput(question) } }),
    })),
  };
  const constant = { ANSWER: JSON.stringify(REST_ANSWER) };
  return {
    title,
    connections: 16,
    floor: FLOOR,
    contenders: [
      { name: 'Scopegate, REST', command, start: 'ALIKE', load: rest, meaning: restMeaning },
      { name: 'Scopegate, GraphQL', command, start: 'ALIKE', load: graphql, meaning: graphqlMeaning },
      { ...forwardAuth(world, questions), command },
      {
        name: FLOOR,
        command: peerProgram(world, 'floor/constant.mjs', constant),
        start: 'ALIKE',
        load: rest,
        meaning: null,
      },
      {
        name: 'Mercurius, JIT, same cache',
        command: peerProgram(world, 'mercurius-verify/main.mjs', memory),
        start: 'ALIKE',
        load: graphql,
        meaning: graphqlMeaning,
      },
    ],
  };
}

function forwardAuth(world: World, questions: readonly Question[]): Omit<Contender, 'command'> {
  const variants = questions.map(({ secretKey, environmentId }): Variant => ({
    headers: {
      authorization: `Bearer ${secretKey}`,
      'x-forwarded-uri': `/environments/${environmentId}/orders`,
    },
  }));
  return {
    name: 'Scopegate, forward-auth',
    start: 'ALIKE',
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

/**
 * It has keys of its own, since it makes their secrets, says only whether they are valid, and asks the database each time. By
 * default it limits how often each key is used, which we do only for keys that have limits.
 */
function betterAuth(world: World): Contender[] {
  return (['on', 'off'] as const).map((rateLimit) => {
    const environment = { RATE_LIMIT: rateLimit };
    const keys = prepared(peerProgram(world, 'better-auth/prepare.mjs', environment)) as readonly Variant[];
    return {
      name: `better-auth, rate limit ${rateLimit}`,
      command: peerProgram(world, 'better-auth/main.mjs', environment),
      start: 'ALIKE',
      load: { method: 'POST', path: '/verify', headers: {}, variants: keys },
      meaning: null,
    };
  });
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
