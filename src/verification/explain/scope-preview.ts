import type { CheckedGrants } from '../../api-keys/changing/check-grants';
import { scopeWarnings } from '../../api-keys/changing/scope-warnings';
import { pathOf, type ResourceNode } from '../../resources/resource-node';
import { Scope, type Breadth } from '../../scopes';

/** How much of the tree is reached. */
export interface Reach {
  readonly accounts: number;
  readonly widgets: number;
  readonly environments: number;
}

export interface ScopePreview {
  readonly breadth: Breadth;
  readonly reach: Reach;
  /** What is reached by the grants of the widest level alone. */
  readonly addedByWidest: Reach;
  readonly warnings: readonly string[];
}

export const NOTHING: Reach = { accounts: 0, widgets: 0, environments: 0 };

/** What lies below granted resources, by their ids. Those below which nothing lies may be left out. */
export type CountsBelow = ReadonlyMap<string, Reach>;

export function previewOf({ scope, resources }: CheckedGrants, below: CountsBelow): ScopePreview {
  const { breadth } = scope;
  const reach = reachOf(resources, below);
  const narrower = reachOf(
    resources.filter(({ level }) => level !== breadth),
    below,
  );
  return { breadth, reach, addedByWidest: less(reach, narrower), warnings: scopeWarnings(resources) };
}

/**
 * What grants reach. Of grants that overlap only the topmost count: what lies below different ones of these is never the
 * same.
 */
function reachOf(granted: readonly ResourceNode[], below: CountsBelow): Reach {
  const scope = new Scope(granted);
  const topmost = granted.filter((resource) => !scope.covers(pathOf(resource).slice(1)));
  return topmost.reduce(
    (sum, { id, level }) => plus(plus(sum, ITSELF[level]), below.get(id) ?? NOTHING),
    NOTHING,
  );
}

const ITSELF: Readonly<Record<ResourceNode['level'], Reach>> = {
  ORGANIZATION: NOTHING,
  ACCOUNT: { ...NOTHING, accounts: 1 },
  WIDGET: { ...NOTHING, widgets: 1 },
  ENVIRONMENT: { ...NOTHING, environments: 1 },
};

function plus(one: Reach, other: Reach): Reach {
  return {
    accounts: one.accounts + other.accounts,
    widgets: one.widgets + other.widgets,
    environments: one.environments + other.environments,
  };
}

function less(one: Reach, other: Reach): Reach {
  return {
    accounts: one.accounts - other.accounts,
    widgets: one.widgets - other.widgets,
    environments: one.environments - other.environments,
  };
}
