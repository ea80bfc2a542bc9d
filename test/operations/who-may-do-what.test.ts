import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Kind, parse } from 'graphql';
import { ACTIONS, type Action } from '../../src/auth/authorize';
import type { Role } from '../../src/auth/principal';
import { asEveryone } from '../support/as-everyone';
import { ask } from '../support/every-page';
import { firstAnswer } from '../support/following';
import { REQUESTS, type ActionRequest, type World } from '../support/requests-of-actions';
import { TestProgram, type Credential } from '../support/test-program';
import { twoCustomers } from '../support/two-customers';

// Of the principals, nAdmin and nMember are narrowed to the account Retail; other owns another customer, and nobody has a
// good token and no membership; verify and sync are services with that permission; key is an API key with the whole
// organization for its scope, and none has no credential.
//
// yes    it is done, or read
// -      it is answered like what does not exist
// policy the policy does not let members do it
// FORB   FORBIDDEN: it is not for callers of that kind
// AUTH   UNAUTHENTICATED
const TABLE = `
                               | owner  admin  nAdmin member nMember other nobody verify sync key  none
policy:read                    | yes    yes    yes    yes    yes     -     -      -      -    -    AUTH
policy:update                  | yes    -      -      -      -       -     -      FORB   FORB FORB AUTH
people:read                    | yes    yes    -      -      -       -     -      -      -    -    AUTH
people:read keys               | yes    yes    -      -      -       -     -      -      -    -    AUTH
people:change add              | yes    -      -      -      -       -     -      FORB   -    FORB AUTH
people:change change           | yes    -      -      -      -       -     -      FORB   FORB FORB AUTH
people:change remove           | yes    -      -      -      -       -     -      FORB   FORB FORB AUTH
audit-events:read              | yes    yes    -      -      -       -     -      -      -    -    AUTH
webhooks:change add            | yes    yes    -      -      -       -     -      FORB   FORB FORB AUTH
webhooks:change remove         | yes    yes    -      -      -       -     -      FORB   FORB FORB AUTH
webhooks:change list           | yes    yes    -      -      -       -     -      -      -    -    AUTH
webhooks:change sent           | yes    yes    -      -      -       -     -      -      -    -    AUTH
api-keys:create                | yes    yes    yes    yes    yes     -     -      FORB   FORB FORB AUTH
api-keys:create-despite-policy | yes    yes    yes    policy policy  -     -      FORB   FORB FORB AUTH
api-keys:follow                | yes    yes    yes    yes    yes     -     -      FORB   FORB FORB AUTH
api-keys:import                | yes    yes    yes    -      -       -     -      FORB   FORB FORB AUTH
resources:change create        | yes    yes    yes    -      -       -     -      FORB   FORB FORB AUTH
resources:change rename        | yes    yes    yes    -      -       -     -      FORB   FORB FORB AUTH
resources:change move          | yes    yes    yes    -      -       -     -      FORB   FORB FORB AUTH
resources:change delete        | yes    yes    yes    -      -       -     -      FORB   FORB FORB AUTH
resources beyond               | yes    yes    -      -      -       -     -      FORB   FORB FORB AUTH
organization:delete            | yes    -      -      -      -       -     -      FORB   FORB FORB AUTH
organization create            | yes    yes    yes    yes    yes     yes   yes    FORB   FORB FORB AUTH
resources sync                 | FORB   FORB   FORB   FORB   FORB    FORB  FORB   FORB   yes  FORB AUTH

read viewer                    | yes    yes    yes    yes    yes     yes   yes    yes    yes  yes  AUTH
read organization              | yes    yes    yes    yes    yes     -     -      -      -    yes  AUTH
read account                   | yes    yes    yes    yes    yes     -     -      -      -    yes  AUTH
read account beyond            | yes    yes    -      yes    -       -     -      -      -    yes  AUTH
read widget                    | yes    yes    yes    yes    yes     -     -      -      -    yes  AUTH
read environment               | yes    yes    yes    yes    yes     -     -      -      -    yes  AUTH
read node                      | yes    yes    yes    yes    yes     -     -      -      -    yes  AUTH
list organizations             | yes    yes    yes    yes    yes     -     -      -      -    yes  AUTH
list keys                      | yes    yes    yes    yes    -       -     -      -      -    -    AUTH
read key                       | yes    yes    yes    yes    -       -     -      -      -    -    AUTH
read key record                | yes    yes    yes    yes    -       -     -      -      -    -    AUTH
read key use                   | yes    yes    yes    yes    -       -     -      -      -    -    AUTH
read key advice                | yes    yes    yes    yes    -       -     -      -      -    -    AUTH
read own key use               | yes    yes    -      -      -       -     -      -      -    -    AUTH
read key beyond                | yes    yes    -      -      -       -     -      -      -    -    AUTH
read own key                   | yes    yes    -      -      -       -     -      -      -    yes  AUTH
explain key                    | yes    yes    yes    yes    -       -     -      -      -    -    AUTH
explain own key                | yes    yes    -      -      -       -     -      -      -    yes  AUTH
preview scope                  | yes    yes    yes    yes    yes     -     -      FORB   FORB FORB AUTH
preview scope beyond           | yes    yes    -      yes    -       -     -      FORB   FORB FORB AUTH
verify key                     | FORB   FORB   FORB   FORB   FORB    FORB  FORB   yes    FORB FORB AUTH
verify keys                    | FORB   FORB   FORB   FORB   FORB    FORB  FORB   yes    FORB FORB AUTH

key update                     | yes    yes    yes    yes    -       -     -      FORB   FORB FORB AUTH
key disable                    | yes    yes    yes    yes    -       -     -      FORB   FORB FORB AUTH
key enable                     | yes    yes    yes    yes    -       -     -      FORB   FORB FORB AUTH
key rotate                     | yes    yes    yes    yes    -       -     -      FORB   FORB FORB AUTH
key end rotation               | yes    yes    yes    yes    -       -     -      FORB   FORB FORB AUTH
key apply advice               | yes    yes    yes    yes    -       -     -      FORB   FORB FORB AUTH
key revoke                     | yes    yes    yes    yes    -       -     -      FORB   FORB FORB AUTH
key revoke many                | yes    yes    yes    yes    -       -     -      FORB   FORB FORB AUTH
key beyond update              | yes    yes    -      -      -       -     -      FORB   FORB FORB AUTH
key beyond rotate              | yes    yes    -      -      -       -     -      FORB   FORB FORB AUTH
key beyond revoke              | yes    yes    -      -      -       -     -      FORB   FORB FORB AUTH
key beyond revoke many         | yes    yes    -      -      -       -     -      FORB   FORB FORB AUTH
`;

/** What the people of Acme are there. */
const ROLES: Readonly<Record<string, { readonly role: Role; readonly narrowed: boolean }>> = {
  owner: { role: 'OWNER', narrowed: false },
  admin: { role: 'ADMIN', narrowed: false },
  nAdmin: { role: 'ADMIN', narrowed: true },
  member: { role: 'MEMBER', narrowed: false },
  nMember: { role: 'MEMBER', narrowed: true },
};

/** By the code of an error, the word of the table. */
const WORDS: Readonly<Record<string, string>> = {
  NOT_FOUND: '-',
  // How a query without a payload tells that it knows nothing of an id.
  BAD_USER_INPUT: '-',
  AGAINST_POLICY: 'policy',
  FORBIDDEN: 'FORB',
  UNAUTHENTICATED: 'AUTH',
};

type Row = Readonly<Record<string, string>>;
const EXPECTED = readTable(TABLE);

function readTable(table: string): readonly (readonly [string, Row])[] {
  const lines = table.split('\n').filter((line) => line.trim() !== '');
  const [principals = [], ...rows] = lines.map((line) => line.split('|')[1]?.trim().split(/\s+/) ?? []);
  const names = lines.slice(1).map((line) => line.split('|')[0]?.trim() ?? '');
  return rows.map((words, index) => {
    if (words.length !== principals.length) throw new Error(`The row "${names[index]}" is not complete.`);
    return [
      names[index] ?? '',
      Object.fromEntries(principals.map((name, column) => [name, words[column] ?? ''])),
    ];
  });
}

describe('who may do what', () => {
  let world: World;
  let principals: Readonly<Record<string, Credential>>;

  beforeAll(async () => {
    const program = await TestProgram.start();
    const customers = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys));
    const as = await asEveryone(program);
    world = { program, customers, asOwner: as.owner };
    principals = {
      owner: as.owner,
      admin: as.admin,
      nAdmin: as.narrowedAdmin,
      member: as.member,
      nMember: as.narrowedMember,
      other: as.outsider,
      nobody: as.nobody,
      verify: await program.service('verifier', 'api-keys:verify'),
      sync: await program.service('syncer', 'resources:sync'),
      key: { 'x-api-key': customers.acme.keys.whole.secretKey },
      none: {},
    };
  });

  afterAll(() => world.program.stop());

  const outcome = async (
    { query, variables, read, isSubscription }: ActionRequest,
    credential: Credential,
  ) => {
    type Data = Parameters<NonNullable<typeof read>>[0];
    const { data, errors } = isSubscription
      ? await firstAnswer<Data>(world.program, credential, { query, variables })
      : await world.program.graphql<Data>(credential, query, variables);
    const refusal = errors?.[0]?.extensions.code ?? (read === undefined ? codeIn(data) : undefined);
    if (refusal !== undefined) return WORDS[refusal] ?? refusal;
    return read === undefined || read(data) != null ? 'yes' : '-';
  };

  test.each(EXPECTED)('%s', async (name, expected) => {
    const outcomes: Record<string, string> = {};
    for (const [principal, credential] of Object.entries(principals)) {
      const request = await REQUESTS[name]?.(world);
      if (request === undefined) throw new Error(`There is no request for "${name}".`);
      outcomes[principal] = await outcome(request, credential);
      await request.afterwards?.();
    }
    expect(outcomes).toEqual(expected);
  });

  test('every action of the catalogue is in the table, and every row has its request', () => {
    const names = EXPECTED.map(([name]) => name);
    expect(names.toSorted()).toEqual(Object.keys(REQUESTS).sort());
    const actions = new Set(names.map(actionOf).filter((action) => action !== null));
    expect([...actions].sort()).toEqual(Object.keys(ACTIONS).sort());
  });

  test('the table lets the people of a customer do what the catalogue says, and nothing else', () => {
    for (const [name, row] of EXPECTED) {
      const action = actionOf(name);
      if (action === null) continue;
      const { roles, whole }: { roles: readonly Role[]; whole: boolean } = ACTIONS[action];
      const allowed = Object.entries(ROLES).map(([principal, { role, narrowed }]) => [
        principal,
        roles.includes(role) && !(whole && narrowed),
      ]);
      const told = Object.keys(ROLES).map((principal) => [principal, row[principal] === 'yes']);
      expect([name, told]).toEqual([name, allowed]);
    }
  });

  test('every field that can be asked for is asked for by some request', async () => {
    const asked = new Set<string>();
    for (const make of Object.values(REQUESTS)) {
      const { query, afterwards } = await make(world);
      for (const field of rootFieldsOf(query)) asked.add(field);
      await afterwards?.();
    }
    const { __schema: schema } = await ask<{
      __schema: Record<'queryType' | 'mutationType' | 'subscriptionType', { fields: { name: string }[] }>;
    }>(
      world.program,
      world.asOwner,
      '{ __schema { queryType { fields { name } } mutationType { fields { name } } subscriptionType { fields { name } } } }',
    );
    const { queryType, mutationType, subscriptionType } = schema;
    const types = [queryType, mutationType, subscriptionType];
    const fields = types.flatMap((type) => type.fields.map(({ name }) => name));
    expect(fields.filter((name) => !asked.has(name))).toEqual([]);
  });
});

/** The action of the catalogue that a row is about, if it is about one. */
function actionOf(name: string): Action | null {
  const [word = ''] = name.split(' ');
  return word in ACTIONS ? (word as Action) : null;
}

interface Payload {
  readonly userErrors?: readonly { readonly code: string }[];
  readonly revocations?: readonly { readonly error: { readonly code: string } | null }[] | null;
}

/** The first code with which a mutation was refused, as a whole or for one of many. */
function codeIn(data: Readonly<Record<string, unknown>>): string | undefined {
  const payloads = Object.values(data) as Payload[];
  const errors = payloads.flatMap(({ userErrors = [], revocations }) => [
    ...userErrors,
    ...(revocations ?? []).flatMap(({ error }) => error ?? []),
  ]);
  return errors[0]?.code;
}

function rootFieldsOf(query: string): readonly string[] {
  return parse(query).definitions.flatMap((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION
      ? definition.selectionSet.selections.flatMap((field) =>
          field.kind === Kind.FIELD ? [field.name.value] : [],
        )
      : [],
  );
}
