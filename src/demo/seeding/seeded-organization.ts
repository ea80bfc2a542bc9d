import type { Role } from '../../auth/principal';
import type { ResourceEntity } from '../../resources/resource-entity';
import type { Tenancy, User } from '../tenancy';
import type { Random } from './random';
import type { SeedPlan } from './seed-plan';
import {
  ACCOUNT_NAMES,
  ENVIRONMENT_NAMES,
  ORGANIZATION_FIRST_WORDS,
  ORGANIZATION_LAST_WORDS,
  WIDGET_NAMES,
} from './seed-words';

export interface SeededWidget {
  readonly resource: ResourceEntity;
  readonly environments: readonly ResourceEntity[];
}

export interface SeededAccount {
  readonly resource: ResourceEntity;
  readonly widgets: readonly SeededWidget[];
}

export interface Person {
  readonly user: User;
  readonly role: Role;
  /** The account that the membership is narrowed to; null when it reaches the whole organization. */
  readonly narrowedTo: SeededAccount | null;
}

/** What is remembered of an organization while its keys are made. */
export interface SeededOrganization {
  readonly resource: ResourceEntity;
  readonly accounts: readonly SeededAccount[];
  readonly people: readonly Person[];
}

/** How the slugs of seeded organizations begin; a number follows. */
export const SLUG_PREFIX = 'organization-';

const MEMBERS = 20;
const NARROWED_MEMBERS = 0.3;

export const PEOPLE_OF_ORGANIZATION = MEMBERS + 2;

/** Adds an organization with its tree and its people, all named after its number. */
export function addOrganization(
  tenancy: Tenancy,
  random: Random,
  plan: SeedPlan,
  number: number,
): SeededOrganization {
  const name = `${random.pick(ORGANIZATION_FIRST_WORDS)} ${random.pick(ORGANIZATION_LAST_WORDS)}`;
  const resource = tenancy.organization(name, `${SLUG_PREFIX}${number}`);
  const accounts = namesFrom(ACCOUNT_NAMES, plan.accounts, random).map((accountName) =>
    addAccount(tenancy, random, plan, tenancy.child(resource, accountName)),
  );
  return { resource, accounts, people: addPeople(tenancy, random, resource, accounts) };
}

function addAccount(
  tenancy: Tenancy,
  random: Random,
  plan: SeedPlan,
  resource: ResourceEntity,
): SeededAccount {
  const widgets = namesFrom(WIDGET_NAMES, plan.widgets, random).map((name) => {
    const widget = tenancy.child(resource, name);
    const environments = Array.from({ length: plan.environments }, (_, index) =>
      tenancy.child(widget, ENVIRONMENT_NAMES[index] ?? `Preview ${index + 1}`),
    );
    return { resource: widget, environments };
  });
  return { resource, widgets };
}

function addPeople(
  tenancy: Tenancy,
  random: Random,
  organization: ResourceEntity,
  accounts: readonly SeededAccount[],
): Person[] {
  const add = (name: string, role: Role, narrowedTo: SeededAccount | null): Person => {
    const address = `${name}@${organization.slug}.example`;
    const user = { id: address, email: address };
    tenancy.membership(organization, user, role, narrowedTo && [narrowedTo.resource]);
    return { user, role, narrowedTo };
  };
  const members = Array.from({ length: MEMBERS }, (_, index) =>
    add(`user-${index + 1}`, 'MEMBER', random.chance(NARROWED_MEMBERS) ? random.pick(accounts) : null),
  );
  return [add('owner', 'OWNER', null), add('admin', 'ADMIN', null), ...members];
}

/** As many names as are wanted: from a random place in the list on, and numbered when the list is through. */
function namesFrom(names: readonly string[], count: number, random: Random): string[] {
  const first = random.between(0, names.length - 1);
  return Array.from({ length: count }, (_, index) => {
    const round = Math.floor(index / names.length);
    const name = names[(first + index) % names.length] ?? '';
    return round === 0 ? name : `${name} ${round + 1}`;
  });
}
