import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { User } from '../../src/demo/tenancy';
import { ask } from '../support/every-page';
import { TestProgram, type Credential } from '../support/test-program';

const OWNER: User = { id: 'owner@acme.example', email: 'owner@acme.example' };
/** An admin whose membership is narrowed to one widget: the account above it is none of their business. */
const NARROWED: User = { id: 'narrowed@acme.example', email: 'narrowed@acme.example' };

const ABOVE = 'id name widget { name account { name organization { name } } }';

interface Shown {
  readonly id: string;
  readonly name: string;
  readonly widget: object | null;
}

/** What is above the environment, as each is to be shown it. */
const WHOLE = { name: 'Checkout', account: { name: 'Retail', organization: { name: 'Acme' } } };
const CUT = { name: 'Checkout', account: null };

describe('what is above a resource is shown to whoever may read it', () => {
  let program: TestProgram;
  let things: Awaited<ReturnType<typeof given>>;

  const given = () =>
    program.given((tenancy) => {
      const organization = tenancy.organization('Acme', 'acme');
      const retail = tenancy.child(organization, 'Retail');
      const checkout = tenancy.child(retail, 'Checkout');
      const production = tenancy.child(checkout, 'Production');
      tenancy.membership(organization, OWNER, 'OWNER');
      tenancy.membership(organization, NARROWED, 'ADMIN', [checkout]);
      const { secretKey, stored } = program.secretKeys.generate();
      const key = { organization, name: 'Production only', creator: OWNER, grants: [production] };
      return { checkout, production, key: tenancy.apiKey({ ...key, secret: stored }), secretKey };
    });

  beforeAll(async () => {
    program = await TestProgram.start();
    things = await given();
  });

  afterAll(() => program.stop());

  /** The environment, in each place where an answer shows it. */
  const shownIn = (answer: unknown): Shown[] => {
    if (typeof answer !== 'object' || answer === null) return [];
    const own = 'id' in answer && answer.id === things.production.id ? [answer as Shown] : [];
    return [...own, ...Object.values(answer).flatMap(shownIn)];
  };

  const PLACES: Readonly<Record<string, string>> = {
    'looked up': `query($id: ID!) { environment(id: $id) { ${ABOVE} } }`,
    'as a node': `query($id: ID!) { node(id: $id) { ... on Environment { ${ABOVE} } } }`,
    'among the children of its widget': `query($widget: ID!) {
      widget(id: $widget) { environments(first: 5) { nodes { ${ABOVE} } edges { node { ${ABOVE} } } } } }`,
    'in the scopes of keys': `{ apiKeys(first: 5) { nodes { scope { environments { ${ABOVE} }
      grants(first: 5) { nodes { resource { ... on Environment { ${ABOVE} } } } } } } } }`,
    'in an explanation': `query($key: ID!, $id: ID!) {
      explainAccess(apiKeyId: $key, resource: { level: ENVIRONMENT, id: $id }) { path { ... on Environment { ${ABOVE} } } } }`,
    'once it is renamed': `mutation($id: ID!) {
      renameResource(input: { id: $id, name: "Production" }) { resource { ... on Environment { ${ABOVE} } } } }`,
  };

  describe.each(Object.entries(PLACES))('%s', (_place, query) => {
    // Twice: for what is compiled, and for what is remembered by then.
    const shownTo = async (credential: Credential): Promise<Shown[]> => {
      const variables = { id: things.production.id, widget: things.checkout.id, key: things.key.id };
      const answers = [
        await ask(program, credential, query, variables),
        await ask(program, credential, query, variables),
      ];
      return answers.flatMap(shownIn);
    };

    test.each([
      ['all of it to an owner', OWNER, WHOLE],
      ['nothing beyond their widget to somebody who is narrowed to it', NARROWED, CUT],
    ])('%s', async (_who, user, widget) => {
      const shown = await shownTo(await program.user(user));
      expect(shown.length).toBeGreaterThanOrEqual(2);
      expect(shown).toEqual(shown.map(({ id }) => ({ id, name: 'Production', widget })));
    });
  });

  test('nothing to a key of the environment alone', async () => {
    const asKey = { authorization: `Bearer ${things.secretKey}` };
    const answer = await ask(program, asKey, PLACES['looked up'] ?? '', { id: things.production.id });
    expect(shownIn(answer)).toEqual([{ id: things.production.id, name: 'Production', widget: null }]);
  });

  test('and a new resource is shown below what its maker may read', async () => {
    const create = `mutation($widget: ID!) { createResource(input: { parentId: $widget, name: "Staging" }) {
      resource { ... on Environment { name widget { name account { name organization { name } } } } } } }`;
    const made = async (user: User) =>
      ask(program, await program.user(user), create, { widget: things.checkout.id });
    expect(await made(OWNER)).toEqual({ createResource: { resource: { name: 'Staging', widget: WHOLE } } });
    expect(await made(NARROWED)).toEqual({ createResource: { resource: { name: 'Staging', widget: CUT } } });
  });
});
