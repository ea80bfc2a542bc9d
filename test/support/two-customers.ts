import type { ApiKeyEntity } from '../../src/api-keys/api-key-entity';
import type { SecretKeys } from '../../src/api-keys/secrets/secret-key';
import type { KeyDescription, Tenancy, User } from '../../src/demo/tenancy';
import type { ResourceEntity } from '../../src/resources/resource-entity';

const user = (email: string): User => ({ id: email, email });

/** People of every role. */
export const PEOPLE = {
  owner: user('owner@acme.example'),
  admin: user('admin@acme.example'),
  member: user('member@acme.example'),
  /** A member whose membership is narrowed to the account Retail. */
  narrowedMember: user('narrowed-member@acme.example'),
  /** An admin whose membership is narrowed to the account Retail. */
  narrowedAdmin: user('narrowed-admin@acme.example'),
  /** The owner of the other customer. */
  outsider: user('owner@globex.example'),
  /** A member of Acme and an admin of Globex. */
  both: user('consultant@partner.example'),
  /** Someone with a good token and no membership. */
  nobody: user('nobody@nowhere.example'),
} as const;

export type Person = keyof typeof PEOPLE;

/** A key with the secret that opens it. */
export interface KeyWithSecret {
  readonly key: ApiKeyEntity;
  readonly secretKey: string;
}

export type TwoCustomers = ReturnType<typeof twoCustomers>;

/** An instant that lies in the past of every test, from which the ages of keys are told. */
const THEN = Date.UTC(2024, 0, 1);
const HOUR_MS = 60 * 60 * 1000;

/** Two customers with full trees and people of every role, and keys of every breadth and status. */
export function twoCustomers(tenancy: Tenancy, secretKeys: SecretKeys) {
  const acme = acmeTree(tenancy);
  const globex = globexTree(tenancy);
  const { organization, retail } = acme;
  tenancy.membership(organization, PEOPLE.owner, 'OWNER');
  tenancy.membership(organization, PEOPLE.admin, 'ADMIN');
  tenancy.membership(organization, PEOPLE.member, 'MEMBER');
  tenancy.membership(organization, PEOPLE.narrowedMember, 'MEMBER', [retail]);
  tenancy.membership(organization, PEOPLE.narrowedAdmin, 'ADMIN', [retail]);
  tenancy.membership(organization, PEOPLE.both, 'MEMBER');
  tenancy.membership(globex.organization, PEOPLE.outsider, 'OWNER');
  tenancy.membership(globex.organization, PEOPLE.both, 'ADMIN');
  const add = keyMaker(tenancy, secretKeys);
  return {
    acme: { ...acme, keys: acmeKeys(acme, add) },
    globex: { ...globex, keys: globexKeys(globex, add) },
  };
}

function acmeTree(tenancy: Tenancy) {
  const organization = tenancy.organization('Acme', 'acme');
  const retail = tenancy.child(organization, 'Retail');
  const wholesale = tenancy.child(organization, 'Wholesale');
  const checkout = tenancy.child(retail, 'Checkout');
  const search = tenancy.child(retail, 'Search');
  const ordering = tenancy.child(wholesale, 'Ordering');
  return {
    organization,
    retail,
    wholesale,
    checkout,
    search,
    ordering,
    checkoutProduction: tenancy.child(checkout, 'Checkout production'),
    checkoutStaging: tenancy.child(checkout, 'Checkout staging'),
    searchProduction: tenancy.child(search, 'Search production'),
    orderingProduction: tenancy.child(ordering, 'Ordering production'),
  };
}

function globexTree(tenancy: Tenancy) {
  const organization = tenancy.organization('Globex', 'globex');
  const energy = tenancy.child(organization, 'Energy');
  const grid = tenancy.child(energy, 'Grid');
  return { organization, energy, grid, gridProduction: tenancy.child(grid, 'Grid production') };
}

type Add = (description: KeyDescription) => KeyWithSecret;

/** Keys in the order of their age, the oldest first. */
function keyMaker(tenancy: Tenancy, secretKeys: SecretKeys): Add {
  let age = 0;
  return (description) => {
    const { secretKey, stored } = secretKeys.generate();
    const createdAt = THEN + age++ * HOUR_MS;
    return { key: tenancy.apiKey({ createdAt, secret: stored, ...description }), secretKey };
  };
}

function acmeKeys(acme: ReturnType<typeof acmeTree>, add: Add) {
  const { organization, checkoutStaging } = acme;
  const key = (name: string, creator: User, grants: readonly ResourceEntity[], more = {}) =>
    add({ organization, name, creator, grants, ...more });
  return {
    whole: key('Whole organization', PEOPLE.owner, [organization]),
    account: key('Retail account', PEOPLE.admin, [acme.retail]),
    widget: key('Checkout widget', PEOPLE.member, [acme.checkout]),
    environment: key('Checkout production only', PEOPLE.narrowedMember, [acme.checkoutProduction], {
      expiresAt: Date.now() + 24 * HOUR_MS,
    }),
    mixed: key('Search and ordering', PEOPLE.member, [acme.search, acme.ordering, acme.orderingProduction]),
    wholesale: key('Ordering production only', PEOPLE.both, [acme.orderingProduction]),
    none: key('Without grants', PEOPLE.owner, []),
    disabled: key('Disabled', PEOPLE.admin, [checkoutStaging], { disabledAt: THEN }),
    expired: key('Expired', PEOPLE.member, [checkoutStaging], { expiresAt: THEN }),
    revoked: key('Revoked', PEOPLE.member, [acme.retail], { revokedAt: THEN, expiresAt: THEN }),
  };
}

function globexKeys(globex: ReturnType<typeof globexTree>, add: Add) {
  const { organization } = globex;
  return {
    whole: add({
      organization,
      name: 'Whole Globex',
      creator: PEOPLE.outsider,
      grants: [organization],
    }),
    environment: add({
      organization,
      name: 'Grid key',
      creator: PEOPLE.both,
      grants: [globex.gridProduction],
    }),
  };
}
