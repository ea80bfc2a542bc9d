import type { SecretKeys } from '../../src/api-keys/secrets/secret-key';
import type { Database } from '../../src/database/database';
import { Tenancy, type User } from '../../src/demo/tenancy';
import type { ResourceEntity } from '../../src/resources/resource-entity';
import { progress } from '../progress';
import type { World } from '../world';

/** How many keys the organization has that has many. */
export const MANY_KEYS = 20_000;

/** How many of them two of its members made. */
export const KEYS_OF_MEMBER = { few: 10, many: 10_000 };

/** How many environments two keys of the other organization have. */
const ENVIRONMENTS = { few: 10, many: 5000 };

const MINUTE_MS = 60_000;
const CHUNK_ROWS = 10_000;

/** A key with environments, and a secret key that opens it. */
export interface KeyOfEnvironments {
  readonly id: string;
  readonly secretKey: string;
  readonly environmentIds: readonly string[];
}

/** Two organizations that have much of one thing each. */
export interface LargeTenants {
  readonly world: World;
  /** Reads all of `MANY_KEYS`. */
  readonly owner: string;
  /** Members of the same organization, who read what they made. */
  readonly members: { readonly few: string; readonly many: string };
  readonly environmentsOwner: string;
  readonly keys: { readonly few: KeyOfEnvironments; readonly many: KeyOfEnvironments };
}

/** Makes them on the server of a world, in a database of their own. */
export async function addLargeTenants(beside: World): Promise<LargeTenants> {
  const { world, filled } = await beside.filledBeside('large_tenants', async (database, secretKeys) => {
    await addManyKeys(database);
    return addManyEnvironments(database, secretKeys);
  });
  return {
    world,
    owner: await world.user(OWNER.id),
    members: { few: await world.user(FEW.id), many: await world.user(MANY.id) },
    environmentsOwner: await world.user(ENVIRONMENTS_OWNER.id),
    keys: filled,
  };
}

const OWNER = user('owner@many-keys.example');
const FEW = user('few@many-keys.example');
const MANY = user('many@many-keys.example');
const ENVIRONMENTS_OWNER = user('owner@many-environments.example');

function user(id: string): User {
  return { id, email: id };
}

/** All keys grant two environments of one widget, so that pages of them differ by nothing but their place. */
async function addManyKeys(database: Database): Promise<void> {
  const now = Date.now();
  const tenancy = new Tenancy(now - MANY_KEYS * MINUTE_MS);
  const { organization, widgets } = addTree(tenancy, 'many-keys', {
    accounts: 5,
    widgets: 4,
    environments: 3,
  });
  tenancy.membership(organization, OWNER, 'OWNER');
  tenancy.membership(organization, FEW, 'MEMBER');
  tenancy.membership(organization, MANY, 'MEMBER');
  for (let index = 0; index < MANY_KEYS; index++) {
    const environments = widgets[index % widgets.length] ?? [];
    tenancy.apiKey({
      organization,
      name: `Key ${index + 1}`,
      creator: creatorOf(index),
      createdAt: now - index * MINUTE_MS,
      grants: environments.slice(0, 2),
    });
    if (tenancy.size < CHUNK_ROWS) continue;
    progress(`Seeding organizations with much of one thing: ${index} of ${MANY_KEYS} keys`);
    await write(database, tenancy);
  }
  await write(database, tenancy);
}

/** The keys of a member lie between those of the others, from the newest to the oldest. */
function creatorOf(index: number): User {
  if (index % (MANY_KEYS / KEYS_OF_MEMBER.many) === 0) return MANY;
  return index % (MANY_KEYS / KEYS_OF_MEMBER.few) === 1 ? FEW : OWNER;
}

async function addManyEnvironments(
  database: Database,
  secretKeys: SecretKeys,
): Promise<LargeTenants['keys']> {
  const tenancy = new Tenancy(Date.now());
  const tree = { accounts: 5, widgets: 20, environments: 50 };
  const { organization, widgets } = addTree(tenancy, 'many-environments', tree);
  tenancy.membership(organization, ENVIRONMENTS_OWNER, 'OWNER');
  const addKey = (count: number): KeyOfEnvironments => {
    const grants = widgets.flat().slice(0, count);
    const { secretKey, stored } = secretKeys.generate();
    const name = `${count} environments`;
    const { id } = tenancy.apiKey({
      organization,
      name,
      creator: ENVIRONMENTS_OWNER,
      grants,
      secret: stored,
    });
    return { id, secretKey, environmentIds: grants.map((grant) => grant.id) };
  };
  const keys = { few: addKey(ENVIRONMENTS.few), many: addKey(ENVIRONMENTS.many) };
  await write(database, tenancy);
  return keys;
}

async function write(database: Database, tenancy: Tenancy): Promise<void> {
  await database.transaction((transaction) => tenancy.write(transaction));
  tenancy.clear();
}

/** @returns the environments of each widget */
function addTree(
  tenancy: Tenancy,
  slug: string,
  counts: { readonly accounts: number; readonly widgets: number; readonly environments: number },
): { organization: ResourceEntity; widgets: ResourceEntity[][] } {
  const organization = tenancy.organization(slug, slug);
  const children = (parent: ResourceEntity, name: string, count: number) =>
    Array.from({ length: count }, (_, index) => tenancy.child(parent, `${name} ${index + 1}`));
  const widgets = children(organization, 'Account', counts.accounts)
    .flatMap((account) => children(account, 'Widget', counts.widgets))
    .map((widget) => children(widget, 'Environment', counts.environments));
  return { organization, widgets };
}
