import { pathOf, type ResourceNode } from '../../resources/resource-node';
import { Scope, type Level } from '../../scopes';

const WIDE: Partial<Record<Level, string>> = {
  ORGANIZATION:
    'It is VERY wide: it may touch everything in the organization, also what will be added later.',
  ACCOUNT:
    'It is wide: it may touch every widget and environment of an account, also those that will be added later.',
};

/** What the maker of a key should know of its scope, in words. None: the scope is as narrow as it can be told to be. */
export function scopeWarnings(resources: readonly ResourceNode[]): readonly string[] {
  if (resources.length === 0)
    return ['The scope has no grants: the key is valid for nothing until it gets some.'];
  const levels = new Set(resources.map(({ level }) => level));
  const wide = (['ORGANIZATION', 'ACCOUNT'] as const).filter((level) => levels.has(level));
  return [
    ...wide.map((level) => `The scope grants the ${level.toLowerCase()} as a whole. ${WIDE[level] ?? ''}`),
    ...redundant(resources),
  ];
}

/** How many grants that add nothing are told one by one: there can be thousands of them. */
const MAX_REDUNDANT = 20;

function redundant(resources: readonly ResourceNode[]): readonly string[] {
  const scope = new Scope(resources);
  const warnings = resources.flatMap((resource) => {
    const [, ...ancestors] = pathOf(resource);
    const [wider] = scope.grantsReaching(ancestors);
    if (wider === undefined) return [];
    return [
      `The ${resource.level.toLowerCase()} ${resource.id} is covered by the ${wider.level.toLowerCase()} ${wider.id} already: its grant adds nothing.`,
    ];
  });
  const others = warnings.length - MAX_REDUNDANT;
  if (others <= 0) return warnings;
  return [
    ...warnings.slice(0, MAX_REDUNDANT),
    `${others} more grants are covered by wider ones, and add nothing either.`,
  ];
}
