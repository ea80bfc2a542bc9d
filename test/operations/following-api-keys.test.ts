import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { asEveryone } from '../support/as-everyone';
import { EventReader, FOLLOW, type KeyEvent } from '../support/following';
import { changedKey, createdKey } from '../support/key-mutations';
import { NOWHERE, mutate } from '../support/mutating';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE, twoCustomers, type Person, type TwoCustomers } from '../support/two-customers';

describe('following the keys of an organization', () => {
  let program: TestProgram;
  let customers: TwoCustomers;
  let as: Record<Person, Credential>;
  let acme: string;

  beforeEach(async () => {
    program = await TestProgram.start();
    customers = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys));
    as = await asEveryone(program);
    acme = customers.acme.organization.id;
  });

  afterEach(() => program.stop());

  const follow = (person: Person, organizationId = acme, at = program) =>
    EventReader.follow(at, as[person], organizationId);
  const create = (person: Person, name: string, at = program) =>
    createdKey(at, as[person], { name, scope: { environmentIds: [customers.acme.checkoutStaging.id] } });
  const rename = (person: Person, id: string, name: string, at = program) =>
    changedKey(at, as[person], 'updateApiKey', { id, version: 1, name });
  const membershipOf = async (person: Person): Promise<string> => {
    const [row] = await program.database.rows<{ id: string }>(
      'SELECT id FROM memberships WHERE organization_id = ? AND user_id = ?',
      [acme, PEOPLE[person].id],
    );
    if (row === undefined) throw new Error(`${person} has no place there.`);
    return row.id;
  };
  const ofKey = ({ kind, apiKey }: KeyEvent) => [kind, apiKey?.name, apiKey?.status];

  test('an owner is told within a second of what others do at another program, once and in its order', async () => {
    const other = await program.beside();
    try {
      const reader = await follow('owner');
      const begun = Date.now();
      const { apiKey } = await create('member', 'New', other);
      const created = await reader.event();
      expect(Date.now() - begun).toBeLessThan(1000);
      expect(created).toEqual({
        kind: 'API_KEY_CREATED',
        occurredAt: expect.any(String),
        apiKey: { id: apiKey.id, name: 'New', status: 'ACTIVE' },
      });
      expect(Math.abs(Date.parse(created.occurredAt) - begun)).toBeLessThan(2000);
      await rename('member', apiKey.id, 'Renamed', other);
      expect(ofKey(await reader.event())).toEqual(['API_KEY_UPDATED', 'Renamed', 'ACTIVE']);
      await changedKey(other, as.admin, 'revokeApiKey', { id: apiKey.id });
      expect(ofKey(await reader.event())).toEqual(['API_KEY_REVOKED', 'Renamed', 'REVOKED']);
    } finally {
      await other.stop();
    }
  });

  test('who makes a change is told of it as well, and only once', async () => {
    const reader = await follow('owner');
    await create('owner', 'First');
    expect(ofKey(await reader.event())).toEqual(['API_KEY_CREATED', 'First', 'ACTIVE']);
    await create('owner', 'Second');
    expect(ofKey(await reader.event())).toEqual(['API_KEY_CREATED', 'Second', 'ACTIVE']);
  });

  test('the key comes with whatever is asked of it, as it can be read by then', async () => {
    const query = `subscription($id: ID!) { apiKeyEvents(organizationId: $id) { apiKey { name organization { name }
      violatesPolicy scope { breadth environments { name widget { account { organization { slug } } } } } } } }`;
    const reader = await EventReader.open(program, as.member, { query, variables: { id: acme } });
    expect(await reader.next()).toEqual({ data: { apiKeyEvents: { apiKey: null } } });
    await create('member', 'New');
    const widget = { account: { organization: { slug: 'acme' } } };
    expect(await reader.next()).toEqual({
      data: {
        apiKeyEvents: {
          apiKey: {
            name: 'New',
            organization: { name: 'Acme' },
            violatesPolicy: [],
            scope: { breadth: 'ENVIRONMENT', environments: [{ name: 'Checkout staging', widget }] },
          },
        },
      },
    });
  });

  test('a member is told of the keys that they made, and of no other', async () => {
    const reader = await follow('member');
    await create('owner', 'Not theirs');
    await create('member', 'Theirs');
    expect(ofKey(await reader.event())).toEqual(['API_KEY_CREATED', 'Theirs', 'ACTIVE']);
  });

  test('a narrowed admin is told of what lies within, and of what they made', async () => {
    const reader = await follow('narrowedAdmin');
    const { wholesale, account } = customers.acme.keys;
    await rename('owner', wholesale.key.id, 'Beyond');
    await rename('owner', customers.acme.keys.mixed.key.id, 'Partly beyond');
    await rename('owner', account.key.id, 'Within');
    expect(ofKey(await reader.event())).toEqual(['API_KEY_UPDATED', 'Within', 'ACTIVE']);
  });

  test('the people of another customer are told of nothing, even if they follow their own at the same time', async () => {
    const globex = customers.globex.organization.id;
    const reader = await follow('outsider', globex);
    await create('owner', 'Of Acme');
    await rename('outsider', customers.globex.keys.whole.key.id, 'Of Globex');
    expect(ofKey(await reader.event())).toEqual(['API_KEY_UPDATED', 'Of Globex', 'ACTIVE']);
  });

  test('a forbidden organization is answered like one that is not there', async () => {
    const answers = await Promise.all(
      [acme, NOWHERE].map(async (organizationId) => {
        const reader = await EventReader.open(program, as.outsider, {
          query: FOLLOW,
          variables: { organizationId },
        });
        return [reader.response.status, await reader.next(), await reader.next()];
      }),
    );
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]).toMatchObject([200, { errors: [{ extensions: { code: 'NOT_FOUND' } }] }, 'COMPLETE']);
  });

  test('a member who is removed is told that, as for what is not there, and nothing after it', async () => {
    const reader = await follow('member');
    await mutate(program, as.owner, 'removeMembership', { id: await membershipOf('member') });
    expect(await reader.refusal()).toBe('NOT_FOUND');
    expect(await reader.next()).toBeNull();
  });

  test('a right that was taken away past the record counts for the next event', async () => {
    const [removed, stays] = [await follow('admin'), await follow('owner')];
    const id = await membershipOf('admin');
    await program.database.transaction((transaction) =>
      transaction.execute('DELETE FROM memberships WHERE id = ?', [id]),
    );
    await create('owner', 'Secret of those who are left');
    expect(ofKey(await stays.event())).toEqual(['API_KEY_CREATED', 'Secret of those who are left', 'ACTIVE']);
    expect(await removed.refusal()).toBe('NOT_FOUND');
  });

  test('somebody whose role is changed is told to read the list anew, and from then on what it lets them read', async () => {
    const reader = await follow('member');
    const id = await membershipOf('member');
    await mutate(program, as.owner, 'changeMembership', { id, role: 'ADMIN' });
    expect((await reader.event()).kind).toBe('REFRESH');
    await create('owner', 'Of the owner');
    expect(ofKey(await reader.event())).toEqual(['API_KEY_CREATED', 'Of the owner', 'ACTIVE']);
    await mutate(program, as.owner, 'changeMembership', { id, role: 'MEMBER' });
    expect((await reader.event()).kind).toBe('REFRESH');
    await create('owner', 'Of the owner again');
    await create('member', 'Of the member');
    expect(ofKey(await reader.event())).toEqual(['API_KEY_CREATED', 'Of the member', 'ACTIVE']);
  });

  test('when the organization is deleted, whoever follows it is told that it is not there', async () => {
    const reader = await follow('owner');
    await mutate(program, as.owner, 'deleteResource', { id: acme });
    expect(await reader.refusal()).toBe('NOT_FOUND');
  });

  test('changes that the feed may have lost are told as REFRESH', async () => {
    const reader = await follow('owner');
    await program.database.transaction((transaction) =>
      transaction.execute('UPDATE change_feed_head SET position = position + 7', []),
    );
    expect((await reader.event()).kind).toBe('REFRESH');
    await create('owner', 'Afterwards');
    expect(ofKey(await reader.event())).toEqual(['API_KEY_CREATED', 'Afterwards', 'ACTIVE']);
  });

  test('more changes at once than are told one by one are told as REFRESH', async () => {
    const reader = await follow('owner');
    const rows = Array.from({ length: 150 }, (_, index) => index);
    await program.database.transaction(async (transaction) => {
      const [head] = await transaction.rows<{ position: number }>(
        'SELECT position FROM change_feed_head',
        [],
      );
      for (const row of rows)
        await transaction.execute(
          'INSERT INTO change_feed (position, organization_id, action, subject_id, changed_at) VALUES (?, ?, ?, ?, ?)',
          [
            (head?.position ?? 0) + 1 + row,
            acme,
            'API_KEY_UPDATED',
            customers.acme.keys.whole.key.id,
            Date.now(),
          ],
        );
      await transaction.execute('UPDATE change_feed_head SET position = position + ?', [rows.length]);
    });
    expect((await reader.event()).kind).toBe('REFRESH');
    await create('owner', 'Afterwards');
    expect(ofKey(await reader.event())).toEqual(['API_KEY_CREATED', 'Afterwards', 'ACTIVE']);
  });
});

describe('following with hundred others', () => {
  let program: TestProgram;
  let acme: string;
  let keyId: string;
  let credentials: Credential[];

  beforeEach(async () => {
    program = await TestProgram.start();
    const users = Array.from({ length: 100 }, (_, index) => ({
      id: `person-${index}@acme.example`,
      email: '',
    }));
    const things = await program.given((tenancy) => {
      const organization = tenancy.organization('Acme', 'acme');
      const account = tenancy.child(organization, 'Retail');
      for (const [index, user] of users.entries())
        tenancy.membership(
          organization,
          user,
          index % 2 === 0 ? 'OWNER' : 'ADMIN',
          index % 2 === 0 ? null : [account],
        );
      const creator = users[0] ?? { id: '', email: '' };
      const key = tenancy.apiKey({ organization, name: 'Key', creator, grants: [account] });
      return { acme: organization.id, keyId: key.id };
    });
    ({ acme, keyId } = things);
    credentials = await Promise.all(users.map((user) => program.user(user)));
  });

  afterEach(() => program.stop());

  const QUERY = `subscription($id: ID!) { apiKeyEvents(organizationId: $id) { kind apiKey { id name
    organization { name } violatesPolicy scope { breadth accountIds accounts { name organization { name } } } } } }`;

  /** How many statements a change costs that so many follow, beside what it costs itself. */
  const statementsWith = async (followers: readonly Credential[]) => {
    const readers = await Promise.all(
      followers.map((credential) =>
        EventReader.open(program, credential, { query: QUERY, variables: { id: acme } }),
      ),
    );
    for (const reader of readers) expect((await reader.event()).kind).toBe('REFRESH');
    const statements = await program.statementsDuring(async () => {
      const [owner = {}] = credentials;
      await changedKey(program, owner, 'disableApiKey', { id: keyId });
      const events = await Promise.all(readers.map((reader) => reader.event()));
      expect(events.map(({ kind }) => kind)).toEqual(followers.map(() => 'API_KEY_DISABLED'));
      await changedKey(program, owner, 'enableApiKey', { id: keyId });
      for (const reader of readers) expect((await reader.event()).kind).toBe('API_KEY_ENABLED');
    });
    for (const reader of readers) reader.leave();
    return statements.length;
  };

  test('a change costs as many statements for hundred followers as for two', async () => {
    // The first reads what the key grants, which is remembered from then on.
    await statementsWith(credentials.slice(0, 2));
    const forTwo = await statementsWith(credentials.slice(0, 2));
    expect(await statementsWith(credentials)).toBe(forTwo);
  });
});
