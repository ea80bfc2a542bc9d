import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { asEveryone } from '../support/as-everyone';
import { PAGE_INFO, ask, everyPage, type Page } from '../support/every-page';
import { changedKey, createdKey } from '../support/key-mutations';
import { updatePolicy } from '../support/policies';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE, twoCustomers, type Person, type TwoCustomers } from '../support/two-customers';

interface Event {
  readonly id: string;
  readonly action: string;
  readonly subjectKind: string;
  readonly subjectId: string;
  readonly actor: { readonly kind: string; readonly id: string; readonly email: string | null };
  readonly occurredAt: string;
  readonly before: Record<string, unknown> | null;
  readonly after: Record<string, unknown> | null;
  readonly address: string | null;
  readonly userAgent: string | null;
  readonly requestId: string | null;
}

const EVENT =
  'id action subjectKind subjectId actor { kind id email } occurredAt before after address userAgent requestId';

describe('auditEvents', () => {
  let program: TestProgram;
  let as: Record<Person, Credential>;
  let customers: TwoCustomers;
  let acmeId: string;
  /** A key with a life: made, renamed, switched off and revoked, by different people. */
  let keyId: string;
  let start: number;

  beforeAll(async () => {
    program = await TestProgram.start();
    as = await asEveryone(program);
    customers = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys));
    acmeId = customers.acme.organization.id;
    start = Date.now();
    const scope = { environmentIds: [customers.acme.checkoutStaging.id] };
    const secret = { name: 'Of Globex', scope: { organizationId: customers.globex.organization.id } };
    await createdKey(program, as.outsider, secret);
    const maker = { ...as.member, 'user-agent': 'tests/1.0', 'x-request-id': 'request-7' };
    keyId = (await createdKey(program, maker, { name: 'A key', scope })).apiKey.id;
    await changedKey(program, as.admin, 'updateApiKey', { id: keyId, version: 1, name: 'Another name' });
    await changedKey(program, as.owner, 'disableApiKey', { id: keyId });
    await changedKey(program, as.owner, 'revokeApiKey', { id: keyId, reason: 'gone' });
    await updatePolicy(program, as.owner, acmeId, { maxActiveKeys: 50 });
  });

  afterAll(() => program.stop());

  const ofKey = async (credential: Credential, args = ''): Promise<Page<Event> | undefined> => {
    const data = await ask<{ apiKey: { auditEvents: Page<Event> } | null }>(
      program,
      credential,
      `query($id: ID!) { apiKey(id: $id) { auditEvents${args} { nodes { ${EVENT} } ${PAGE_INFO} totalCount } } }`,
      { id: keyId },
    );
    return data.apiKey?.auditEvents;
  };
  const ofOrganization = async (
    credential: Credential,
    filter: object | null = null,
    id = acmeId,
  ): Promise<Page<Event> | null | undefined> => {
    const data = await ask<{ organization: { auditEvents: Page<Event> | null } | null }>(
      program,
      credential,
      `query($id: ID!, $filter: AuditEventFilter) {
        organization(id: $id) { auditEvents(filter: $filter) { nodes { ${EVENT} } totalCount } } }`,
      { id, filter },
    );
    return data.organization?.auditEvents;
  };
  const actions = async (filter: object | null) => {
    const page = await ofOrganization(as.owner, filter);
    expect(page?.totalCount).toBe(page?.nodes.length);
    return page?.nodes.map(({ action }) => action);
  };

  test('of a key, everything that was done to it is told, the newest first', async () => {
    const page = await ofKey(as.owner);
    expect(page?.nodes.map(({ action, actor }) => [action, actor.id])).toEqual([
      ['API_KEY_REVOKED', PEOPLE.owner.id],
      ['API_KEY_DISABLED', PEOPLE.owner.id],
      ['API_KEY_UPDATED', PEOPLE.admin.id],
      ['API_KEY_CREATED', PEOPLE.member.id],
    ]);
    expect(page?.totalCount).toBe(4);
  });

  test('an event tells who did what, when and from where, and what it changed', async () => {
    const [created] = (await ofKey(as.member, '(last: 1)'))?.nodes ?? [];
    expect(created).toMatchObject({
      subjectKind: 'API_KEY',
      subjectId: keyId,
      actor: { kind: 'USER', id: PEOPLE.member.id },
      before: null,
      after: { name: 'A key', version: 1 },
      address: '127.0.0.1',
      userAgent: 'tests/1.0',
      requestId: 'request-7',
    });
    expect(Date.parse(created?.occurredAt ?? '')).toBeGreaterThanOrEqual(start);
    const [updated] = (await ofKey(as.owner, '(filter: { actions: [API_KEY_UPDATED] })'))?.nodes ?? [];
    expect(updated).toMatchObject({ before: { name: 'A key' }, after: { name: 'Another name' } });
  });

  test('whoever may read the key reads its events, and to others the key does not exist', async () => {
    for (const person of ['owner', 'admin', 'member', 'narrowedAdmin'] as const) {
      expect((await ofKey(as[person]))?.totalCount).toBe(4);
    }
    for (const person of ['narrowedMember', 'both', 'outsider', 'nobody'] as const) {
      expect(await ofKey(as[person])).toBeUndefined();
    }
  });

  test('owners and admins of all of an organization read its events, and others none', async () => {
    for (const person of ['owner', 'admin'] as const) {
      expect((await ofOrganization(as[person]))?.totalCount).toBe(5);
    }
    for (const person of ['member', 'narrowedMember', 'narrowedAdmin', 'both'] as const) {
      expect(await ofOrganization(as[person])).toBeNull();
    }
    expect(await ofOrganization(as.outsider)).toBeUndefined();
    const ofGlobex = await ofOrganization(as.outsider, null, customers.globex.organization.id);
    expect(ofGlobex?.nodes.map(({ after }) => after?.['name'])).toEqual(['Of Globex']);
  });

  test('a key reads itself, but not its events, which tell of people', async () => {
    const { key, secretKey } = customers.acme.keys.whole;
    const query = '{ viewer { apiKey { id auditEvents { nodes { actor { email } address } } } } }';
    const { data } = await program.graphql({ 'x-api-key': secretKey }, query);
    expect(data).toEqual({ viewer: { apiKey: { id: key.id, auditEvents: null } } });
  });

  test('by action, actor and subject, only what fits everything is listed', async () => {
    expect(await actions({ actions: ['POLICY_UPDATED', 'API_KEY_CREATED'] })).toEqual([
      'POLICY_UPDATED',
      'API_KEY_CREATED',
    ]);
    expect(await actions({ actions: [] })).toEqual([]);
    expect(await actions({ actorId: PEOPLE.admin.id })).toEqual(['API_KEY_UPDATED']);
    expect(await actions({ actorId: PEOPLE.admin.id.toUpperCase() })).toEqual([]);
    expect(await actions({ subjectKind: 'POLICY' })).toEqual(['POLICY_UPDATED']);
    expect(await actions({ subjectId: keyId })).toHaveLength(4);
    expect(await actions({ subjectId: keyId, actorId: PEOPLE.owner.id })).toHaveLength(2);
    expect(await actions({ subjectKind: 'POLICY', subjectId: keyId })).toEqual([]);
    const nulls = { actions: null, actorId: null, subjectKind: null, subjectId: null, from: null, to: null };
    expect(await actions(nulls)).toHaveLength(5);
  });

  test('by time, the first instant counts and the last does not', async () => {
    const { nodes } = (await ofOrganization(as.owner)) ?? { nodes: [] };
    const [newest] = nodes;
    const at = newest?.occurredAt ?? '';
    const later = new Date(Date.parse(at) + 1).toISOString();
    expect(await actions({ from: at, to: later })).toContain(newest?.action);
    expect(await actions({ from: later })).toEqual([]);
    expect(await actions({ to: at })).not.toContain('POLICY_UPDATED');
    expect(await actions({ to: new Date(start).toISOString() })).toEqual([]);
  });

  test.each(['FORWARD', 'BACKWARD'] as const)('%s, pages hold every event once', async (direction) => {
    const pages = await everyPage(direction, 2, async (args) => {
      const page = await ofKey(as.owner, `(${args})`);
      if (!page) throw new Error('The key is not there.');
      return page;
    });
    expect(pages.flat().map(({ action }) => action)).toEqual([
      'API_KEY_REVOKED',
      'API_KEY_DISABLED',
      'API_KEY_UPDATED',
      'API_KEY_CREATED',
    ]);
  });

  test('the events of many keys are read in one statement', async () => {
    const query = '{ apiKeys { nodes { auditEvents(first: 3) { nodes { action } } } } }';
    const statements = await program.statementsDuring(() => ask(program, as.owner, query));
    expect(statements.filter((statement) => statement.includes('audit_events'))).toHaveLength(1);
  });
});
