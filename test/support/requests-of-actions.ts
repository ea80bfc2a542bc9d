import { randomBytes } from 'node:crypto';
import type { SqlValue } from '../../src/database/sql';
import type { User } from '../../src/demo/tenancy';
import type { ResourceEntity } from '../../src/resources/resource-entity';
import { newId } from '../../src/shared/ids';
import { WebhookEndpointEntity } from '../../src/webhooks/webhook-endpoint-entity';
import type { Credential, TestProgram } from './test-program';
import { PEOPLE, type TwoCustomers } from './two-customers';

/** What requests are made about: two customers, and fresh things of theirs for what uses a thing up. */
export interface World {
  readonly program: TestProgram;
  readonly customers: TwoCustomers;
  readonly asOwner: Credential;
}

/** A request over GraphQL, and how its answer tells what was read or refused. */
export interface ActionRequest {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  /** Whether it is asked for as a stream of events, of which the first is read. */
  readonly isSubscription?: boolean;
  /** What was read; null or undefined when nothing was. Without it, the request is a mutation. */
  readonly read?: (data: Answer) => unknown;
  /** Takes back what others of the table would see. */
  readonly afterwards?: () => Promise<unknown>;
}

export type MakeRequest = (world: World) => ActionRequest | Promise<ActionRequest>;

/** As much as the readers below need to know of an answer. */
type Answer = Readonly<Record<string, Node | null>>;
interface Node {
  readonly nodes?: readonly { readonly id: string }[];
  readonly [field: string]: unknown;
}

function mutation(name: string, input: object, type = `${capitalized(name)}Input`): ActionRequest {
  const select = name === 'revokeApiKeys' ? 'revocations { error { code } }' : '';
  const query = `mutation($input: ${type}!) { ${name}(input: $input) { ${select} userErrors { code } } }`;
  return { query, variables: { input } };
}

function capitalized(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** Reads something by its id. */
function byId(field: string, id: string, selection = 'id'): ActionRequest {
  return { query: `{ it: ${field}(id: "${id}") { ${selection} } }`, read: ({ it }) => it };
}

/** Reads a field of Acme, if Acme can be read at all. */
function ofAcme(field: string, selection: string): MakeRequest {
  return ({ customers }) => ({
    query: `{ it: organization(id: "${customers.acme.organization.id}") { ${field} { ${selection} } } }`,
    read: ({ it }) => it?.[field],
  });
}

function explanation({ acme }: TwoCustomers, key: 'widget' | 'whole'): ActionRequest {
  const { id } = acme.keys[key].key;
  const resource = `{ level: ENVIRONMENT, id: "${acme.checkoutStaging.id}" }`;
  return {
    query: `{ it: explainAccess(apiKeyId: "${id}", resource: ${resource}) { code } }`,
    read: ({ it }) => it,
  };
}

function preview(environmentId: string): ActionRequest {
  const query = `{ it: previewScope(scope: { environmentIds: ["${environmentId}"] }) { breadth } }`;
  return { query, read: ({ it }) => it };
}

/** Makes a fresh key, within Retail by the member or beyond by another, and asks for a change of it. */
function ofKey(name: string, where: 'within' | 'beyond', more: object = {}, type?: string): MakeRequest {
  return async (world) => mutation(name, { id: await freshKey(world, where), ...more }, type);
}

function freshKey({ program, customers }: World, where: 'within' | 'beyond'): Promise<string> {
  const { organization, checkoutStaging, orderingProduction } = customers.acme;
  const place =
    where === 'within'
      ? { creator: PEOPLE.member, grants: [checkoutStaging] }
      : { creator: PEOPLE.both, grants: [orderingProduction] };
  return program.given((tenancy) => tenancy.apiKey({ organization, name: 'Fresh', ...place }).id);
}

/** A key of the member that could do with less than it has. */
function usedKey({ program, customers }: World): Promise<string> {
  const { organization, checkout, checkoutStaging: resource } = customers.acme;
  return program.given((tenancy) => {
    const grants = [checkout];
    const key = tenancy.apiKey({ organization, name: 'Used', creator: PEOPLE.member, grants });
    tenancy.use(key, { at: Date.now(), resource, code: 'VALID', uses: 1 });
    return key.id;
  });
}

function useOf(keyId: string): ActionRequest {
  return partOf(keyId, 'usage(from: "2026-01-01", to: "2026-01-31")', 'nodes { day }');
}

/** Reads a field of a key, if the key can be read at all. */
function partOf(keyId: string, field: string, selection: string): ActionRequest {
  return {
    query: `{ it: apiKey(id: "${keyId}") { part: ${field} { ${selection} } } }`,
    read: ({ it }) => it?.['part'],
  };
}

function freshResource({ program }: World, parent: ResourceEntity): Promise<string> {
  return program.given((tenancy) => tenancy.child(parent, 'Fresh').id);
}

function freshMembership({ program, customers }: World): Promise<string> {
  const user: User = { id: newId(), email: 'new@acme.example' };
  return program.given((tenancy) => tenancy.membership(customers.acme.organization, user, 'MEMBER').id);
}

async function freshEndpoint({ program, customers }: World): Promise<string> {
  const id = newId();
  const place = { organizationId: customers.acme.organization.id, url: 'https://hooks.acme.example' };
  await program.database.transaction((transaction) =>
    transaction.insert(WebhookEndpointEntity, [
      { id, ...place, signingSecret: 'whsec_', createdAt: Date.now() },
    ]),
  );
  return id;
}

/** An organization with the people of Acme, for whom it is as Acme is. */
function freshOrganization({ program }: World): Promise<string> {
  return program.given((tenancy) => {
    const organization = tenancy.organization('Fresh', newId());
    const account = tenancy.child(organization, 'Account');
    tenancy.membership(organization, PEOPLE.owner, 'OWNER');
    tenancy.membership(organization, PEOPLE.admin, 'ADMIN');
    tenancy.membership(organization, PEOPLE.member, 'MEMBER');
    tenancy.membership(organization, PEOPLE.narrowedAdmin, 'ADMIN', [account]);
    tenancy.membership(organization, PEOPLE.narrowedMember, 'MEMBER', [account]);
    return organization.id;
  });
}

function execute({ program }: World, sql: string, ...values: SqlValue[]): Promise<number> {
  return program.database.transaction((transaction) => transaction.execute(sql, values));
}

const createKey: MakeRequest = ({ customers }) =>
  mutation('createApiKey', {
    name: 'New',
    organizationId: customers.acme.organization.id,
    scope: { environmentIds: [customers.acme.checkoutStaging.id] },
  });

const inAcme = ({ customers }: World) => ({ organizationId: customers.acme.organization.id });

/**
 * The requests, by their name in the table of who may do what: that of an action of the catalogue, with a word more where
 * an action has several requests, or that of something which is not decided by role.
 */
export const REQUESTS: Readonly<Record<string, MakeRequest>> = {
  'policy:read': ofAcme('policy', 'id'),
  'policy:update': (world) => mutation('updateOrganizationPolicy', { ...inAcme(world), maxActiveKeys: 1000 }),
  'people:read': ofAcme('memberships', 'nodes { id }'),
  'people:read keys': ofAcme('keysBeyondTheirMaker', 'nodes { id }'),
  'people:change add': (world) =>
    mutation('addMembership', { ...inAcme(world), userId: newId(), role: 'MEMBER' }),
  'people:change change': async (world) =>
    mutation('changeMembership', { id: await freshMembership(world), role: 'ADMIN' }),
  'people:change remove': async (world) => mutation('removeMembership', { id: await freshMembership(world) }),
  'audit-events:read': ofAcme('auditEvents', 'nodes { id }'),
  'webhooks:change add': (world) => ({
    ...mutation('addWebhookEndpoint', { ...inAcme(world), url: 'https://hooks.acme.example/new' }),
    afterwards: () => execute(world, 'DELETE FROM webhook_endpoints'),
  }),
  'webhooks:change remove': async (world) =>
    mutation('removeWebhookEndpoint', { id: await freshEndpoint(world) }),
  'webhooks:change list': ofAcme('webhookEndpoints', 'nodes { id }'),
  'webhooks:change sent': ofAcme('webhookDeliveries', 'nodes { id }'),
  'api-keys:create': createKey,
  'api-keys:create-despite-policy': async (world) => {
    const { id } = world.customers.acme.organization;
    const policy = (keyMakers: string) =>
      world.program.graphql(
        world.asOwner,
        `mutation { updateOrganizationPolicy(input: { organizationId: "${id}", keyMakers: ${keyMakers} }) { userErrors { code } } }`,
      );
    await policy('ADMINS');
    return { ...(await createKey(world)), afterwards: () => policy('MEMBERS') };
  },
  'api-keys:follow': ({ customers }) => ({
    query: `subscription { it: apiKeyEvents(organizationId: "${customers.acme.organization.id}") { kind } }`,
    isSubscription: true,
    read: ({ it }) => it,
  }),
  'api-keys:import': (world) => {
    const scope = { environmentIds: [world.customers.acme.checkoutStaging.id] };
    const key = { name: 'Imported', scope, sha256: randomBytes(32).toString('hex') };
    return mutation('importApiKeys', { ...inAcme(world), keys: [key] });
  },
  'resources:change create': ({ customers }) =>
    mutation('createResource', { parentId: customers.acme.search.id, name: 'New' }),
  'resources:change rename': ({ customers }) =>
    mutation('renameResource', { id: customers.acme.search.id, name: 'Search' }),
  'resources:change move': async (world) => {
    const { checkout, search } = world.customers.acme;
    return mutation('moveResource', { id: await freshResource(world, checkout), parentId: search.id });
  },
  'resources:change delete': async (world) =>
    mutation('deleteResource', { id: await freshResource(world, world.customers.acme.search) }),
  'resources beyond': ({ customers }) =>
    mutation('renameResource', { id: customers.acme.ordering.id, name: 'Ordering' }),
  'organization:delete': async (world) => {
    const id = await freshOrganization(world);
    return {
      ...mutation('deleteResource', { id }),
      afterwards: () => execute(world, 'DELETE FROM resources WHERE id = ?', id),
    };
  },
  'organization create': (world) => ({
    ...mutation('createOrganization', { name: 'New', slug: 'new' }),
    afterwards: () => execute(world, "DELETE FROM resources WHERE slug = 'new'"),
  }),
  'resources sync': () => mutation('syncResources', { upserts: [], deletes: [newId()] }),

  'read viewer': () => ({ query: '{ it: viewer { id } }', read: ({ it }) => it }),
  'read organization': ({ customers }) => byId('organization', customers.acme.organization.id),
  'read account': ({ customers }) => byId('account', customers.acme.retail.id),
  'read account beyond': ({ customers }) => byId('account', customers.acme.wholesale.id),
  'read widget': ({ customers }) => byId('widget', customers.acme.checkout.id),
  'read environment': ({ customers }) => byId('environment', customers.acme.checkoutStaging.id),
  'read node': ({ customers }) => byId('node', customers.acme.retail.id),
  'list organizations': ({ customers }) => ({
    query: '{ it: organizations(first: 100) { nodes { id } } }',
    read: ({ it }) => it?.nodes?.find(({ id }) => id === customers.acme.organization.id),
  }),
  'list keys': ({ customers }) => ({
    query: '{ it: apiKeys(first: 100, orderBy: { field: CREATED_AT, direction: ASC }) { nodes { id } } }',
    read: ({ it }) => it?.nodes?.find(({ id }) => id === customers.acme.keys.widget.key.id),
  }),
  'read key': ({ customers }) => byId('apiKey', customers.acme.keys.widget.key.id),
  'read key record': ({ customers }) =>
    byId('apiKey', customers.acme.keys.widget.key.id, 'auditEvents { nodes { id } }'),
  'read key use': ({ customers }) => useOf(customers.acme.keys.widget.key.id),
  'read key advice': ({ customers }) => partOf(customers.acme.keys.widget.key.id, 'scopeAdvice', 'reason'),
  'read own key use': ({ customers }) => useOf(customers.acme.keys.whole.key.id),
  'read key beyond': ({ customers }) => byId('apiKey', customers.acme.keys.wholesale.key.id),
  'read own key': ({ customers }) => byId('apiKey', customers.acme.keys.whole.key.id),
  'explain key': ({ customers }) => explanation(customers, 'widget'),
  'explain own key': ({ customers }) => explanation(customers, 'whole'),
  'preview scope': ({ customers }) => preview(customers.acme.checkoutStaging.id),
  'preview scope beyond': ({ customers }) => preview(customers.acme.orderingProduction.id),
  'verify key': ({ customers }) =>
    mutation('verifyApiKey', { secretKey: customers.acme.keys.widget.secretKey }),
  'verify keys': ({ customers }) =>
    mutation('verifyApiKeys', { verifications: [{ secretKey: customers.acme.keys.widget.secretKey }] }),

  'key update': ofKey('updateApiKey', 'within', { version: 1, name: 'Renamed' }),
  'key disable': ofKey('disableApiKey', 'within', {}, 'SwitchApiKeyInput'),
  'key enable': ofKey('enableApiKey', 'within', {}, 'SwitchApiKeyInput'),
  'key rotate': ofKey('rotateApiKey', 'within'),
  'key end rotation': ofKey('endApiKeyRotation', 'within', {}, 'SwitchApiKeyInput'),
  'key apply advice': async (world) => mutation('applyScopeAdvice', { id: await usedKey(world), version: 1 }),
  'key revoke': ofKey('revokeApiKey', 'within'),
  'key revoke many': async (world) => mutation('revokeApiKeys', { ids: [await freshKey(world, 'within')] }),
  'key beyond update': ofKey('updateApiKey', 'beyond', { version: 1, name: 'Renamed' }),
  'key beyond rotate': ofKey('rotateApiKey', 'beyond'),
  'key beyond revoke': ofKey('revokeApiKey', 'beyond'),
  'key beyond revoke many': async (world) =>
    mutation('revokeApiKeys', { ids: [await freshKey(world, 'beyond')] }),
};
