import type { SecretKeys, StoredSecret } from '../api-keys/secrets/secret-key';
import type { Database } from '../database/database';
import { addUsage } from './demo-usage';
import { Tenancy, type User } from './tenancy';

const user = (email: string): User => ({ id: email, email });

/** The people of the demo, by what they show. Their tokens name them by their addresses. */
export const DEMO_USERS = {
  owner: user('owner@acme.example'),
  admin: user('admin@acme.example'),
  member: user('member@acme.example'),
  outsider: user('outsider@globex.example'),
} as const;

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Loads a small platform with two customers, if the database is empty.
 *
 * @returns a secret key of the demo, which can be shown only now; null when the database was not empty
 */
export async function loadDemo(
  database: Database,
  secretKeys: SecretKeys,
  now: number,
): Promise<string | null> {
  const [existing] = await database.rows('SELECT 1 FROM resources LIMIT 1');
  if (existing !== undefined) return null;
  const tenancy = new Tenancy(now - 30 * DAY_MS);
  const secretKey = addAcme(tenancy, secretKeys, now);
  addGlobex(tenancy);
  await database.transaction((transaction) => tenancy.write(transaction));
  return secretKey;
}

/** A customer with keys of every breadth and status. Its member sees less than its admin. */
function addAcme(tenancy: Tenancy, secretKeys: SecretKeys, now: number): string {
  const resources = addAcmeResources(tenancy);
  tenancy.membership(resources.organization, DEMO_USERS.owner, 'OWNER');
  tenancy.membership(resources.organization, DEMO_USERS.admin, 'ADMIN');
  tenancy.membership(resources.organization, DEMO_USERS.member, 'MEMBER', [resources.retail]);
  const { secretKey, stored } = secretKeys.generate();
  addUsage(tenancy, workOf(addActiveKeys(tenancy, resources, stored, now), resources), now);
  addInactiveKeys(tenancy, resources, now);
  return secretKey;
}

type AcmeResources = ReturnType<typeof addAcmeResources>;

function addAcmeResources(tenancy: Tenancy) {
  const organization = tenancy.organization('Acme', 'acme');
  const retail = tenancy.child(organization, 'Retail');
  const wholesale = tenancy.child(organization, 'Wholesale');
  const checkout = tenancy.child(retail, 'Checkout');
  const search = tenancy.child(retail, 'Search');
  const ordering = tenancy.child(wholesale, 'Ordering');
  const production = tenancy.child(checkout, 'Production');
  const staging = tenancy.child(checkout, 'Staging');
  const searchProduction = tenancy.child(search, 'Production');
  const orderingProduction = tenancy.child(ordering, 'Production');
  return {
    organization,
    retail,
    wholesale,
    checkout,
    search,
    ordering,
    production,
    staging,
    searchProduction,
    orderingProduction,
  };
}

function addActiveKeys(tenancy: Tenancy, resources: AcmeResources, secret: StoredSecret, now: number) {
  const { organization, wholesale, search, ordering, production, staging } = resources;
  const { searchProduction, orderingProduction } = resources;
  const at = (daysAgo: number) => ({ createdAt: now - daysAgo * DAY_MS });
  const by = (creator: User) => ({ organization, creator });
  const warehouse = tenancy.apiKey({
    ...by(DEMO_USERS.owner),
    ...at(29),
    name: 'Data warehouse export',
    grants: [organization],
  });
  tenancy.apiKey({ ...by(DEMO_USERS.admin), ...at(21), name: 'Wholesale reports', grants: [wholesale] });
  const team = tenancy.apiKey({
    ...by(DEMO_USERS.admin),
    ...at(14),
    name: 'Ordering and search',
    description: 'For the team that runs both widgets.',
    grants: [search, ordering, orderingProduction],
  });
  tenancy.apiKey({ ...by(DEMO_USERS.member), ...at(7), name: 'Checkout staging', grants: [staging] });
  const storefront = tenancy.apiKey({
    ...by(DEMO_USERS.member),
    ...at(3),
    name: 'Checkout production',
    description: 'Used by the storefront.',
    grants: [production, searchProduction],
    expiresAt: now + 60 * DAY_MS,
    secret,
  });
  tenancy.apiKey({ ...by(DEMO_USERS.owner), ...at(1), name: 'Not scoped yet', grants: [] });
  return { warehouse, team, storefront };
}

/** One key is tried where it may not go, and two may go further than they do. */
function workOf({ warehouse, team, storefront }: ReturnType<typeof addActiveKeys>, resources: AcmeResources) {
  const { production, staging, searchProduction, orderingProduction } = resources;
  return [
    { key: warehouse, resource: production, uses: 24 },
    { key: warehouse, resource: orderingProduction, uses: 24 },
    { key: team, resource: searchProduction, uses: 310 },
    { key: team, resource: orderingProduction, uses: 120 },
    { key: storefront, resource: production, uses: 5200 },
    { key: storefront, resource: searchProduction, uses: 1900 },
    { key: storefront, resource: staging, uses: 3, code: 'OUT_OF_SCOPE' as const },
  ];
}

function addInactiveKeys(tenancy: Tenancy, resources: AcmeResources, now: number): void {
  const { organization, retail, checkout, staging } = resources;
  const at = (daysAgo: number) => ({ createdAt: now - daysAgo * DAY_MS });
  const by = (creator: User) => ({ organization, creator });
  tenancy.apiKey({
    ...by(DEMO_USERS.member),
    ...at(20),
    name: 'Old trial',
    grants: [staging],
    expiresAt: now - DAY_MS,
  });
  tenancy.apiKey({
    ...by(DEMO_USERS.owner),
    ...at(19),
    name: 'Paused import',
    grants: [checkout],
    disabledAt: now - DAY_MS,
  });
  tenancy.apiKey({
    ...by(DEMO_USERS.owner),
    ...at(18),
    name: 'Leaked in March',
    grants: [retail],
    revokedAt: now - DAY_MS,
  });
}

/** Another customer, whose keys nobody at Acme may see. */
function addGlobex(tenancy: Tenancy): void {
  const organization = tenancy.organization('Globex', 'globex');
  const energy = tenancy.child(organization, 'Energy');
  const grid = tenancy.child(energy, 'Grid');
  const production = tenancy.child(grid, 'Production');
  tenancy.membership(organization, DEMO_USERS.outsider, 'OWNER');
  const creator = DEMO_USERS.outsider;
  tenancy.apiKey({ organization, creator, name: 'Grid production', grants: [production] });
  tenancy.apiKey({ organization, creator, name: 'Energy backups', grants: [energy] });
}
