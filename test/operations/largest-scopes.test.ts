import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ask } from '../support/every-page';
import { mutate } from '../support/mutate';
import { TestProgram, type Credential } from '../support/test-program';

const person = (name: string) => ({ id: `${name}@acme.example`, email: `${name}@acme.example` });
const owner = person('owner');
const narrowed = person('narrowed');
/** A member of more organizations than a statement can hold conditions: anybody can make them a member of theirs. */
const popular = person('popular');

const GRANTS = 10_000;
const HUGE_KEYS = 15;
const CUSTOMERS = 1100;
const KEPT_GRANTS = 100;

interface State {
  readonly grants: readonly object[];
  readonly grantCount?: number;
}

describe('the largest scopes that there can be', () => {
  let program: TestProgram;
  let asOwner: Credential;
  let hugeIds: string[];
  let environmentIds: string[];
  let popularId: string;

  beforeAll(async () => {
    // All that there is is written at once, which may take longer than a request is given.
    program = await TestProgram.start({ DATABASE_DEADLINE_MS: '30000' });
    asOwner = await program.user(owner);
    const { acme, environments } = await program.given((tenancy) => {
      const organization = tenancy.organization('Acme', 'acme');
      tenancy.membership(organization, owner, 'OWNER');
      const retail = tenancy.child(organization, 'Retail');
      const widget = tenancy.child(retail, 'Checkout');
      const children = Array.from({ length: GRANTS }, (_, index) => tenancy.child(widget, `e${index}`));
      tenancy.membership(organization, narrowed, 'ADMIN', children);
      tenancy.apiKey({ organization, name: 'Beyond', creator: owner, grants: [retail] });
      tenancy.membership(organization, popular, 'MEMBER');
      const grants = children.slice(0, 1);
      popularId = tenancy.apiKey({ organization, name: 'Popular', creator: popular, grants }).id;
      for (let index = 0; index < CUSTOMERS; index++) {
        tenancy.membership(tenancy.organization(`c${index}`, `c${index}`), popular, 'MEMBER');
      }
      return { acme: organization, environments: children };
    });
    environmentIds = environments.map(({ id }) => id);
    // One by one: all of them are more than a transaction can write in its time where the machine is slow.
    hugeIds = [];
    for (let index = 0; index < HUGE_KEYS; index++) {
      const name = `Huge ${index}`;
      const key = { organization: acme, name, creator: owner, grants: environments };
      hugeIds.push(await program.given((tenancy) => tenancy.apiKey(key).id));
    }
  });

  afterAll(() => program.stop());

  test('an admin who is narrowed to 10,000 resources sees and manages the keys within, and no others', async () => {
    const credential = await program.user(narrowed);
    const names = [...hugeIds.map((_, index) => `Huge ${index}`), 'Popular'];
    const { apiKeys } = await ask<{ apiKeys: { totalCount: number; nodes: { name: string }[] } }>(
      program,
      credential,
      '{ apiKeys { totalCount nodes { name } } }',
    );
    expect(apiKeys.totalCount).toBe(names.length);
    expect(apiKeys.nodes.map(({ name }) => name).sort()).toEqual(names.sort());
    const input = { id: hugeIds[0], version: 1, name: 'Huge indeed' };
    const payload = await mutate(program, credential, 'updateApiKey', 'apiKey { name }', input);
    expect(payload).toEqual({ apiKey: { name: 'Huge indeed' }, userErrors: [] });
  });

  test('a member of 1,100 organizations sees and manages the keys that they made', async () => {
    const credential = await program.user(popular);
    const id = popularId;
    const { apiKey, apiKeys } = await ask<Record<string, unknown>>(
      program,
      credential,
      'query($id: ID!) { apiKey(id: $id) { name } apiKeys { totalCount } }',
      { id },
    );
    expect([apiKey, apiKeys]).toEqual([{ name: 'Popular' }, { totalCount: 1 }]);
    const input = { id, version: 1, name: 'Still popular' };
    const payload = await mutate(program, credential, 'updateApiKey', 'apiKey { name }', input);
    expect(payload).toEqual({ apiKey: { name: 'Still popular' }, userErrors: [] });
  });

  test('a list without pages that holds too much for what is asked of each item is refused', async () => {
    const { data, errors, text } = await program.graphql<{ apiKey: object | null }>(
      asOwner,
      `query($id: ID!) { apiKey(id: $id) { scope { environments { widget {
        environments(first: 20) { nodes { id } } } } } } }`,
      { id: hugeIds[0] },
    );
    expect(data.apiKey).toBeNull();
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['QUERY_TOO_COMPLEX']);
    expect(text.length).toBeLessThan(1000);
  });

  test('the scopes of many keys are refused together, and told one by one', async () => {
    const scopes = (first: number) =>
      program.graphql<{ apiKeys: { nodes: { scope: { environments: { id: string }[] } }[] } | null }>(
        asOwner,
        `{ apiKeys(first: ${first}, filter: { nameContains: "huge" }) { nodes { scope { environments { id } } } } }`,
      );
    const together = await scopes(HUGE_KEYS);
    expect(together.errors?.[0]?.extensions.code).toBe('QUERY_TOO_COMPLEX');
    const [one] = (await scopes(1)).data.apiKeys?.nodes ?? [];
    expect(one?.scope.environments).toHaveLength(GRANTS);
  });

  test('how wide keys are is told of any number of them', async () => {
    const { apiKeys } = await ask<{ apiKeys: { nodes: { scope: object }[] } }>(
      program,
      asOwner,
      `{ apiKeys(first: 100, filter: { nameContains: "huge" }) { nodes {
        scope { breadth organizationId organization { id } } violatesPolicy } } }`,
    );
    const scope = { breadth: 'ENVIRONMENT', organizationId: null, organization: null };
    expect(apiKeys.nodes).toEqual(hugeIds.map(() => ({ scope, violatesPolicy: [] })));
  });

  test('lists of scopes that a directive leaves out are neither read nor charged for', async () => {
    const query = `query($all: Boolean!) { apiKeys(first: 100, filter: { nameContains: "huge" }) { nodes {
      scope { breadth environmentIds @include(if: $all) environments @include(if: $all) { id } } } } }`;
    const all = await program.graphql(asOwner, query, { all: true });
    expect(all.errors?.[0]?.extensions.code).toBe('QUERY_TOO_COMPLEX');
    const { data } = await program.graphql(asOwner, query, { all: false });
    const nodes = hugeIds.map(() => ({ scope: { breadth: 'ENVIRONMENT' } }));
    expect(data).toEqual({ apiKeys: { nodes } });
  });

  test('a change that leaves the scope alone records the widest grants and how many there are', async () => {
    const [, id] = hugeIds;
    await mutate(program, asOwner, 'updateApiKey', 'apiKey { id }', { id, version: 1, name: 'Renamed' });
    const grants = { environmentIds: environmentIds.slice(1) };
    await mutate(program, asOwner, 'updateApiKey', 'apiKey { id }', { id, version: 2, scope: grants });
    const { apiKey } = await ask<{ apiKey: { auditEvents: { nodes: { before: State; after: State }[] } } }>(
      program,
      asOwner,
      'query($id: ID!) { apiKey(id: $id) { auditEvents { nodes { before after } } } }',
      { id },
    );
    const told = apiKey.auditEvents.nodes.map(({ before, after }) =>
      [before, after].map((state) => [state.grants.length, state.grantCount]),
    );
    const kept = [KEPT_GRANTS, GRANTS];
    expect(told).toEqual([
      [
        [GRANTS, undefined],
        [GRANTS - 1, undefined],
      ],
      [kept, kept],
    ]);
  });

  test('keys that have them are revoked together', async () => {
    const { revocations } = await mutate<{ revocations: { apiKey: object | null }[] }>(
      program,
      asOwner,
      'revokeApiKeys',
      'revocations { apiKey { status } }',
      { ids: hugeIds },
    );
    expect(revocations).toEqual(hugeIds.map(() => ({ apiKey: { status: 'REVOKED' } })));
  });
});
